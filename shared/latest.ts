import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from './errors.ts';

/** What came of some work last. */
export interface Latest<T> {
  /** UTC time at which it began; null: it was never done. */
  at: string | null;
  /** Whether it is being done now. */
  computing: boolean;
  /** Why it could not be done the last time. */
  failed: string | null;
  value: T | null;
}

export interface LatestOptions {
  /** What the work depends on: while it stays, the work is not done again before `mostSeconds`. */
  key(): string;
  /** The work is not begun more often than this, whatever changes. */
  leastSeconds: number;
  mostSeconds: number;
  now: () => Date;
}

// Who asks waits this long for work that is quickly done.
const patienceMilliseconds = 150;

export interface Shared<T> {
  /** What there is, at once, with word that newer is on its way. */
  last(): Promise<Latest<T>>;
  /** What it is now: of work that is being done already where nothing changed since it began. */
  fresh(): Promise<T>;
}

type Outcome<T> = { value: T } | { error: unknown };

/** Work that takes long, done once for all who ask. */
export function latest<T>(work: () => Promise<T>, options: LatestOptions): Shared<T> {
  const { key, leastSeconds, mostSeconds, now } = options;
  let last: { key: string; at: Date; outcome: Outcome<T> } | undefined;
  let working: { key: string; outcome: Promise<Outcome<T>> } | undefined;

  function isOwed(): boolean {
    if (!last) return true;
    const age = Math.abs(now().getTime() - last.at.getTime()) / 1000;
    const isSame = last.key === key() && 'value' in last.outcome; // what failed may have been mended where no key tells
    return age >= (isSame ? mostSeconds : leastSeconds);
  }

  function start(): { key: string; outcome: Promise<Outcome<T>> } {
    const begun = { key: key(), at: now() };
    const settle = (outcome: Outcome<T>) => {
      last = { ...begun, outcome };
      working = undefined;
      return outcome;
    };
    const outcome = work().then(
      (value) => settle({ value }),
      (error: unknown) => settle({ error }),
    );
    return { key: begun.key, outcome };
  }

  async function lastOne(): Promise<Latest<T>> {
    if (!working && isOwed()) working = start();
    if (working) await Promise.race([working.outcome, pause(patienceMilliseconds)]);
    const computing = working !== undefined;
    if (!last) return { at: null, computing, failed: null, value: null };
    const at = last.at.toISOString();
    if ('value' in last.outcome) return { at, computing, failed: null, value: last.outcome.value };
    if (!(last.outcome.error instanceof AppError)) throw last.outcome.error;
    return { at, computing, failed: last.outcome.error.message, value: null };
  }

  async function fresh(): Promise<T> {
    while (working && working.key !== key()) await working.outcome;
    working ??= start();
    const outcome = await working.outcome;
    if ('value' in outcome) return outcome.value;
    throw outcome.error;
  }

  return { last: lastOne, fresh };
}
