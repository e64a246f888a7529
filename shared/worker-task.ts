import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from './errors.ts';
import type { Progress } from './progress.ts';
import { loadSqlite } from './store/sqlite.ts';
import { letAnswersGoFirst } from './worker-priority.ts';
import type { WorkerMessage } from './worker.ts';

// More often than this nobody sees it, and each costs a message.
const tellEveryMilliseconds = 100;

/** In a worker thread: does the work with what was handed over and sends back what came of it. */
export async function answerTask<Result>(
  work: (task: never, progress: Progress) => Result | Promise<Result>,
): Promise<void> {
  letAnswersGoFirst();
  const send = (message: WorkerMessage<Result>) => parentPort?.postMessage(message);
  loadSqlite();
  send({ kind: 'ready' });
  let told = { step: '', at: 0 };
  const progress: Progress = (step, done, total) => {
    if (step === told.step && performance.now() - told.at < tellEveryMilliseconds) return;
    told = { step, at: performance.now() };
    send({ kind: 'progress', step, done, total });
  };
  try {
    const result = await work(workerData as never, progress);
    send({ kind: 'result', result });
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // an error loses its class on the way between threads
    send({ kind: 'refused', code: error.code, message: error.message });
  }
}
