import { caseless, type Role } from '../account.ts';
import { rolesOf, type Contract } from '../contracts.ts';
import { isBlank, textProblem, type Fits } from '../text.ts';
import type { Chosen } from './choose.ts';
import type { LegacyNote, NoteKind } from './notes.ts';
import { newestFirst, roleColumns, textOf, type OldRole } from './old-rows.ts';
import type { ReadRow } from './read-rows.ts';
import { isArrayReference, isDryRun, type References } from './references.ts';

interface RoleRow {
  row: number;
  username: string;
  contract: Contract;
}

/**
 * The roles of each person who is not passive, distinct by their codes: those under the username, and those under the reference
 * where the name moved on. `all` are the rows of the old table, whose usernames tell what a name of several is.
 */
export function oldRoles(
  rows: readonly OldRole[],
  chosen: readonly Chosen[],
  all: readonly ReadRow[],
  references: References,
  fits: Fits,
  notes: LegacyNote[],
): Map<ReadRow, Role[]> {
  const persons = (passive: boolean) =>
    chosen.filter(({ state }) => (state === 'passive') === passive).map(({ row }) => row);
  const ownerOf = owners(persons(false), references);
  const passive = new Set(persons(true).map(({ username }) => caseless(username)));
  const usernames = new Set(all.map(({ username }) => username));
  const mine = new Map<ReadRow, RoleRow[]>();
  for (const row of newestFirst(rows)) {
    const role = readRole(row, fits, notes);
    if (!role) continue;
    const owner = ownerOf(role.username);
    if (owner) mine.set(owner, mine.get(owner)?.concat(role) ?? [role]);
    else if (isDryRun(role.username)) note(notes, role, 'dryrun-role', 'stands under DRYRUN');
    else if (passive.has(caseless(role.username))) note(notes, role, 'passive-role', 'is that of a passive person');
    else if (isArrayReference(role.username, (text) => usernames.has(text)))
      note(notes, role, 'array-role', 'stands under several usernames at once');
    else if (references.shared.has(role.username))
      note(notes, role, 'orphan-role', 'stands under a reference that several persons share');
    else note(notes, role, 'orphan-role', 'stands under a username that no person has who was taken over');
  }
  return new Map([...mine].map(([person, roles]) => [person, distinct(roles, person, notes)]));
}

/**
 * Whose a role row is. The earlier connector writes roles under the reference, so that comes first; then the username, for a
 * person whose reference is not known, and last the username in other casing.
 */
function owners(persons: readonly ReadRow[], references: References): (username: string) => ReadRow | undefined {
  const byReference = new Map(persons.map((person) => [references.of.get(person), person]));
  const exact = new Map(persons.map((person) => [person.username, person]));
  const anyCase = new Map(persons.map((person) => [caseless(person.username), person]));
  return (username) => {
    if (references.shared.has(username)) return undefined;
    return byReference.get(username) ?? exact.get(username) ?? anyCase.get(caseless(username));
  };
}

function readRole(old: OldRole, fits: Fits, notes: LegacyNote[]): RoleRow | undefined {
  const texts = roleColumns.map((column) => [column, textOf(old[column])] as const);
  const values = Object.fromEntries(texts.map(([column, text]) => [column, text ?? null])) as Record<
    (typeof roleColumns)[number],
    string | null
  >;
  const unit = { name: values.ou, code: values.oucode };
  const profile = { name: values.functie, code: values.functiecode };
  const contract = { externalId: null, inConditions: true, startDate: null, endDate: null, unit, profile };
  const role = { row: old.row, username: values.gebruikersnaam ?? '', contract };
  const problems = texts.flatMap(([column, text]) => {
    if (text === null || column === 'createtime') return [];
    const found = text === undefined ? 'holds bytes instead of text' : textProblem(text, fits);
    return found ? [`[${column}] ${found}`] : [];
  });
  if (problems.length > 0) note(notes, role, 'unusable-role', problems.join('; '));
  else if ([unit, profile].some(({ name, code }) => isBlank(name) && isBlank(code)))
    note(notes, role, 'incomplete-role', 'names no unit or no profile');
  else return role;
  return undefined;
}

/** Newest first, so the first of its kind has the names of today. */
function distinct(rows: readonly RoleRow[], { externalId }: ReadRow, notes: LegacyNote[]): Role[] {
  const found = new Map<string, Role>();
  for (const row of rows) {
    const [role] = rolesOf([row.contract], 'account', false).roles;
    if (!role) continue;
    if (found.has(role.permission)) note(notes, row, 'same-role', 'is a role that a later row gives', externalId);
    else found.set(role.permission, role);
  }
  return [...found.values()];
}

function note(
  notes: LegacyNote[],
  { row, username }: RoleRow,
  kind: NoteKind,
  message: string,
  externalId: string | null = null,
): void {
  notes.push({ kind, table: 'roles', row, externalId, username: username || null, message });
}
