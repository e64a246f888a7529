import { roleName } from '../domain/account.ts';
import { calendarDay, contractTime } from '../domain/calendar.ts';
import type { PersonRow, RoleRow } from '../domain/dump-row.ts';
import { distinctRows, roleCells } from './columns.ts';
import type { Row } from './file-format.ts';
import type { FindingList } from './findings.ts';
import type { DumpOrder } from './write-dump.ts';

/** A person's role rows: dated, complete, distinct and in order; what is left out or odd becomes a finding. */
export function roleRowsOf(order: DumpOrder, findings: FindingList): (person: PersonRow, roles: RoleRow[]) => Row[] {
  const cellsOf = roleCells(order.roles, order.timeZone);
  const belongs = roleTime(order, findings);
  return (person, roles) => {
    const rows: { role: RoleRow; cells: Row }[] = [];
    for (const role of roles) {
      if (!belongs(person, role)) continue;
      const cells = cellsOf(role, person);
      if (cells) rows.push({ role, cells });
      else
        findings.add(
          'incomplete-role',
          person,
          `Role [${roleName(role)}] is left out: a value that the roles file needs is empty`,
        );
    }
    return distinctRows(rows);
  };
}

/** Whether a role belongs in the file today, by the days of its contract. */
function roleTime(order: DumpOrder, findings: FindingList): (person: PersonRow, role: RoleRow) => boolean {
  const { timeZone, today, endedContracts, notStartedContracts } = order;
  return (person, role) => {
    const [start, end] = [calendarDay(role.startDate, timeZone), calendarDay(role.endDate, timeZone)];
    const time = contractTime(start, end, today);
    if (time === 'current') return true;
    if (time === 'ended')
      findings.add('ended-contract', person, `The contract of role [${roleName(role)}] ended on ${end ?? ''}`);
    else
      findings.add('contract-not-started', person, `The contract of role [${roleName(role)}] starts on ${start ?? ''}`);
    return (time === 'ended' ? endedContracts : notStartedContracts) === 'report';
  };
}
