import { readRows, usualPersons, usualRoles, type Layout, type Leavers } from './spend-cloud-files.ts';

/**
 * A stand-in for the two imports of Spend Cloud, by the rules that its maker publishes: text in, state out. Where nothing is
 * published it is strict: rows are taken one by one in the order of the file, and what is odd is an error.
 */
export interface SpendCloud {
  /** Everyone it ever knew, by username: the key, in which case counts. */
  employees: ReadonlyMap<string, Employee>;
  roles: readonly Role[];
  registered: Registered;
  /** By which of the two import definitions it reads persons. */
  leavers: Leavers;
}

export interface Employee {
  username: string;
  firstName: string;
  prefix: string;
  lastName: string;
  gender: string;
  email: string;
  /** Only who is active can log in. */
  active: boolean;
}

/** What an employee may do in one organisational unit, by a function profile. */
export interface Role {
  unit: string;
  username: string;
  profile: string;
}

/** The names of units and codes of profiles that are registered: a role can name only these, letter by letter. */
export interface Registered {
  units: ReadonlySet<string>;
  profiles: ReadonlySet<string>;
}

/** A row that was refused, counted from 1 below the header; row 0 is the whole file, which then changed nothing. */
export interface ImportError {
  row: number;
  reason: string;
}

const inactiveStatus = 'Ja';

/** What an import of persons did, by username. */
export interface PersonsReport {
  added: string[];
  changed: string[];
  reactivated: string[];
  deactivated: string[];
  errors: ImportError[];
}

export interface RolesReport {
  added: Role[];
  removed: Role[];
  errors: ImportError[];
}

export function emptySpendCloud(registered: Registered, leavers: Leavers = 'passive'): SpendCloud {
  return { employees: new Map(), roles: [], registered, leavers };
}

/** Learns from a roles file which units and profiles to register; for who has no list of them. */
export function registeredBy(rolesText: string, layout: Layout<keyof Role> = usualRoles): Registered {
  const rows = readRows(rolesText, layout);
  return { units: new Set(rows.map(({ unit }) => unit)), profiles: new Set(rows.map(({ profile }) => profile)) };
}

/** Who can log in: usernames, sorted. */
export function canLogIn({ employees }: SpendCloud): string[] {
  return [...employees.values()].flatMap(({ username, active }) => (active ? [username] : [])).sort();
}

export function rolesOf({ roles }: SpendCloud, username: string): Role[] {
  return roles.filter((role) => role.username === username);
}

/** Both imports, persons first as the roles need them. */
export function importFiles(
  before: SpendCloud,
  files: { persons: string; roles: string },
): { state: SpendCloud; persons: PersonsReport; roles: RolesReport } {
  const { state: between, report: persons } = importPersons(before, files.persons);
  const { state, report: roles } = importRoles(between, files.roles);
  return { state, persons, roles };
}

/**
 * Adds, changes, reactivates and deactivates by the import definition. With field 7 an employee is what that field says, and who is missing stays
 * as before: what happens to them is not published. Without it, the file is the complete list of active employees: who is not on it is
 * deactivated, and an empty list deactivates everyone.
 */
export function importPersons(before: SpendCloud, text: string): { state: SpendCloud; report: PersonsReport } {
  const report: PersonsReport = { added: [], changed: [], reactivated: [], deactivated: [], errors: [] };
  const rows = rowsOr(report, () => readRows(text, usualPersons[before.leavers]));
  if (!rows) return { state: before, report };

  const employees = new Map(before.employees);
  const addresses = new Map([...employees.values()].map(({ email, username }) => [email.toLowerCase(), username]));
  const listed = new Set<string>();

  for (const [index, { status = '', ...row }] of rows.entries()) {
    const { username } = row;
    const employee: Employee = { ...row, active: status === '' };
    const reason = listed.has(username)
      ? 'this username stands on an earlier row'
      : (statusFault(status) ?? personFault(employee, addresses));
    listed.add(username); // a refused row still says that this employee is there
    if (reason !== undefined) {
      report.errors.push({ row: index + 1, reason });
      continue;
    }
    const held = employees.get(username);
    const change = changeOf(held, employee);
    if (change) report[change].push(username);
    if (held) addresses.delete(held.email.toLowerCase());
    if (employee.email !== '') addresses.set(employee.email.toLowerCase(), username);
    employees.set(username, employee);
  }
  for (const employee of before.leavers === 'absent' ? employees.values() : []) {
    if (!employee.active || listed.has(employee.username)) continue;
    report.deactivated.push(employee.username);
    employees.set(employee.username, { ...employee, active: false });
  }
  return { state: { ...before, employees }, report };
}

/** What becomes of an employee; undefined when nothing does. */
function changeOf(held: Employee | undefined, employee: Employee): Exclude<keyof PersonsReport, 'errors'> | undefined {
  if (!held) return 'added';
  if (held.active !== employee.active) return employee.active ? 'reactivated' : 'deactivated';
  return isSame(held, employee) ? undefined : 'changed';
}

/** The complete list of roles: those it does not name are removed. */
export function importRoles(
  before: SpendCloud,
  text: string,
  layout: Layout<keyof Role> = usualRoles,
): { state: SpendCloud; report: RolesReport } {
  const report: RolesReport = { added: [], removed: [], errors: [] };
  const rows = rowsOr(report, () => readRows(text, layout));
  if (!rows) return { state: before, report };

  const held = new Map(before.roles.map((role) => [keyOf(role), role]));
  const roles = new Map<string, Role>();
  for (const [index, role] of rows.entries()) {
    const key = keyOf(role);
    const reason = roles.has(key) ? 'this role stands on an earlier row' : roleFault(role, before);
    if (reason !== undefined) report.errors.push({ row: index + 1, reason });
    else roles.set(key, role);
  }
  for (const [key, role] of roles) if (!held.has(key)) report.added.push(role);
  for (const [key, role] of held) if (!roles.has(key)) report.removed.push(role);
  return { state: { ...before, roles: [...roles.values()] }, report };
}

function rowsOr<Row>(report: { errors: ImportError[] }, read: () => Row[]): Row[] | undefined {
  try {
    return read();
  } catch (error) {
    report.errors.push({ row: 0, reason: (error as Error).message });
    return undefined;
  }
}

function statusFault(status: string): string | undefined {
  return status === '' || status === inactiveStatus ? undefined : `the status ${status} is not known`;
}

/** An inactive employee may be without an address: then another one can have it. */
function personFault(
  { username, email, lastName, active }: Employee,
  addresses: ReadonlyMap<string, string>,
): string | undefined {
  if (username === '') return 'there is no username';
  if (lastName === '') return 'there is no last name';
  if (email === '') return active ? 'there is no e-mail address' : undefined;
  const holder = addresses.get(email.toLowerCase()); // of inactive employees too
  return holder === undefined || holder === username ? undefined : `the e-mail address ${email} is that of ${holder}`;
}

function roleFault({ unit, username, profile }: Role, { employees, registered }: SpendCloud): string | undefined {
  if (!employees.get(username)?.active) return `there is no active employee ${username}`;
  if (!registered.units.has(unit)) return `the organisational unit ${unit} is not registered`;
  return registered.profiles.has(profile) ? undefined : `the function profile ${profile} is not registered`;
}

function isSame(some: Employee, other: Employee): boolean {
  return (Object.keys(some) as (keyof Employee)[]).every((member) => some[member] === other[member]);
}

function keyOf({ unit, username, profile }: Role): string {
  return JSON.stringify([unit, username, profile]);
}
