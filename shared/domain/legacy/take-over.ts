import { caseless, type Account, type Role } from '../account.ts';
import { isBlank, textProblem, type Fits } from '../text.ts';
import { judgeFamilyName } from './family-name.ts';
import { inOrder, type LegacyNote, type NoteKind } from './notes.ts';
import { newestFirst, personColumns, textOf, type OldDatabase, type OldPerson } from './old-rows.ts';
import { oldRoles } from './old-roles.ts';
import { giveReferences, isDryRun, type KnownReference } from './references.ts';

/** A person of the earlier connector as it is taken over. */
export interface LegacyPerson {
  /** Of the row in the old table. */
  row: number;
  /** The string HelloID holds; null where it holds none that is this person's alone. */
  reference: string | null;
  account: Omit<Account, 'reference'>;
  roles: Role[];
}

export interface TakeOver {
  persons: LegacyPerson[];
  /** In the order of the rows, persons first. */
  notes: LegacyNote[];
}

/** Finds out whom the old database holds: each person once, by the row that was written last, and what is odd about the rest. */
export function takeOver(old: OldDatabase, known: readonly KnownReference[], fits: Fits): TakeOver {
  const notes: LegacyNote[] = [];
  const kept = onePerName(onePerNumber(readRows(old.persons, notes, fits), notes), notes);
  const references = giveReferences(kept, known, notes);
  const rolesOf = oldRoles(old.roles, kept, references, fits, notes);
  reportSharedEmails(kept, notes);
  const persons = kept.map((row) => {
    const roles = rolesOf.get(row) ?? [];
    if (roles.length === 0) note(notes, row, 'no-roles', 'has no roles under its username');
    return { row: row.row, reference: references.of.get(row) ?? null, account: accountOf(row, notes), roles };
  });
  return { persons, notes: inOrder(notes) };
}

/** A row that can be taken over: its texts, and when it was written compared with the others. */
export interface ReadRow {
  row: number;
  externalId: string;
  username: string;
  values: Record<(typeof personColumns)[number], string | null>;
}

/** Newest first, without the rows that cannot be anybody. */
function readRows(persons: readonly OldPerson[], notes: LegacyNote[], fits: Fits): ReadRow[] {
  return newestFirst(persons).flatMap((person) => {
    const texts = personColumns.map((column) => [column, textOf(person[column])] as const);
    const values = Object.fromEntries(texts.map(([column, text]) => [column, text ?? null])) as ReadRow['values'];
    const { externalId, gebruikersnaam } = values;
    const row = { row: person.row, externalId: externalId ?? '', username: gebruikersnaam ?? '', values };
    const problems = texts.flatMap(([column, text]) => problem(column, text, fits));
    if (problems.length > 0) note(notes, row, 'unusable-person', problems.join('; '));
    else if (isBlank(externalId)) note(notes, row, 'no-external-id', 'has no externalId');
    else if (isBlank(gebruikersnaam)) note(notes, row, 'no-username', 'has no gebruikersnaam');
    else if (isDryRun(row.username)) note(notes, row, 'dryrun-username', 'has the username DRYRUN');
    else return [row];
    return [];
  });
}

function problem(column: string, text: string | null | undefined, fits: Fits): string[] {
  if (text === null || column === 'createtime') return [];
  const found = text === undefined ? 'holds bytes instead of text' : textProblem(text, fits);
  return found ? [`[${column}] ${found}`] : [];
}

function onePerNumber(rows: readonly ReadRow[], notes: LegacyNote[]): ReadRow[] {
  const newest = new Map<string, ReadRow>();
  for (const row of rows) {
    const first = newest.get(row.externalId);
    if (first) note(notes, row, 'same-number', `has the number of row ${first.row}, which was written later`);
    else newest.set(row.externalId, row);
  }
  return [...newest.values()];
}

function onePerName(rows: readonly ReadRow[], notes: LegacyNote[]): ReadRow[] {
  const newest = new Map<string, ReadRow>();
  for (const row of rows) {
    const first = newest.get(caseless(row.username));
    if (first)
      note(
        notes,
        row,
        'same-username',
        `has the username of row ${first.row} (number ${first.externalId}), which was written later`,
      );
    else newest.set(caseless(row.username), row);
  }
  return [...newest.values()];
}

function reportSharedEmails(rows: readonly ReadRow[], notes: LegacyNote[]): void {
  const holders = new Map<string, ReadRow>();
  for (const row of rows) {
    const address = caseless(row.values.email ?? '').trim();
    if (address === '') continue;
    const first = holders.get(address);
    if (first)
      note(notes, row, 'same-email', `has the e-mail address of row ${first.row} (number ${first.externalId})`);
    else holders.set(address, row);
  }
}

function accountOf(row: ReadRow, notes: LegacyNote[]): LegacyPerson['account'] {
  const { achternaam, voornaam, tussenvoegsel, geslacht, email } = row.values;
  const name = judgeFamilyName(achternaam, tussenvoegsel);
  if (name.kind === 'prefix-twice')
    note(notes, row, name.kind, `had the prefix twice: [${achternaam ?? ''}] became [${name.lastName}]`);
  if (name.kind === 'maybe-twice') note(notes, row, name.kind, `may hold the prefix twice: [${achternaam ?? ''}]`);
  if (name.kind === 'prefix-lost')
    note(notes, row, name.kind, `has no tussenvoegsel, and one behind the last name: [${achternaam ?? ''}]`);
  return {
    externalId: row.externalId,
    username: row.username,
    email,
    firstName: voornaam,
    prefix: tussenvoegsel,
    lastName: name.kind === 'prefix-twice' ? name.lastName : achternaam,
    gender: geslacht,
    extra: {},
    enabled: true,
  };
}

function note(notes: LegacyNote[], row: ReadRow, kind: NoteKind, message: string): void {
  const { externalId, username } = row;
  notes.push({
    kind,
    table: 'persons',
    row: row.row,
    externalId: externalId || null,
    username: username || null,
    message,
  });
}
