import type { Facts } from './store/facts.ts';

/** Whether the clock can be believed where something is removed for good; see docs/decisions. */
export interface SteadyClock {
  /** To be called at every tick: notes the time, and a leap since the last one. */
  seen(): Promise<void>;
  /** False for a day after a leap. */
  isSteady(): boolean;
}

const hourMilliseconds = 3_600_000;
const dayMilliseconds = 24 * hourMilliseconds;
const leapMilliseconds = 7 * dayMilliseconds;

export function steadyClock(facts: Pick<Facts, 'get' | 'set'>, now: () => Date): SteadyClock {
  async function seen(): Promise<void> {
    const [at, last] = [now(), facts.get('clock-seen-at')];
    if (last !== undefined && Math.abs(at.getTime() - Date.parse(last)) < hourMilliseconds) return;
    const leapt = leaps(last, at) && { 'clock-leapt-at': at.toISOString() };
    await facts.set({ 'clock-seen-at': at.toISOString(), ...leapt });
  }

  return { seen, isSteady: () => isSteady(facts, now()) };
}

/** The same for whoever only reads the database. */
export function isSteady({ get }: Pick<Facts, 'get'>, now: Date): boolean {
  if (leaps(get('clock-seen-at'), now)) return false;
  const since = now.getTime() - Date.parse(get('clock-leapt-at') ?? '');
  return !(since >= 0 && since < dayMilliseconds); // a leap that lies ahead was taken back
}

/** Whether so much lies between the last tick and now that either the connector stood still for days, or the clock is wrong. */
function leaps(last: string | undefined, now: Date): boolean {
  return last !== undefined && now.getTime() - Date.parse(last) > leapMilliseconds;
}
