import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { caseless, roleName } from '../domain/account.ts';
import { calendarDay, contractTime } from '../domain/calendar.ts';
import type { DumpFile, Finding } from '../domain/run.ts';
import type { DumpSource, PersonRow, RoleRow } from '../domain/dump-row.ts';
import { distinctRows, personCells, roleCells } from './columns.ts';
import type { FileFormat, Row } from './file-format.ts';
import { fileWriter } from './file-writer.ts';

/** How and where the dump is written; plain values, because they travel to a worker thread. */
export interface DumpOrder {
  /** An existing folder of this run's own. */
  folder: string;
  persons: FileFormat;
  roles: FileFormat;
  endedContracts: 'report' | 'drop';
  notStartedContracts: 'report' | 'drop';
  /** Today's calendar day in the schedule's time zone. */
  today: string;
  timeZone: string;
}

export interface Dump {
  /** Persons, then roles. */
  files: [DumpFile, DumpFile];
  findings: Finding[];
  /** Usernames that stand on more than one row: the last defence, a reason to block. */
  duplicates: number;
}

/** Which account each row of the persons file is, a line each: internal id, username, whether it goes out under that name for the first time. */
export const accountsFileName = '.accounts.jsonl';

// Beyond this a list tells nobody anything; the count still does.
const mostFindings = 1000;

/** Writes both files from one snapshot of the database. */
export function writeDump(order: DumpOrder, { persons, rolesOf }: DumpSource): Dump {
  const personsFile = fileWriter(order.folder, order.persons);
  const rolesFile = fileWriter(order.folder, order.roles);
  const accounts = accountLines(order.folder);
  const cells = personCells(order.persons);
  const findings: Finding[] = [];
  const roleRows = roleRowsOf(order, findings);
  const keptNames = new Set<string>(); // only a kept old name can meet another row's: wanted ones are unique by an index
  let duplicates = 0;
  for (const person of persons) {
    if (person.username !== person.wanted) {
      const key = caseless(person.username);
      if (keptNames.has(key)) duplicates += 1;
      keptNames.add(key);
    }
    personsFile.add(cells(person));
    accounts.add(person);
    for (const row of roleRows(person, rolesOf(person.id))) rolesFile.add(row);
  }
  accounts.finish();
  return { files: [personsFile.finish(), rolesFile.finish()], findings, duplicates };
}

/** A person's role rows: dated, complete, distinct and in order; what is left out or odd becomes a finding. */
function roleRowsOf(order: DumpOrder, findings: Finding[]): (person: PersonRow, roles: RoleRow[]) => Row[] {
  const cellsOf = roleCells(order.roles, order.timeZone);
  const report = (code: string, { reference }: PersonRow, message: string) => {
    if (findings.length < mostFindings) findings.push({ code, reference, message });
  };
  return (person, roles) => {
    const rows: { role: RoleRow; cells: Row }[] = [];
    for (const role of roles) {
      const time = contractTime(
        calendarDay(role.startDate, order.timeZone),
        calendarDay(role.endDate, order.timeZone),
        order.today,
      );
      if (time === 'ended')
        report('ended-contract', person, `The contract of role [${roleName(role)}] ended on ${role.endDate ?? ''}`);
      if (time === 'ended' && order.endedContracts === 'drop') continue;
      if (time === 'not-started')
        report(
          'contract-not-started',
          person,
          `The contract of role [${roleName(role)}] starts on ${role.startDate ?? ''}`,
        );
      if (time === 'not-started' && order.notStartedContracts === 'drop') continue;
      const cells = cellsOf(role, person);
      if (cells) rows.push({ role, cells });
      else
        report(
          'incomplete-role',
          person,
          `Role [${roleName(role)}] is left out: a value that the roles file needs is empty`,
        );
    }
    return distinctRows(rows);
  };
}

function accountLines(folder: string): { add(person: PersonRow): void; finish(): void } {
  const descriptor = openSync(join(folder, accountsFileName), 'w', 0o600);
  let text = '';
  const flush = () => {
    writeSync(descriptor, text);
    text = '';
  };
  return {
    add: ({ id, username, delivered }) => {
      text += `${JSON.stringify([id, username, username !== delivered])}\n`;
      if (text.length > 65_536) flush();
    },
    finish: () => {
      flush();
      closeSync(descriptor);
    },
  };
}
