/** Runs in a worker thread, so that the server keeps answering while a million rows are written. */
import { parentPort, workerData } from 'node:worker_threads';
import { writeDump } from './export/write-dump.ts';
import type { DumpTask } from './render-dump.ts';
import { withDumpSource } from './store/dump-source.ts';

const { databasePath, usernameChange, order } = workerData as DumpTask;
parentPort?.postMessage(withDumpSource(databasePath, usernameChange, (source) => writeDump(order, source)));
