/** Runs in a worker thread, so that the server keeps answering while a million rows are written. */
import type { DumpSource } from './domain/dump-row.ts';
import { AppError } from './errors.ts';
import { comparePairs } from './export/compare.ts';
import { writeDump } from './export/write-dump.ts';
import type { DumpTask, RenderedDump } from './render-dump.ts';
import { checkpoint } from './store/checkpoint.ts';
import { withDumpSource } from './store/dump-source.ts';
import { answerTask } from './worker-task.ts';

await answerTask(({ databasePath, keys, order, week }: DumpTask): RenderedDump => {
  const { dump, ofWeek } = withDumpSource(databasePath, keys, (source) => ({
    dump: writeDump(order, source),
    ofWeek: compareWeek(order.folder, week, source),
  }));
  const comparison = comparePairs(order.folder, order.deliveredPair);
  const alternatives = order.possiblePairs.map((pair) => comparePairs(order.folder, pair));
  checkpoint(databasePath);
  return { ...dump, comparison, alternatives, ...ofWeek };
});

/** A pair of before that cannot be read is told, and is no reason to deliver nothing. */
function compareWeek(
  folder: string,
  week: DumpTask['week'],
  { wasDeliveredBy }: DumpSource,
): Pick<RenderedDump, 'week' | 'weekFault'> {
  if (!week) return { week: null, weekFault: null };
  const { since } = week;
  try {
    const comparison = comparePairs(folder, week.folder, (person) => wasDeliveredBy(person, since));
    return { week: { since, comparison }, weekFault: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { week: null, weekFault: error.message };
  }
}
