/** Runs in a worker thread, so that the server keeps answering while a million rows are written. */
import { comparePairs } from './export/compare.ts';
import { writeDump } from './export/write-dump.ts';
import type { DumpTask, RenderedDump } from './render-dump.ts';
import { checkpoint } from './store/checkpoint.ts';
import { withDumpSource } from './store/dump-source.ts';
import { answerTask } from './worker-task.ts';

await answerTask(({ databasePath, keys, order }: DumpTask): RenderedDump => {
  const dump = withDumpSource(databasePath, keys, (source) => writeDump(order, source));
  const comparison = comparePairs(order.folder, order.deliveredPair);
  const alternatives = order.possiblePairs.map((pair) => comparePairs(order.folder, pair));
  checkpoint(databasePath);
  return { ...dump, comparison, alternatives };
});
