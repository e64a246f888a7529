/** Runs in a worker thread, so that the server keeps answering while a million rows are written. */
import { parentPort, workerData } from 'node:worker_threads';
import { comparePairs } from './export/compare.ts';
import { writeDump } from './export/write-dump.ts';
import type { DumpTask, RenderedDump } from './render-dump.ts';
import { withDumpSource } from './store/dump-source.ts';
import { letAnswersGoFirst } from './worker-priority.ts';

letAnswersGoFirst();
const { databasePath, keys, order } = workerData as DumpTask;
const dump = withDumpSource(databasePath, keys, (source) => writeDump(order, source));
const rendered: RenderedDump = { ...dump, comparison: comparePairs(order.folder, order.deliveredPair) };
parentPort?.postMessage(rendered);
