import { caseless } from '../domain/account.ts';
import type { LegacyNote, NoteKind } from '../domain/legacy/notes.ts';
import { textOf, type OldDatabase, type OldPerson, type OldRole, type OldValue } from '../domain/legacy/old-rows.ts';
import type { Lists, Outcomes, RowOutcome } from '../domain/legacy/outcomes.ts';

/** What is known of the old database and of its take-over, by username. */
export interface Evidence {
  persons(username: string): OldPerson[];
  outcome(row: OldPerson): RowOutcome | undefined;
  roles(username: string): OldRole[];
  /** Whether any role row has this unit and profile. */
  holdsRole(values: Record<string, string>): boolean;
  /** What was noted on a role row. */
  roleNote(row: OldRole): NoteKind | undefined;
  isGrantedOnlyPassive(username: string): boolean;
  isTouched(reference: string): boolean;
  /** Whether tables map the values of roles. */
  mapsRoles: boolean;
}

export interface EvidenceParts extends Pick<Evidence, 'isTouched' | 'mapsRoles'> {
  old: OldDatabase;
  notes: readonly LegacyNote[];
  outcomes: Outcomes;
  lists: Lists;
}

export function evidenceOf({ old, notes, outcomes, lists, isTouched, mapsRoles }: EvidenceParts): Evidence {
  const name = (value: OldValue) => keyOf(textOf(value) ?? '');
  const persons = Map.groupBy(old.persons, ({ gebruikersnaam }) => name(gebruikersnaam));
  const roles = Map.groupBy(old.roles, ({ gebruikersnaam }) => name(gebruikersnaam));
  const outcomeOf = new Map(outcomes.rows.map(({ row, outcome }) => [row, outcome]));
  const onRoles = new Map(notes.filter(({ table }) => table === 'roles').map(({ row, kind }) => [row, kind]));
  const granted = new Set(lists.grantedOnlyPassive.map(({ username }) => keyOf(username ?? '')));
  const held = new Set(old.roles.map(roleKey));
  return {
    persons: (username) => persons.get(keyOf(username)) ?? [],
    outcome: ({ row }) => outcomeOf.get(row),
    roles: (username) => roles.get(keyOf(username)) ?? [],
    holdsRole: (values) => held.has(valuesKey(values)),
    roleNote: ({ row }) => onRoles.get(row),
    isGrantedOnlyPassive: (username) => granted.has(keyOf(username)),
    isTouched,
    mapsRoles,
  };
}

/** Usernames are compared without case and blanks around them. */
export function keyOf(text: string): string {
  return caseless(text.normalize('NFC')).trim();
}

export function isSameRole(row: OldRole, values: Record<string, string>): boolean {
  return roleKey(row) === valuesKey(values);
}

// what the role files of all releases hold
function roleKey({ ou, functiecode }: OldRole): string {
  return JSON.stringify([textOf(ou) ?? '', textOf(functiecode) ?? '']);
}

function valuesKey({ ou = '', functiecode = '' }: Record<string, string>): string {
  return JSON.stringify([ou.normalize('NFC'), functiecode.normalize('NFC')]);
}
