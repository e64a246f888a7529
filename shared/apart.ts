import { fork, type ChildProcess } from 'node:child_process';
import { AppError, type ErrorCode } from './errors.ts';

/** What a process of ours sends to the one that began it: questions on its way, and then what came of its task. */
export type FromApart =
  | { kind: 'ask'; number: number; what: string; about: unknown }
  | { kind: 'result'; result: unknown }
  | { kind: 'refused'; code: ErrorCode; message: string }
  | { kind: 'failed'; name: string };

export type ToApart =
  | { kind: 'task'; task: unknown }
  | { kind: 'answer'; number: number; answer: unknown }
  /** The one who was asked failed, and says so itself to whoever began the process. */
  | { kind: 'no answer'; number: number };

export interface ApartOptions {
  /** What it touches: where several processes hang at that, no other is begun. */
  about: string;
  /** The process is given up after so many seconds, and ended as far as the system can. */
  seconds: number;
  /** What is said then. */
  tooLate(): AppError;
  /** What the process may ask, by name; a rejection is what the whole work rejects with, once the process has tidied up. */
  answers?: Record<string, (about: never) => unknown>;
}

/** Processes that were given up and have not ended, by what they touch. */
const hanging = new Map<string, Set<ChildProcess>>();
const mostHanging = 3;

function hangingAt(about: string): Set<ChildProcess> {
  const stuck = hanging.get(about) ?? new Set();
  hanging.set(about, stuck);
  return stuck;
}

/**
 * Runs a file in a process of its own; plain values go in and come out. For work that may never return: a call into a share whose
 * server is gone stops a thread for good, and with it the process that waits for its threads.
 */
export function inProcess<Result>(
  file: URL,
  task: unknown,
  { about, seconds, tooLate, answers = {} }: ApartOptions,
): Promise<Result> {
  const stuck = hangingAt(about);
  if (stuck.size >= mostHanging) return Promise.reject(tooLate());
  return new Promise<Result>((resolve, reject) => {
    const child = fork(file, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let failure: Error | undefined;
    const timer = setTimeout(() => {
      settle(() => reject(tooLate()));
      stuck.add(child);
      child.once('exit', () => stuck.delete(child));
    }, seconds * 1000);

    function settle(answer: () => void): void {
      clearTimeout(timer);
      leave(child);
      answer();
    }

    async function answer({ number, what, about }: Extract<FromApart, { kind: 'ask' }>): Promise<void> {
      try {
        say(child, { kind: 'answer', number, answer: await answers[what]?.(about as never) });
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
        say(child, { kind: 'no answer', number });
      }
    }

    child.on('message', (message: FromApart) => {
      if (message.kind === 'ask') void answer(message);
      else if (message.kind === 'result') settle(() => resolve(message.result as Result));
      else settle(() => reject(failure ?? errorOf(message)));
    });
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', () => settle(() => reject(failure ?? new Error('A process of ours ended early'))));
    say(child, { kind: 'task', task });
  });
}

function say(child: ChildProcess, message: ToApart): void {
  if (child.connected) child.send(message, () => undefined); // one that has ended meanwhile says so itself
}

/** It is not waited for: a process that hangs in the system ends only when the system lets it. */
function leave(child: ChildProcess): void {
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  if (child.connected) child.disconnect();
  child.unref();
}

function errorOf(message: Exclude<FromApart, { kind: 'ask' | 'result' }>): Error {
  if (message.kind === 'refused') return new AppError(message.code, message.message);
  return new Error(`A process of ours failed: ${message.name}`);
}
