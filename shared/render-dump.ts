import { extname } from 'node:path';
import type { Comparison } from './domain/effect.ts';
import type { Dump, DumpOrder } from './export/write-dump.ts';
import type { KeyRules } from './domain/keys-in-files.ts';
import { inWorker } from './worker.ts';

/** What the worker thread gets: plain values only. */
export interface DumpTask {
  databasePath: string;
  keys: KeyRules;
  order: DumpOrder;
  /** The pair of a week ago, and when it was delivered; null where none is compared with. */
  week: { folder: string; since: string } | null;
}

export interface RenderedDump extends Dump {
  /** What Spend Cloud would do with it. */
  comparison: Comparison;
  /** The same, if one of the pairs that may have arrived did. */
  alternatives: Comparison[];
  /** The same against the pair of a week ago. */
  week: { since: string; comparison: Comparison } | null;
  /** Why that could not be done; null where it could, or there was nothing to do. */
  weekFault: string | null;
}

/** Renders both files in a worker thread, whose memory does not grow with the rows; rejects with what went wrong there. */
export function renderDump(task: DumpTask, signal?: AbortSignal): Promise<RenderedDump> {
  return inWorker(new URL(`./dump-worker${extname(import.meta.url)}`, import.meta.url), task, { signal });
}
