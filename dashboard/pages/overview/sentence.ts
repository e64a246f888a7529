import type { Overview } from '../../api/types.ts';
import { formatNear, formatNumber } from '../../format.ts';
import { text } from '../../text/text.ts';

/** What was delivered last, and when the next goes: the first thing that somebody reads. */
export function sentenceOf({ lastDelivered, nextDueAt, paused }: Overview): { was: string; next: string } {
  const { overview } = text();
  const was = lastDelivered?.at
    ? overview.delivered(
        formatNear(lastDelivered.at),
        overview.persons(lastDelivered.persons, formatNumber(lastDelivered.persons)),
        overview.roles(lastDelivered.roles, formatNumber(lastDelivered.roles)),
      )
    : overview.neverDelivered;
  if (paused) return { was, next: overview.nextPaused };
  return { was, next: nextDueAt === null ? '' : overview.next(formatNear(nextDueAt)) };
}
