import { caseless } from '../account.ts';
import type { Chosen } from './choose.ts';
import { noteOn, type LegacyNote, type NoteKind } from './notes.ts';
import type { ReferenceOutcome, ReferenceResult, RowOutcome } from './outcomes.ts';
import type { RowOutcomes, ReadRow } from './read-rows.ts';

/** Which reference HelloID holds for a number, as the file of references says; `line` is its place there. */
export interface KnownReference {
  line: number;
  externalId: string;
  reference: string;
}

/** What HelloID holds; `complete`: whoever is not on it has no account there. */
export interface HelloIdList {
  complete: boolean;
  references: readonly KnownReference[];
}

/** What the earlier connector left in HelloID wherever a create failed: many persons' reference, and so nobody's. */
export function isDryRun(text: string): boolean {
  return caseless(text) === 'dryrun';
}

/** The usernames of several rows, where a correlation found more than one: as JSON text, or as PowerShell makes one text of them. */
export function isArrayReference(text: string, isUsername: (text: string) => boolean): boolean {
  if (/^\s*\[.*\]\s*$/s.test(text)) return true;
  const parts = text.trim().split(/\s+/);
  return parts.length > 1 && !isUsername(text) && parts.every(isUsername);
}

export interface References {
  /** Without the persons whose reference is not theirs alone. */
  of: ReadonlyMap<ReadRow, string>;
  /** Those that HelloID holds for several persons. */
  shared: ReadonlySet<string>;
  results: ReferenceResult[];
}

/**
 * The reference of each person: what the list says, else what create gave (V1: the number; later: the username). One that HelloID
 * holds for several is given to none of them, because a call with it could mean either: revoking one would delete the other.
 */
export function giveReferences(
  chosen: readonly Chosen[],
  rows: readonly ReadRow[],
  list: HelloIdList | null,
  byNumber: boolean,
  outcomes: RowOutcomes,
  notes: LegacyNote[],
): References {
  const entries = list?.references ?? [];
  const usernames = new Set(rows.map(({ username }) => username));
  const byDefault = (row: ReadRow) => (byNumber ? row.externalId : row.username);
  // without the complete list HelloID may hold more than the list says; of a passive person it holds nothing
  const unlisted = list?.complete ? [] : chosen.filter(({ entry, state }) => !entry && state !== 'passive');
  const assumed = new Set(unlisted.map(({ row }) => row));
  const held = [...entries.map(({ reference }) => reference), ...[...assumed].map(byDefault)];
  const taken = new Set(held);
  const shared = repeated(held);

  const fault = (reference: string): { kind: NoteKind; message: string } | undefined => {
    if (isDryRun(reference)) return { kind: 'dryrun-reference', message: 'is known to HelloID as DRYRUN' };
    if (isArrayReference(reference, (text) => usernames.has(text)))
      return { kind: 'array-reference', message: `is known to HelloID by several usernames at once: ${reference}` };
    if (!shared.has(reference)) return undefined;
    const message = `has the reference [${reference}], which HelloID holds for another person as well`;
    return { kind: 'shared-reference', message };
  };

  const given = new Map<ReadRow, string>();
  for (const { row, entry } of chosen) {
    const reference = entry?.reference ?? byDefault(row);
    const isHeld = entry !== undefined || assumed.has(row);
    const found = isHeld ? fault(reference) : undefined;
    if (found) notes.push(noteOn(row, found.kind, found.message));
    else if (isHeld || !taken.has(reference)) given.set(row, reference);
  }
  const persons = new Set(chosen.map(({ row }) => row.externalId));
  const asked = new Map(rows.map(({ row, externalId }) => [externalId, outcomes.get(row)]));
  const results = entries.map((entry) => {
    const found = fault(entry.reference);
    const outcome = outcomeOf(found?.kind, persons.has(entry.externalId), asked.get(entry.externalId));
    if (!persons.has(entry.externalId)) reportRest(entry, outcome, found?.message, notes);
    return { ...entry, outcome };
  });
  return { of: given, shared, results };
}

function outcomeOf(fault: NoteKind | undefined, isTaken: boolean, ofRow: RowOutcome | undefined): ReferenceOutcome {
  if (fault) return { kind: 'unmanage', why: fault };
  if (isTaken) return { kind: 'taken-over' };
  return ofRow?.kind === 'ask' ? ofRow : { kind: 'unmanage', why: 'unknown-reference' };
}

/** Tells of an entry whose number nobody has who was taken over; where its rows are asked about, those tell. */
function reportRest(
  { line, externalId, reference }: KnownReference,
  outcome: ReferenceOutcome,
  fault: string | undefined,
  notes: LegacyNote[],
): void {
  if (outcome.kind !== 'unmanage') return;
  const message = fault ?? `has the reference [${reference}] in HelloID, and no row that was taken over`;
  notes.push({ kind: outcome.why, table: 'references', row: line, externalId, username: null, message });
}

function repeated(texts: readonly string[]): Set<string> {
  return new Set([...Map.groupBy(texts, (text) => text)].filter(([, { length }]) => length > 1).map(([text]) => text));
}
