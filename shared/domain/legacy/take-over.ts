import { caseless, type Account, type Role } from '../account.ts';
import type { Fits } from '../text.ts';
import { choosePersons, type Chosen, type UnknownPeople } from './choose.ts';
import { judgeFamilyName } from './family-name.ts';
import { inOrder, noteOn, type LegacyNote } from './notes.ts';
import type { OldDatabase, UnknownColumn } from './old-rows.ts';
import { oldRoles } from './old-roles.ts';
import { asksOf, type Lists, type Outcomes, type ReferenceResult, type RowResult } from './outcomes.ts';
import { readRows, type RowOutcomes, type ReadRow } from './read-rows.ts';
import { giveReferences, type HelloIdList } from './references.ts';

/** A person of the earlier connector as it is taken over. */
export interface LegacyPerson {
  /** Of the row in the old table. */
  row: number;
  /** Passive people come over as deleted, so that a return revives them. */
  state: 'active' | 'passive' | 'disabled';
  /** HelloID's list holds the number, so it decided the state. */
  held: boolean;
  /** The string HelloID holds; null where it holds none that is this person's alone. */
  reference: string | null;
  account: Omit<Account, 'reference'>;
  roles: Role[];
}

export interface TakeOver extends Outcomes {
  persons: LegacyPerson[];
  /** In the order of the rows, persons first. */
  notes: LegacyNote[];
  lists: Lists;
}

export interface TakeOverOptions {
  fits: Fits;
  /** What HelloID holds; null where nobody told. */
  list: HelloIdList | null;
  unknown: UnknownPeople;
}

/** Finds out whom the old database holds: each person once, what becomes of every row and reference, and what is odd. */
export function takeOver(old: OldDatabase, { fits, list, unknown }: TakeOverOptions): TakeOver {
  const notes: LegacyNote[] = [];
  const outcomes: RowOutcomes = new Map();
  const all = readRows(old.persons, fits, notes, outcomes);
  const { chosen, lists } = choosePersons(all, list, unknown, notes, outcomes);
  const references = giveReferences(chosen, all, list, old.layout === 'V1', outcomes, notes);
  const rolesOf = oldRoles(old.roles, chosen, all, references, fits, notes);
  notes.push(...otherPassief(all), ...old.unknownColumns.map(unknownColumn));
  reportSharedEmails(chosen, notes);
  const persons = chosen.map(({ row, state, entry }): LegacyPerson => {
    const roles = rolesOf.get(row) ?? [];
    if (roles.length === 0 && state !== 'passive' && old.layout === 'V2')
      notes.push(noteOn(row, 'no-roles', 'has no roles under its username'));
    return {
      row: row.row,
      state,
      held: entry !== undefined,
      reference: references.of.get(row) ?? null,
      account: accountOf(row, state, notes),
      roles,
    };
  });
  const rows = resultsOf(old, outcomes);
  return {
    persons,
    notes: inOrder(notes),
    rows,
    references: references.results,
    lists: { ...lists, grantedWithoutRow: withoutRow(old, references.results) },
    asks: asksOf(rows),
  };
}

function resultsOf(old: OldDatabase, outcomes: RowOutcomes): RowResult[] {
  return old.persons.flatMap(({ row, externalId, gebruikersnaam }) => {
    const outcome = outcomes.get(row);
    const text = (value: typeof externalId) => (value === null || value === '' ? null : String(value));
    return outcome ? [{ row, externalId: text(externalId), username: text(gebruikersnaam), outcome }] : [];
  });
}

function withoutRow(old: OldDatabase, results: readonly ReferenceResult[]): Lists['grantedWithoutRow'] {
  const numbers = new Set(old.persons.map(({ externalId }) => String(externalId).normalize('NFC')));
  const rolesUnder = Map.groupBy(old.roles, ({ gebruikersnaam }) => caseless(String(gebruikersnaam)));
  return results.flatMap(({ line, externalId, reference }) => {
    if (numbers.has(externalId)) return [];
    return [{ line, externalId, reference, orphanRoles: rolesUnder.get(caseless(reference))?.length ?? 0 }];
  });
}

function otherPassief(rows: readonly ReadRow[]): LegacyNote[] {
  const unclear = rows.flatMap(({ row, passief }) => (passief.kind === 'unclear' ? [{ row, text: passief.text }] : []));
  return [...Map.groupBy(unclear, ({ text }) => text)].map(([text, found]) =>
    tableNote('other-passief', 'persons', 'passief', found.length, Math.min(...found.map(({ row }) => row)), text),
  );
}

function unknownColumn({ table, column, count, firstRow }: UnknownColumn): LegacyNote {
  return tableNote('unknown-column', table, column, count, firstRow);
}

function tableNote(
  kind: LegacyNote['kind'],
  table: UnknownColumn['table'],
  column: string,
  count: number,
  row: number,
  text?: string,
): LegacyNote {
  const message = `column ${column} holds ${text === undefined ? 'values' : `[${text}]`} in ${count} row(s), this the first`;
  return { kind, table, row, externalId: null, username: null, message };
}

function reportSharedEmails(chosen: readonly Chosen[], notes: LegacyNote[]): void {
  const holders = new Map<string, ReadRow>();
  for (const { row, state } of chosen) {
    const address = caseless(row.values.email ?? '').trim();
    if (address === '' || state === 'passive') continue;
    const first = holders.get(address);
    if (first)
      notes.push(noteOn(row, 'same-email', `has the e-mail address of row ${first.row} (number ${first.externalId})`));
    else holders.set(address, row);
  }
}

function accountOf(row: ReadRow, state: LegacyPerson['state'], notes: LegacyNote[]): LegacyPerson['account'] {
  const { achternaam, voornaam, tussenvoegsel, geslacht, email } = row.values;
  return {
    externalId: row.externalId,
    username: row.username,
    email,
    firstName: voornaam,
    prefix: tussenvoegsel,
    // of somebody who left the name stays what Spend Cloud has: no update of HelloID corrects it
    lastName: state === 'passive' ? achternaam : correctedLastName(row, notes),
    gender: geslacht,
    extra: {},
    enabled: state === 'active',
  };
}

function correctedLastName(row: ReadRow, notes: LegacyNote[]): string | null {
  const { achternaam, tussenvoegsel } = row.values;
  const name = judgeFamilyName(achternaam, tussenvoegsel);
  if (name.kind === 'as-it-is') return achternaam;
  if (name.kind === 'prefix-twice') {
    notes.push(noteOn(row, name.kind, `had the prefix twice: [${achternaam ?? ''}] became [${name.lastName}]`));
    return name.lastName;
  }
  const what =
    name.kind === 'maybe-twice' ? 'may hold the prefix twice' : 'has no tussenvoegsel, and one behind the last name';
  notes.push(noteOn(row, name.kind, `${what}: [${achternaam ?? ''}]`));
  return achternaam;
}
