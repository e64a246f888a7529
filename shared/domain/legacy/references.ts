import { caseless } from '../account.ts';
import type { LegacyNote } from './notes.ts';
import type { ReadRow } from './take-over.ts';

/** Which reference HelloID holds for a number, as the file of references says; `line` is its place there. */
export interface KnownReference {
  line: number;
  externalId: string;
  reference: string;
}

/** What the earlier connector left in HelloID wherever a create failed: many persons' reference, and so nobody's. */
export function isDryRun(text: string): boolean {
  return caseless(text) === 'dryrun';
}

export interface References {
  /** Without the persons whose reference is not theirs alone. */
  of: ReadonlyMap<ReadRow, string>;
  /** Those that HelloID holds for several persons. */
  shared: ReadonlySet<string>;
}

/**
 * The reference of each person: what the file says, else the stored username, with which HelloID's create ended. One that HelloID
 * holds for several is given to none of them, because a call with it could mean either.
 */
export function giveReferences(
  rows: readonly ReadRow[],
  references: readonly KnownReference[],
  notes: LegacyNote[],
): References {
  const known = new Map(references.map((entry) => [entry.externalId, entry]));
  const wanted = rows.map((row) => ({ row, entry: known.get(row.externalId) }));
  const held = wanted.map(({ row, entry }) => ({ row, reference: entry?.reference ?? row.username }));
  const numbers = new Set(rows.map(({ externalId }) => externalId));
  const elsewhere = references.filter(({ externalId }) => !numbers.has(externalId));
  reportUnknown(elsewhere, notes);

  const met = new Set<string>();
  const shared = new Set<string>();
  for (const { reference } of [...held, ...elsewhere]) (met.has(reference) ? shared : met).add(reference);
  const given = new Map<ReadRow, string>();
  for (const { row, reference } of held) {
    const report = (kind: 'dryrun-reference' | 'shared-reference', message: string) =>
      void notes.push({
        kind,
        table: 'persons',
        row: row.row,
        externalId: row.externalId,
        username: row.username,
        message,
      });
    if (isDryRun(reference)) report('dryrun-reference', 'is known to HelloID as DRYRUN');
    else if (shared.has(reference))
      report('shared-reference', `has the reference [${reference}], which HelloID holds for another person as well`);
    else given.set(row, reference);
  }
  return { of: given, shared };
}

function reportUnknown(entries: readonly KnownReference[], notes: LegacyNote[]): void {
  for (const { line, externalId, reference } of entries) {
    const kind = isDryRun(reference) ? 'dryrun-reference' : 'unknown-reference';
    const message = `has the reference [${reference}] in HelloID, and no row that was taken over`;
    notes.push({ kind, table: 'references', row: line, externalId, username: null, message });
  }
}
