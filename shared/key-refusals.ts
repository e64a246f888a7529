import type { Facts } from './store/facts.ts';

/** Why a call did not pass the door. */
export const refusalReasons = ['missing', 'unknown', 'scope'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Keys that are none of ours, over the last seven days: somebody guesses, or uses a key that was removed. */
export interface UnknownKeys {
  calls: number;
  /** UTC; null where there was none. */
  lastAt: string | null;
}

export interface KeyRefusals {
  refused(reason: RefusalReason): void;
  /** Since the start of this process, by reason. */
  counts(): Readonly<Record<RefusalReason, number>>;
  /** Calls of every process on this data folder. */
  unknown(): UnknownKeys;
}

interface Told {
  /** Calls by calendar day, UTC. */
  days: Record<string, number>;
  lastAt: string;
}

const minuteMilliseconds = 60_000;
const daysKept = 7;

/** Counted in memory and written down once a minute at most, so that whoever tries keys costs the database nothing. */
export function keyRefusals(facts: Pick<Facts, 'get' | 'set'>, now: () => Date): KeyRefusals {
  const counted: Record<RefusalReason, number> = { missing: 0, unknown: 0, scope: 0 };
  let here: Told | undefined;
  let writtenAt = 0;

  function refused(reason: RefusalReason): void {
    counted[reason] += 1;
    if (reason !== 'unknown') return;
    const at = now();
    here = together(here, { days: { [at.toISOString().slice(0, 10)]: 1 }, lastAt: at.toISOString() });
    if (Math.abs(at.getTime() - writtenAt) < minuteMilliseconds) return;
    writtenAt = at.getTime();
    const all = recent(together(stored(), here));
    here = undefined;
    facts.set({ 'keys-refused': JSON.stringify(all) }).catch(() => undefined); // what cannot be written now is in the log and in the metrics
  }

  function stored(): Told | undefined {
    const text = facts.get('keys-refused');
    return text === undefined ? undefined : (JSON.parse(text) as Told);
  }

  function recent({ days, lastAt }: Told): Told {
    const first = new Date(now().getTime() - daysKept * 24 * 60 * minuteMilliseconds).toISOString().slice(0, 10);
    return { days: Object.fromEntries(Object.entries(days).filter(([day]) => day > first)), lastAt };
  }

  function unknown(): UnknownKeys {
    const before = stored();
    if (!before && !here) return { calls: 0, lastAt: null };
    const { days, lastAt } = recent(together(before, here));
    const calls = Object.values(days).reduce((sum, number) => sum + number, 0);
    return { calls, lastAt: calls === 0 ? null : lastAt };
  }

  return { refused, counts: () => counted, unknown };
}

function together(some: Told | undefined, others: Told | undefined): Told {
  const days = { ...some?.days };
  for (const [day, number] of Object.entries(others?.days ?? {})) days[day] = (days[day] ?? 0) + number;
  const [lastAt = ''] = [some?.lastAt, others?.lastAt]
    .filter((at) => at !== undefined)
    .toSorted()
    .toReversed();
  return { days, lastAt };
}
