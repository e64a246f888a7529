import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from './errors.ts';
import type { WorkerMessage } from './worker.ts';

type Progress = (done: number, total: number) => void;

/** In a worker thread: does the work with what was handed over and sends back what came of it. */
export async function answerTask<Result>(
  work: (task: never, progress: Progress) => Result | Promise<Result>,
): Promise<void> {
  const send = (message: WorkerMessage<Result>) => parentPort?.postMessage(message);
  try {
    const result = await work(workerData as never, (done, total) => send({ kind: 'progress', done, total }));
    send({ kind: 'result', result });
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // an error loses its class on the way between threads
    send({ kind: 'refused', code: error.code, message: error.message });
  }
}
