import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Comparison } from './domain/effect.ts';
import type { Dump, DumpOrder } from './export/write-dump.ts';
import type { KeyRules } from './domain/keys-in-files.ts';
import { workerLimits } from './worker.ts';

/** What the worker thread gets: plain values only. */
export interface DumpTask {
  databasePath: string;
  keys: KeyRules;
  order: DumpOrder;
}

export interface RenderedDump extends Dump {
  /** What Spend Cloud would do with it. */
  comparison: Comparison;
}

/** Renders both files in a worker thread, whose memory does not grow with the rows; rejects with what went wrong there. */
export function renderDump(task: DumpTask, signal?: AbortSignal): Promise<RenderedDump> {
  const file = new URL(`./dump-worker${extname(import.meta.url)}`, import.meta.url);
  return new Promise<RenderedDump>((resolve, reject) => {
    const worker = new Worker(file, { workerData: task, resourceLimits: workerLimits });
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop);
      reject(new Error('the dump was stopped before it was done'));
    });
  });
}
