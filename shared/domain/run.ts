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
  findings: Finding[];
  /** Why it is blocked or failed, for people. */
  reasons: string[];
  /** False once a person must look first: a refused login, a differing host key. */
  retryAllowed: boolean;
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
  reference: string | null;
  message: string;
}

export interface Attempt {
  number: number;
  startedAt: string;
  finishedAt: string | null;
  error: string | null;
}
