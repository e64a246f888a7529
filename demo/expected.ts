import { emailOf, lastNameOf, type Person } from './organisation.ts';
import type { Employee, PersonsReport, Role, RolesReport, SpendCloud } from './spend-cloud.ts';

/** Who may log in, by personnel number, with the username that Spend Cloud knows: a marriage does not change that. */
export type Entitled = ReadonlyMap<string, { person: Person; username: string }>;

/** What Spend Cloud must know, worked out from HelloID's people alone: nothing of it went through the connector. */
export interface Expected {
  employees: Employee[];
  roles: Role[];
}

export function expectedOf(entitled: Entitled): Expected {
  const holders = [...entitled.values()];
  return {
    employees: holders.map(({ person, username }) => employeeOf(person, username)),
    roles: holders.flatMap(({ person, username }) => rolesOf(person, username)),
  };
}

/** In what Spend Cloud differs from what is expected, a line each; none when it is right. */
export function differences({ employees, roles }: Expected, found: SpendCloud): string[] {
  const active = [...found.employees.values()].filter((employee) => employee.active);
  return compare(
    [...employees.map(employeeLine), ...roles.map(roleLine)],
    [...active.map(employeeLine), ...found.roles.map(roleLine)],
  );
}

/** In what an import did anything else than lead from one expected state to the next. `known`: usernames it ever had. */
export function wrongChanges(
  [before, after]: [Expected, Expected],
  known: Pick<ReadonlySet<string>, 'has'>,
  { persons, roles }: { persons: PersonsReport; roles: RolesReport },
): string[] {
  const old = new Map(before.employees.map((employee) => [employee.username, employeeLine(employee)]));
  const current = new Map(after.employees.map((employee) => [employee.username, employeeLine(employee)]));
  const oldRoles = new Set(before.roles.map(roleLine));
  const currentRoles = new Set(after.roles.map(roleLine));

  const expected = [
    ...[...current]
      .filter(([username]) => !old.has(username))
      .map(([username]) => `${known.has(username) ? 'reactivated' : 'added'} ${username}`),
    ...[...current]
      .filter(([username, line]) => old.has(username) && old.get(username) !== line)
      .map(([username]) => `changed ${username}`),
    ...[...old.keys()].filter((username) => !current.has(username)).map((username) => `deactivated ${username}`),
    ...[...currentRoles].filter((line) => !oldRoles.has(line)).map((line) => `added ${line}`),
    ...[...oldRoles].filter((line) => !currentRoles.has(line)).map((line) => `removed ${line}`),
  ];
  const reported = [
    ...[...persons.errors, ...roles.errors].map(({ row, reason }) => `refused row ${row}: ${reason}`),
    ...(['added', 'changed', 'reactivated', 'deactivated'] as const).flatMap((what) =>
      persons[what].map((username) => `${what} ${username}`),
    ),
    ...(['added', 'removed'] as const).flatMap((what) => roles[what].map((role) => `${what} ${roleLine(role)}`)),
  ];
  return compare(expected, reported);
}

function compare(expected: string[], found: string[]): string[] {
  const [isExpected, isFound] = [new Set(expected), new Set(found)];
  return [
    ...found.filter((line) => !isExpected.has(line)).map((line) => `unexpected: ${line}`),
    ...expected.filter((line) => !isFound.has(line)).map((line) => `missing: ${line}`),
  ];
}

function employeeOf(person: Person, username: string): Employee {
  const { prefix, name } = lastNameOf(person);
  return {
    username,
    firstName: person.firstName,
    prefix: prefix ?? '',
    lastName: name,
    gender: person.gender,
    email: emailOf(person),
    active: true,
  };
}

/** One for each contract in conditions; two contracts of the same job are one role. */
function rolesOf({ contracts }: Person, username: string): Role[] {
  const roles = contracts
    .filter(({ inConditions }) => inConditions)
    .map(({ department, title }) => ({ unit: department.name, username, profile: title.code }));
  return [...new Map(roles.map((role) => [roleLine(role), role])).values()];
}

function employeeLine({ username, firstName, prefix, lastName, gender, email }: Employee): string {
  return `employee ${[username, firstName, prefix, lastName, gender, email].join(' | ')}`;
}

function roleLine({ unit, username, profile }: Role): string {
  return `role ${[username, unit, profile].join(' | ')}`;
}
