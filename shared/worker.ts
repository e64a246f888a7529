import { Worker, type ResourceLimits } from 'node:worker_threads';
import { AppError, type ErrorCode } from './errors.ts';
import type { Progress } from './progress.ts';

/** What a worker thread of ours sends: notes on its way, and then its result or what we foresaw going wrong. */
export type WorkerMessage<Result> =
  | { kind: 'progress'; step: string; done: number; total: number }
  | { kind: 'result'; result: Result }
  | { kind: 'refused'; code: ErrorCode; message: string };

export interface WorkerOptions {
  signal?: AbortSignal | undefined;
  onProgress?: Progress | undefined;
}

/** Left to itself V8 takes 48 MB for what is young; with 8 the rows on their way outlive it, which costs both time and memory (docs/performance.md). */
export const workerLimits: ResourceLimits = { maxYoungGenerationSizeMb: 16 };

/** Runs a file in a thread of its own, so that the server keeps answering; plain values go in and come out. */
export function inWorker<Result>(
  file: URL,
  task: unknown,
  { signal, onProgress }: WorkerOptions = {},
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const worker = new Worker(file, { workerData: task, resourceLimits: workerLimits });
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    worker.on('message', (message: WorkerMessage<Result>) => {
      if (message.kind === 'progress') onProgress?.(message.step, message.done, message.total);
      else if (message.kind === 'result') resolve(message.result);
      else reject(new AppError(message.code, message.message));
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop);
      reject(new AppError('unavailable', 'This was stopped before it was done, because the connector is closing'));
    });
  });
}
