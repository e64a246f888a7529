import type { Facts } from './facts.ts';
import type { RunStore } from './runs.ts';

/** A pair that Spend Cloud got: its name in the archive, and when. */
export interface DeliveredPair {
  /** A run's id, or `baseline`. */
  pair: string;
  /** UTC. */
  at: string;
}

export interface WeekParts {
  runs: Pick<RunStore, 'lastDelivered' | 'deliveredFrom'>;
  facts: Pick<Facts, 'get'>;
  now: () => Date;
}

const weekMilliseconds = 7 * 86_400_000;

/**
 * The pair that was in force a week ago, or with which the week begins, and those delivered since, oldest first: today's dump is compared with
 * the first that can be read, and tomorrow's with one of them. Since a restore nothing is known of the days before.
 */
export async function weekPairs({ runs, facts, now }: WeekParts): Promise<DeliveredPair[]> {
  if (facts.get('restored-at') !== undefined) return [];
  const start = JSON.parse(facts.get('week-start') ?? 'null') as DeliveredPair | null;
  const weekAgo = new Date(now().getTime() - weekMilliseconds).toISOString();
  const older = (await runs.lastDelivered(weekAgo))?.finishedAt ?? '';
  const beginsInWeek = start !== null && start.at > older;
  const later = (await runs.deliveredFrom(beginsInWeek ? start.at : older)).map(({ id, at }) => ({
    pair: `${id}`,
    at,
  }));
  return beginsInWeek ? [start, ...later.filter(({ pair }) => pair !== start.pair)] : later;
}

/** What `week-start` holds once the week begins with a pair. */
export function weekStart(pair: DeliveredPair): string {
  return JSON.stringify(pair);
}
