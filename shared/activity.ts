import type { Facts } from './store/facts.ts';

/** When HelloID called last: a dump may wait for quiet, and a long silence deserves a look. */
export interface CallActivity {
  called(): void;
  /** Null: never. */
  lastCall(): Date | null;
}

const minuteMilliseconds = 60_000;

/** Kept in memory, and written down once a minute at most: it need not survive a crash to the second. */
export function callActivity(facts: Facts, now: () => Date): CallActivity {
  const stored = facts.get('helloid-called-at');
  let last = stored === undefined ? null : new Date(stored);
  let written = last;
  return {
    called: () => {
      last = now();
      if (written && last.getTime() - written.getTime() < minuteMilliseconds) return;
      written = last;
      facts.set({ 'helloid-called-at': last.toISOString() }).catch(() => undefined); // the call itself tells of a database that takes no writes
    },
    lastCall: () => {
      const told = facts.get('helloid-called-at'); // another process on this folder may have been called
      return told !== undefined && (!last || new Date(told) > last) ? new Date(told) : last;
    },
  };
}
