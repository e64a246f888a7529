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

/** Work that takes long, done once for all who ask: they get what there is, and are told that newer is on its way. */
export function latest<T>(work: () => Promise<T>, options: LatestOptions): () => Promise<Latest<T>> {
  const { key, leastSeconds, mostSeconds, now } = options;
  let last: { key: string; at: Date; outcome: { value: T } | { error: unknown } } | undefined;
  let working: Promise<void> | undefined;

  function isOwed(): boolean {
    if (!last) return true;
    const age = Math.abs(now().getTime() - last.at.getTime()) / 1000;
    const isSame = last.key === key() && 'value' in last.outcome; // what failed may have been mended where no key tells
    return age >= (isSame ? mostSeconds : leastSeconds);
  }

  async function run(): Promise<void> {
    const begun = { key: key(), at: now() };
    const outcome = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    last = { ...begun, outcome };
    working = undefined;
  }

  return async () => {
    if (!working && isOwed()) working = run();
    if (working) await Promise.race([working, pause(patienceMilliseconds)]);
    const computing = working !== undefined;
    if (!last) return { at: null, computing, failed: null, value: null };
    const at = last.at.toISOString();
    if ('value' in last.outcome) return { at, computing, failed: null, value: last.outcome.value };
    if (!(last.outcome.error instanceof AppError)) throw last.outcome.error;
    return { at, computing, failed: last.outcome.error.message, value: null };
  };
}
