import type { Bench } from '../bench.ts';
import { median, type Round, type Row } from '../measure.ts';
import { agentKey, memory, program, resetPeak, startServer, type Server } from '../processes.ts';
import type { LoadAnswer, LoadOrder } from '../programs/load.ts';
import { seeded } from '../seeded.ts';
import { deliverOnce } from './dump.ts';
import { freePort } from '../../test/sshd.ts';

// A busy enforcement: HelloID sends a few actions at once, each after the answer to the one before.
const connections = 8;
const pace = 25;

/** How long HelloID waits while a dump of the most roles runs, against the same without a dump. */
export async function underLoad(bench: Bench): Promise<Row[]> {
  const { persons, roles } = bench.sizes;
  bench.tell(`actions while a dump of ${roles[1]} roles runs`);
  const dataDir = await seeded(bench, { persons, roles: roles[1], entries: 0 });
  const server = await startServer(dataDir, await freePort(), { OUTBOX_DIR: bench.folder() });
  try {
    const rounds: Round[] = [];
    const extra: number[] = [];
    let first = 1_000_000;
    for (let round = 0; round < bench.sizes.rounds; round += 1) {
      const quiet = await load(bench, server, (first += 100_000));
      const busy = await withDumps(bench, server, (first += 100_000));
      rounds.push({ product: busy.p99, reference: quiet.p99 });
      extra.push(busy.peak - quiet.peak);
    }
    return [
      {
        name: 'under-load',
        what: `p99 of actions while a dump of ${roles[1]} roles runs (${connections * pace} a second)`,
        reference: 'the same without a dump',
        better: 'less',
        goal: 2,
        unit: 'ms',
        rounds,
        notes: [`the dump adds ${median(extra).toFixed(0)} MB to the peak memory under load (goal: at most 60 MB)`],
      },
    ];
  } finally {
    await server.stop();
  }
}

async function load(bench: Bench, server: Server, first: number): Promise<LoadAnswer & { peak: number }> {
  resetPeak(server.pid);
  const order: LoadOrder = { port: server.port, key: agentKey, connections, pace, seconds: bench.sizes.seconds, first };
  const answered = await program<LoadAnswer>('load', order);
  return { ...answered, peak: memory(server.pid).peak };
}

/** One dump after another, so that no moment of the load is without. */
async function withDumps(bench: Bench, server: Server, first: number): ReturnType<typeof load> {
  const over = new AbortController();
  const dumps = (async () => {
    while (!over.signal.aborted) await deliverOnce(server);
  })();
  const measured = await load(bench, server, first);
  over.abort();
  await dumps;
  return measured;
}
