/** One dump as the product makes it: in a worker thread with the product's limits. Gives its time, or that of its comparison with an earlier pair. */
import { mkdirSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { DumpOrder } from '../../shared/export/write-dump.ts';
import { built } from '../built.ts';
import { answer, orderOf } from './order.ts';

export interface DumpProgramOrder {
  databasePath: string;
  folder: string;
  /** Compare with the pair in this folder, too. */
  earlier: string | null;
}

export interface DumpProgramAnswer {
  dumpMilliseconds: number;
  effectMilliseconds: number;
}

if (isMainThread) {
  const order = orderOf<DumpProgramOrder>();
  const { workerLimits } = await built<typeof import('../../shared/worker.ts')>('shared/worker');
  const workerData: Task = { ...order, order: await dumpOrder(order.folder) };
  const worker = new Worker(new URL(import.meta.url), { workerData, resourceLimits: workerLimits });
  worker.once('message', answer);
} else {
  parentPort?.postMessage(await measure(workerData as Task));
}

type Task = DumpProgramOrder & { order: DumpOrder };

/** What `app.ts` puts together from the default settings. */
async function dumpOrder(folder: string): Promise<DumpOrder> {
  const { Policy } = await built<typeof import('../../shared/policy.ts')>('shared/policy');
  const { noAlsoDecisions, noTables } =
    await built<typeof import('../../shared/domain/tables.ts')>('shared/domain/tables');
  // the reference writes rows of active people alone
  const { files, roles, schedule, spendCloud } = Policy.parse({ spendCloud: { leavers: 'absent' } });
  const { endedContracts, notStartedContracts, unmapped } = roles;
  mkdirSync(folder, { recursive: true });
  return {
    ...{ folder, persons: files.persons, roles: files.roles, personKey: spendCloud.personKey, tables: noTables },
    ...{ endedContracts, notStartedContracts, unmapped, timeZone: schedule.timeZone },
    ...{ deliveredPair: null, possiblePairs: [], today: '2026-01-06', now: '2026-01-06T05:30:00.000Z' },
    ...{ leavers: spendCloud.leavers, inactiveEmail: spendCloud.inactiveEmail },
    ...{ settings: { hasFile: false, digests: {} }, passiveDays: 365, mostTermsEnding: 1, erased: [] },
    ...{ assignedBy: roles.assignedBy, catalogue: new Set<string>(), alsoDecisions: noAlsoDecisions },
  };
}

async function measure({ databasePath, order, earlier }: Task): Promise<DumpProgramAnswer> {
  const { writeDump } = await built<typeof import('../../shared/export/write-dump.ts')>('shared/export/write-dump');
  const { withDumpSource } =
    await built<typeof import('../../shared/store/dump-source.ts')>('shared/store/dump-source');
  const { comparePairs } = await built<typeof import('../../shared/export/compare.ts')>('shared/export/compare');
  const keys = { usernameChange: 'confirm', personKey: order.personKey } as const;
  const started = performance.now();
  withDumpSource(databasePath, keys, (source) => writeDump(order, source));
  const dumped = performance.now();
  if (earlier !== null) comparePairs(order.folder, earlier);
  return { dumpMilliseconds: dumped - started, effectMilliseconds: performance.now() - dumped };
}
