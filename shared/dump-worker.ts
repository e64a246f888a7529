/** Runs in a worker thread, so that the server keeps answering while a million rows are written. */
import { comparePairs } from './export/compare.ts';
import type { PersonRecords } from './export/pair.ts';
import { writeDump } from './export/write-dump.ts';
import type { DumpTask, RenderedDump } from './render-dump.ts';
import { checkpoint } from './store/checkpoint.ts';
import { withDumpSource } from './store/dump-source.ts';
import { answerTask } from './worker-task.ts';

await answerTask(({ databasePath, keys, order, week }: DumpTask): RenderedDump => {
  const { dump, inWeek } = withDumpSource(databasePath, keys, (source) => {
    const written = writeDump(order, source);
    if (!week) return { dump: written, inWeek: null };
    const wasKnown = (person: PersonRecords) => source.wasDeliveredBy(person, week.since);
    return { dump: written, inWeek: comparePairs(order.folder, week.folder, wasKnown) };
  });
  const comparison = comparePairs(order.folder, order.deliveredPair);
  const alternatives = order.possiblePairs.map((pair) => comparePairs(order.folder, pair));
  checkpoint(databasePath);
  return { ...dump, comparison, alternatives, week: week && inWeek && { since: week.since, comparison: inWeek } };
});
