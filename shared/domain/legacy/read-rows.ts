import { isBlank, textProblem, type Fits } from '../text.ts';
import { noteOn, type LegacyNote, type NoteKind } from './notes.ts';
import { newestFirst, personColumns, textOf, type OldPerson } from './old-rows.ts';
import type { RowOutcome } from './outcomes.ts';
import { readPassief, type Passief } from './passief.ts';
import { isDryRun } from './references.ts';

/** A row that can be somebody: its texts, and what `passief` says. */
export interface ReadRow {
  row: number;
  externalId: string;
  username: string;
  passief: Passief;
  values: Record<(typeof personColumns)[number], string | null>;
}

export type RowOutcomes = Map<number, RowOutcome>;

/** Newest first, without the rows that cannot be anybody; those get their outcome here. */
export function readRows(
  persons: readonly OldPerson[],
  fits: Fits,
  notes: LegacyNote[],
  outcomes: RowOutcomes,
): ReadRow[] {
  return newestFirst(persons).flatMap((person) => {
    const texts = personColumns.map((column) => [column, textOf(person[column])] as const);
    const values = Object.fromEntries(texts.map(([column, text]) => [column, text ?? null])) as ReadRow['values'];
    const row: ReadRow = {
      row: person.row,
      externalId: values.externalId ?? '',
      username: values.gebruikersnaam ?? '',
      passief: readPassief(person.passief),
      values,
    };
    const fault = faultOf(row, texts, fits);
    if (!fault) return [row];
    notes.push(noteOn(row, fault.kind, fault.message));
    outcomes.set(row.row, outcomeOf(row, fault.kind));
    return [];
  });
}

function faultOf(
  { externalId, username }: ReadRow,
  texts: (readonly [string, string | null | undefined])[],
  fits: Fits,
): { kind: NoteKind; message: string } | undefined {
  const problems = texts.flatMap(([column, text]) => problem(column, text, fits));
  if (problems.length > 0) return { kind: 'unusable-person', message: problems.join('; ') };
  if (isBlank(username)) return { kind: 'no-username', message: 'has no gebruikersnaam' };
  if (isDryRun(username)) return { kind: 'dryrun-username', message: 'has the username DRYRUN' };
  return isBlank(externalId) ? { kind: 'no-external-id', message: 'has no externalId' } : undefined;
}

/** Whom Spend Cloud knows as active would be deactivated by the first delivery: that is for a person to decide. */
function outcomeOf({ passief }: ReadRow, why: NoteKind): RowOutcome {
  const knownThere = why === 'no-external-id' || why === 'unusable-person';
  return { kind: knownThere && passief.kind !== 'passive' ? 'ask' : 'nothing-to-do', why };
}

function problem(column: string, text: string | null | undefined, fits: Fits): string[] {
  if (text === null || column === 'createtime') return [];
  const found = text === undefined ? 'holds bytes instead of text' : textProblem(text, fits);
  return found ? [`[${column}] ${found}`] : [];
}
