import type { Cause } from './causes.ts';
import { isSameRole, keyOf, type Evidence } from './evidence.ts';
import type { OldRow } from './old-pair.ts';
import type { OurPerson } from './our-pair.ts';
import type { Difference } from './proof.ts';

type Values = Record<string, string>;
type Persons = ReadonlyMap<string, { now?: OurPerson; then?: OldRow }>;

/** The roles that are in one of the files only, or in the old one more than once. */
export function roleDifferences(
  old: readonly OldRow[],
  ours: readonly OurPerson[],
  persons: Persons,
  evidence: Evidence,
): Difference[] {
  const usernameOf = ({ gebruikersnaam = '' }: Values) => gebruikersnaam;
  const before = Map.groupBy(old, ({ values }) => roleKey(values));
  const after = new Map(
    ours.flatMap((person) => person.roles.map((role) => [roleKey(role), { person, role }] as const)),
  );
  const references = new Set(ours.map(({ reference }) => keyOf(reference ?? '')));
  const differences: Difference[] = [];
  const found = (key: string, change: Difference['change'], values: Values, cause: Cause) => {
    const text = [values.ou, values.functiecode].filter((value) => value !== undefined).join(' | ');
    differences.push({ file: 'roles', key, change, [change === 'role-added' ? 'after' : 'before']: text, cause });
  };
  for (const [key, rows] of before) {
    const [first] = rows;
    if (!first) continue;
    for (const { values } of rows.slice(1)) found(usernameOf(values), 'once', values, 'same-role');
    if (after.has(key)) continue;
    const hasMoved = isNobodys(first.values, persons) && references.has(keyOf(usernameOf(first.values)));
    const cause = hasMoved ? 'earlier-username' : whyRemoved(first.values, persons, evidence);
    // Spend Cloud refuses a role of a name that it does not know, so that nothing is taken away there
    found(
      usernameOf(first.values),
      isNobodys(first.values, persons) ? 'left-out' : 'role-removed',
      first.values,
      cause,
    );
  }
  for (const [key, { person, role }] of after)
    if (!before.has(key)) found(usernameOf(role), 'role-added', role, whyAdded(person, role, persons, evidence));
  return differences;
}

function roleKey({ gebruikersnaam = '', ...values }: Values): string {
  const named = Object.entries(values).map(([field, text]) => [field, text.normalize('NFC')]);
  return JSON.stringify([keyOf(gebruikersnaam), named.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))]);
}

function isNobodys({ gebruikersnaam = '' }: Values, persons: Persons): boolean {
  return persons.get(keyOf(gebruikersnaam))?.then === undefined;
}

function whyRemoved(values: Values, persons: Persons, evidence: Evidence): Cause {
  const username = values.gebruikersnaam ?? '';
  const { now, then } = persons.get(keyOf(username)) ?? {};
  const rows = evidence.roles(username).filter((row) => isSameRole(row, values));
  const note = rows.flatMap((row) => evidence.roleNote(row) ?? [])[0];
  if (note && note !== 'same-role') return note;
  if (!then) return 'orphan-role';
  if (then.state === 'inactive') return 'passive-role';
  if (now?.state !== 'active') return 'with-its-person';
  if (now.reference && evidence.isTouched(now.reference)) return 'changed-here';
  if (evidence.mapsRoles) return 'mapped';
  return rows.length === 0 ? 'newer-database' : 'unexplained';
}

function whyAdded(person: OurPerson, role: Values, persons: Persons, evidence: Evidence): Cause {
  const username = role.gebruikersnaam ?? '';
  if (person.account === null) return 'also';
  if (person.reference && evidence.isTouched(person.reference)) return 'changed-here';
  if (persons.get(keyOf(username))?.then?.state !== 'active') return 'with-its-person';
  if (evidence.roles(username).some((row) => isSameRole(row, role))) return 'newer-database';
  if (evidence.holdsRole(role)) return 'earlier-username';
  return evidence.mapsRoles ? 'mapped' : 'unexplained';
}
