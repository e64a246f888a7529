import { roleName } from '../domain/account.ts';
import { calendarDay, contractTime } from '../domain/calendar.ts';
import type { PersonRow, RoleRow } from '../domain/dump-row.ts';
import type { Mapping } from '../domain/tables.ts';
import { distinctRows, roleCells } from './columns.ts';
import type { Row } from './file-format.ts';
import type { FindingList } from './findings.ts';
import type { DumpOrder } from './write-dump.ts';

type RolesOf = (person: PersonRow, roles: RoleRow[]) => RoleRow[];

export interface RoleRows {
  rows: Row[];
  /** How many of them only `also.roles` gives. */
  also: number;
}

/** A person's role rows: dated, mapped, complete, distinct and in order; what is left out or odd becomes a finding. */
export function roleRowsOf(order: DumpOrder, findings: FindingList): (person: PersonRow, roles: RoleRow[]) => RoleRows {
  const cellsOf = roleCells(order.roles, order.timeZone);
  const inTime = rolesInTime(order, findings);
  const leftOver = findLeftOver(order, findings);
  const mapped = mappedRoles(order, findings);
  return (person, roles) => {
    const rows: { role: RoleRow; cells: Row }[] = [];
    for (const role of mapped(person, leftOver(person, inTime(person, roles)))) {
      const cells = cellsOf(role, person);
      if (cells) rows.push({ role, cells });
      else
        findings.add(
          'incomplete-role',
          person,
          `Role [${roleName(role)}] is left out: a value that the roles file needs is empty`,
        );
    }
    const distinct = distinctRows(rows); // of equal rows HelloID's is the first
    const also = new Set(rows.filter(({ role }) => role.owner === 'also').map(({ cells }) => cells));
    return { rows: distinct, also: also.size === 0 ? 0 : distinct.filter((cells) => also.has(cells)).length };
  };
}

/** The roles that belong in the file today, by the days of their contracts. */
function rolesInTime(order: DumpOrder, findings: FindingList): RolesOf {
  const { timeZone, today, endedContracts, notStartedContracts } = order;
  return (person, roles) =>
    roles.filter((role) => {
      const [start, end] = [calendarDay(role.startDate, timeZone), calendarDay(role.endDate, timeZone)];
      const time = contractTime(start, end, today);
      if (time === 'current') return true;
      if (time === 'ended')
        findings.add('ended-contract', person, `The contract of role [${roleName(role)}] ended on ${end ?? ''}`);
      else
        findings.add(
          'contract-not-started',
          person,
          `The contract of role [${roleName(role)}] starts on ${start ?? ''}`,
        );
      return (time === 'ended' ? endedContracts : notStartedContracts) === 'report';
    });
}

/** Tells of roles that nobody gives any more, and lets them go out. */
function findLeftOver({ assignedBy, catalogue }: DumpOrder, findings: FindingList): RolesOf {
  const former = assignedBy === 'account' ? 'permissions' : 'account';
  return (person, roles) => {
    for (const role of roles) {
      if (role.owner === former)
        findings.add(
          'role-of-former-mode',
          person,
          `Role [${roleName(role)}] is not of roles.assignedBy "${assignedBy}" and goes out until HelloID sends this person's contracts that way, or revokes it`,
        );
      if (role.owner === 'catalogue' && catalogue && !catalogue.has(role.permission))
        findings.add(
          'role-not-in-catalogue',
          person,
          `Role [${roleName(role)}] was granted as [${role.permission}], which is not in roles.catalogue any more; it goes out until HelloID revokes it`,
        );
    }
    return roles;
  };
}

/** Roles with the values registered in Spend Cloud; those from the catalogue and from `also.roles` have them already. */
function mappedRoles({ tables: { units, profiles }, unmapped }: DumpOrder, findings: FindingList): RolesOf {
  if (!units && !profiles) return (_person, roles) => roles;
  return (person, roles) =>
    roles.flatMap((role) => {
      if (role.owner === 'catalogue' || role.owner === 'also') return [role];
      const unit = lookUp(units, role.unitCode ?? role.unit);
      const profile = lookUp(profiles, role.profileCode ?? role.profile);
      const missing = [
        ...(unit === undefined ? ['unit' as const] : []),
        ...(profile === undefined ? ['profile' as const] : []),
      ];
      for (const what of unmapped === 'pass' ? [] : missing) {
        const then = unmapped === 'omit' ? 'it is left out' : "HelloID's value goes out";
        findings.add(
          `unmapped-${what}`,
          person,
          `The ${what} of role [${roleName(role)}] is not in roles.${what}Table; ${then}`,
        );
      }
      if (missing.length > 0 && unmapped === 'omit') return [];
      return [{ ...role, ...(unit && { unit, unitCode: unit }), ...(profile && { profile, profileCode: profile }) }];
    });
}

/** The registered value; null where nothing is mapped, undefined for a code that the table does not know. */
function lookUp(mapping: Mapping, code: string | null): string | null | undefined {
  return mapping ? mapping.get(code ?? '') : null;
}
