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
}

export interface RenderedDump extends Dump {
  /** What Spend Cloud would do with it. */
  comparison: Comparison;
  /** The same, if one of the pairs that may have arrived did. */
  alternatives: Comparison[];
}

/** Renders both files in a worker thread, whose memory does not grow with the rows; rejects with what went wrong there. */
export function renderDump(task: DumpTask, signal?: AbortSignal): Promise<RenderedDump> {
  return inWorker(new URL(`./dump-worker${extname(import.meta.url)}`, import.meta.url), task, { signal });
}
