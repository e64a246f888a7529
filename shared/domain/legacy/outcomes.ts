import type { LegacyNote, NoteKind } from './notes.ts';

/** What becomes of a row of the old table: exactly one of these. */
export type RowOutcome =
  | { kind: 'taken-over'; as: 'active' | 'passive' }
  /** Active in the old table, and not on HelloID's complete list. */
  | { kind: 'unknown-to-helloid'; as: 'active' | 'disabled' }
  /** Left out until a person decides: the first delivery would deactivate them. */
  | { kind: 'ask'; why: NoteKind }
  | { kind: 'nothing-to-do'; why: NoteKind };

/** What becomes of a reference that HelloID holds: exactly one of these. */
export type ReferenceOutcome =
  | { kind: 'taken-over' }
  /** It reaches nobody, or more than one: to be unmanaged in HelloID, which then creates or links the person again. */
  | { kind: 'unmanage'; why: NoteKind }
  /** Its number has rows that a person must decide about. */
  | { kind: 'ask'; why: NoteKind };

export interface RowResult {
  row: number;
  externalId: string | null;
  username: string | null;
  outcome: RowOutcome;
}

export interface ReferenceResult {
  line: number;
  externalId: string;
  reference: string;
  outcome: ReferenceOutcome;
}

export interface Named {
  row: number;
  externalId: string | null;
  username: string | null;
}

/** What a person should see by name before the first delivery. */
export interface Lists {
  /** HelloID says granted, and every row says passive: locked out until now, taken over as active. */
  grantedOnlyPassive: Named[];
  /** Active in the old table, and not on HelloID's complete list. */
  unknownToHelloId: Named[];
  /** One username, rows of several numbers; `held`: the number is on the list. */
  sharedUsernames: { username: string; rows: (Named & { passive: boolean; held: boolean })[] }[];
  /** HelloID holds a reference, and the old table has no row; with how many roles stand under that reference. */
  grantedWithoutRow: { line: number; externalId: string; reference: string; orphanRoles: number }[];
}

export interface Outcomes {
  /** What becomes of each row of the persons table, in their order. */
  rows: RowResult[];
  /** What becomes of each line of the list of references, in their order. */
  references: ReferenceResult[];
  /** Left out until a person decides; the first delivery would deactivate them. */
  asks: Named[];
}

// An account that is here keeps its place; only a username that somebody else has here leaves a person without any.
const inTheWay: Partial<Record<NoteKind, RowOutcome['kind'] & ('ask' | 'nothing-to-do')>> = {
  'number-present': 'nothing-to-do',
  'reference-present': 'nothing-to-do',
  'deleted-here': 'nothing-to-do',
  'active-here': 'nothing-to-do',
  'username-present': 'ask',
};

/** The outcomes once the accounts here have been looked at, from the notes of the import. */
export function afterImport({ rows, references }: Outcomes, notes: readonly LegacyNote[]): Outcomes {
  const found = notes.filter(({ kind }) => inTheWay[kind]);
  const ofRow = new Map(found.map(({ row, kind }) => [row, kind]));
  const ofNumber = new Map(found.map(({ externalId, kind }) => [externalId, kind]));
  const settled = rows.map((result): RowResult => {
    const why = ofRow.get(result.row);
    const kind = why && inTheWay[why];
    return kind ? { ...result, outcome: { kind, why } } : result;
  });
  return {
    rows: settled,
    references: references.map((result): ReferenceResult => {
      const why = ofNumber.get(result.externalId);
      if (result.outcome.kind !== 'taken-over') return result;
      if (why === 'number-present') return { ...result, outcome: { kind: 'unmanage', why } };
      return why === 'username-present' ? { ...result, outcome: { kind: 'ask', why } } : result;
    }),
    asks: asksOf(settled),
  };
}

export function asksOf(rows: readonly RowResult[]): Named[] {
  return rows.flatMap(({ outcome, ...row }) => (outcome.kind === 'ask' ? [row] : []));
}
