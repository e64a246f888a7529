import type { Facts } from './store/facts.ts';

/** Whether the host's timer calls: where it does not, nothing is delivered, however well all else works. */
export interface Ticks {
  /** To be called at every tick. */
  seen(): Promise<void>;
  /** To be called by a host whose timer is not ours: from now on a tick is waited for. */
  expect(): void;
  /** Since when no tick has come although one is waited for; null while they come. */
  missingSince(): Date | null;
}

// The timer calls every five minutes; one that was missed, or a dump that takes long, is no silence.
const patienceMilliseconds = 20 * 60_000;

/** Whether the timer should have called again by now. */
export function isTooLongAgo(tick: Date, now: Date): boolean {
  return now.getTime() - tick.getTime() > patienceMilliseconds;
}

export function ticks(facts: Pick<Facts, 'get' | 'set'>, now: () => Date): Ticks {
  let expectedSince: Date | undefined;

  function missingSince(): Date | null {
    if (!expectedSince) return null;
    const last = new Date(facts.get('ticked-at') ?? 0);
    const since = last > expectedSince ? last : expectedSince;
    return isTooLongAgo(since, now()) ? since : null;
  }

  return {
    seen: () => facts.set({ 'ticked-at': now().toISOString() }),
    expect: () => void (expectedSince ??= now()),
    missingSince,
  };
}
