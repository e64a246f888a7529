import type { Effect } from './effect.ts';

/** One dump and its delivery, for one due time or asked for by hand. */
export interface Run {
  id: number;
  /** UTC; null for a run asked for by hand. */
  dueAt: string | null;
  trigger: 'schedule' | 'manual';
  state: RunState;
  destination: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  files: DumpFile[];
  effect: Effect | null;
  findings: Finding[];
  /** Why it is blocked or failed, for people. */
  reasons: string[];
  /** Who decided what about it. */
  decisions: RunDecision[];
  /** When a failed run goes on by itself; null: only once a person says so, because trying again could lock the account. */
  retryAt: string | null;
  attempts: Attempt[];
}

export const runStates = [
  'waiting',
  'rendering',
  'held',
  'blocked',
  'delivering',
  'failed',
  'delivered',
  'discarded',
  'superseded',
] as const;
export type RunState = (typeof runStates)[number];

/** A rendered file: rows without the header, size in bytes, SHA-256 in lower case hex. */
export interface DumpFile {
  name: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** Something that deserves a look and holds nothing by itself. */
export interface Finding {
  code: string;
  /** Null for a finding about nobody in particular. */
  reference: string | null;
  message: string;
  /** UTC time of the first dump in a row that found it. */
  since: string;
}

/** A finding as the dump makes it. */
export type FreshFinding = Omit<Finding, 'since'>;

/** A finding as readers see it: new ones come first, until an operator has marked them as seen. */
export type ShownFinding = Finding & { seen: { at: string; by: string } | null };

/** A person's decision about a run, or about all runs. */
export interface RunDecision {
  decision: 'release' | 'discard' | 'retry' | 'pause' | 'resume';
  at: string;
  by: string;
  reason: string;
}

/** Who decides and why; both are written into the audit trail. */
export interface Decider {
  by: string;
  reason: string;
}

export interface Attempt {
  number: number;
  startedAt: string;
  /** When both temporaries were proven; from then on only the far side knows whether it was delivered. */
  renamingAt: string | null;
  finishedAt: string | null;
  error: string | null;
}

/** Whether only the far side knows how an attempt ended. */
export function isUnknown({ renamingAt, finishedAt }: Attempt): boolean {
  return renamingAt !== null && finishedAt === null;
}
