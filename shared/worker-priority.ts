import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/**
 * In a worker thread of long work: lets those that answer HelloID go first where the processor is short. Linux keeps a priority for each
 * thread; elsewhere it would be the whole process's, and so stays as it is.
 */
export function letAnswersGoFirst(): void {
  if (process.platform !== 'linux' || isMainThread) return;
  setPriority(constants.priority.PRIORITY_LOW);
}
