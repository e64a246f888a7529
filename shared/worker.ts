import { Worker, type ResourceLimits } from 'node:worker_threads';
import { AppError, type ErrorCode } from './errors.ts';
import type { Progress } from './progress.ts';

/** What a worker thread of ours sends: notes on its way, and then its result or what we foresaw going wrong. */
export type WorkerMessage<Result> =
  | { kind: 'ready' }
  | { kind: 'progress'; step: string; done: number; total: number }
  | { kind: 'result'; result: Result }
  | { kind: 'refused'; code: ErrorCode; message: string };

export interface WorkerOptions {
  signal?: AbortSignal | undefined;
  onProgress?: Progress | undefined;
}

/** Left to itself V8 takes 48 MB for what is young; with 8 the rows on their way outlive it, which costs both time and memory (docs/performance.md). */
export const workerLimits: ResourceLimits = { maxYoungGenerationSizeMb: 16 };

const living = new WeakMap<AbortSignal, Set<Promise<unknown>>>();

/** Resolves when no thread that was begun with this signal is left: a process that ends beside one may crash. */
export async function threadsEnded(signal: AbortSignal): Promise<void> {
  await Promise.allSettled([...(living.get(signal) ?? [])]);
}

/**
 * Runs a file in a thread of its own, so that the server keeps answering; plain values go in and come out.
 * Settles when the thread has ended. Told to stop, a thread is ended once it is ready: one that is ended while it
 * loads SQLite takes the whole process with it.
 */
export function inWorker<Result>(file: URL, task: unknown, options: WorkerOptions = {}): Promise<Result> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(closing());
  const thread = runThread<Result>(file, task, options);
  if (signal) {
    const others = living.get(signal) ?? new Set();
    living.set(signal, others.add(thread));
    const forget = () => others.delete(thread);
    thread.then(forget, forget);
  }
  return thread;
}

const closing = () =>
  new AppError('unavailable', 'This was stopped before it was done, because the connector is closing');

function runThread<Result>(file: URL, task: unknown, { signal, onProgress }: WorkerOptions): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    const worker = new Worker(file, { workerData: task, resourceLimits: workerLimits });
    let ready = false;
    let answer: (() => void) | undefined;
    const endWhenReady = () => {
      if (ready) void worker.terminate();
    };
    signal?.addEventListener('abort', endWhenReady, { once: true });
    worker.on('message', (message: WorkerMessage<Result>) => {
      if (message.kind === 'progress') onProgress?.(message.step, message.done, message.total);
      else if (message.kind === 'result') answer = () => resolve(message.result);
      else if (message.kind === 'refused') answer = () => reject(new AppError(message.code, message.message));
      else {
        ready = true;
        if (signal?.aborted) endWhenReady();
      }
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      signal?.removeEventListener('abort', endWhenReady);
      answer?.();
      reject(closing());
    });
  });
}
