import type { DumpOrder } from './write-dump.ts';

const dayMilliseconds = 86_400_000;

/**
 * Whether the row of an inactive person leaves the file: its term is over and a delivery said that the person is inactive. Of rows that stand in the
 * file now only so many leave at once, because people who were taken over together would all leave on one day.
 */
export function termRule(order: Pick<DumpOrder, 'passiveDays' | 'mostTermsEnding' | 'now'>) {
  const { passiveDays, mostTermsEnding, now } = order;
  let ended = 0;
  return (since: string, isClosed: boolean, standsInFile: boolean): boolean => {
    if (passiveDays === null || !isClosed) return false;
    if (Date.parse(since) + passiveDays * dayMilliseconds > Date.parse(now)) return false;
    if (!standsInFile) return true;
    if (ended >= mostTermsEnding) return false;
    ended += 1;
    return true;
  };
}
