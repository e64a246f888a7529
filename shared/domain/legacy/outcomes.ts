import type { NoteKind } from './notes.ts';

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
