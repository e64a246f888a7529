import { caseless, fieldNames } from '../domain/account.ts';
import { calendarDay, isDay } from '../domain/calendar.ts';
import type { RoleRow } from '../domain/dump-row.ts';
import type { AlsoPerson } from '../domain/tables.ts';
import { isBlank, textProblem, type Fits } from '../domain/text.ts';
import { readTable } from './csv-table.ts';
import { tableFile, type Report } from './table-file.ts';

/** Reads `also.persons`: people whom HelloID does not manage, with a column per field; the key must be there, and once. */
export function alsoPersonsTable(
  path: string | null,
  fields: readonly string[],
  personKey: string,
  fits: Fits,
): () => ReadonlyMap<string, AlsoPerson> | null {
  return tableFile(path, 'also.persons', (text, report) => {
    const persons = new Map<string, AlsoPerson>();
    const keys = new Set<string>();
    for (const { line, values } of readTable(text, [...new Set([fieldNames.username, personKey])], report, fields)) {
      const username = values[fieldNames.username] ?? '';
      const key = caseless(values[personKey] ?? '');
      const problems = problemsOf(values, fits);
      if (isBlank(username) || key === '')
        report(line, `${isBlank(username) ? fieldNames.username : personKey} is empty`);
      else if (problems.length > 0) report(line, problems.join('; '));
      else if (keys.has(key) || persons.has(caseless(username)))
        report(line, 'stands for a person whom an earlier line names already');
      else persons.set(caseless(username), { values });
      keys.add(key);
    }
    return persons;
  });
}

const roleFields = ['ou', 'oucode', 'functie', 'functiecode', 'contract', 'startDate', 'endDate'] as const;

/** Reads `also.roles`: a username and what is registered in Spend Cloud, by the fields of the roles file. */
export function alsoRolesTable(path: string | null, fits: Fits): () => ReadonlyMap<string, RoleRow[]> | null {
  return tableFile(path, 'also.roles', (text, report) => {
    const roles = new Map<string, RoleRow[]>();
    for (const { line, values } of readTable(text, [fieldNames.username], report, roleFields)) {
      const role = readRole(values, line, report, fits);
      const key = caseless(values[fieldNames.username]);
      if (role) roles.set(key, [...(roles.get(key) ?? []), role]);
    }
    return roles;
  });
}

function readRole(
  values: Readonly<Record<string, string>>,
  line: number,
  report: Report,
  fits: Fits,
): RoleRow | undefined {
  const text = (name: string) => (isBlank(values[name]) ? null : (values[name] ?? null));
  const role: RoleRow = {
    owner: 'also',
    permission: '',
    contract: text('contract') ?? '',
    unit: text('ou'),
    unitCode: text('oucode'),
    profile: text('functie'),
    profileCode: text('functiecode'),
    startDate: text('startDate'),
    endDate: text('endDate'),
  };
  const problems = [...problemsOf(values, fits), ...dateProblems(role)];
  if (isBlank(values[fieldNames.username])) report(line, `${fieldNames.username} is empty`);
  else if (!(role.unit ?? role.unitCode)) report(line, 'names no unit (ou or oucode)');
  else if (!(role.profile ?? role.profileCode)) report(line, 'names no profile (functie or functiecode)');
  else if (problems.length > 0) report(line, problems.join('; '));
  else return role;
  return undefined;
}

/** A day that nobody can read would leave the role without an end. */
function dateProblems(role: RoleRow): string[] {
  return (['startDate', 'endDate'] as const).flatMap((name) => {
    const day = calendarDay(role[name], 'UTC');
    return role[name] === null || (day !== null && isDay(day)) ? [] : [`${name} is no date; write 2026-12-31`];
  });
}

function problemsOf(values: Readonly<Record<string, string>>, fits: Fits): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const problem = textProblem(value, fits);
    return problem ? [`${name} ${problem}`] : [];
  });
}
