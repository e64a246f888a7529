import type { Bench } from '../bench.ts';
import { alternate, median, type Row } from '../measure.ts';
import { agentKey, processorSeconds, program, startServer } from '../processes.ts';
import type { BareLoopOrder } from '../programs/bare-loop.ts';
import type { LoadAnswer, LoadOrder } from '../programs/load.ts';
import { freePort } from '../../test/sshd.ts';

const reference =
  'a bare loop with better-sqlite3, no HTTP: one account, two roles and an event of 900 bytes per FULL commit';

/** Creates over HTTP, each answered after its commit, against what the database alone can do. */
export async function creates(bench: Bench): Promise<Row[]> {
  return [
    await withConnections(bench, 64, { name: 'creates', goal: 1 }),
    await withConnections(bench, 1, { name: 'creates-1', goal: 0.25 }),
  ];
}

async function withConnections(bench: Bench, connections: number, about: { name: string; goal: number }): Promise<Row> {
  bench.tell(`durable creates over HTTP, ${connections} connection(s)`);
  const seen: Load[] = [];
  const product = async () => {
    const load = await loadOnce(bench, connections);
    seen.push(load);
    return load.perSecond;
  };
  const order: Omit<BareLoopOrder, 'dataDir'> = { seconds: bench.sizes.seconds };
  const bare = async () =>
    (await program<{ perSecond: number }>('bare-loop', { ...order, dataDir: bench.folder() })).perSecond;
  const rounds = await alternate(bench.sizes.rounds, product, bare);
  const of = (what: (load: Load) => number) => median(seen.map(what)).toFixed(2);
  return {
    ...about,
    what: `durable creates over HTTP, ${connections} connection${connections === 1 ? '' : 's'}`,
    reference,
    better: 'more',
    unit: 'a second',
    rounds,
    notes: [
      `p50 ${of(({ p50 }) => p50)} ms, p99 ${of(({ p99 }) => p99)} ms (goal: under 50 ms)`,
      `${of(({ changesPerCommit }) => changesPerCommit)} changes per commit`,
      `${of(({ processorMilliseconds }) => processorMilliseconds)} ms of server CPU per action`,
    ],
  };
}

interface Load extends LoadAnswer {
  changesPerCommit: number;
  processorMilliseconds: number;
}

async function loadOnce(bench: Bench, connections: number): Promise<Load> {
  const server = await startServer(bench.folder(), await freePort());
  const counted = async (name: string) =>
    Number(new RegExp(`^spendcloud_${name} (\\d+)`, 'm').exec((await server.call('GET', 'metrics')).text)?.[1]);
  try {
    const [cpu, commits, changes] = [processorSeconds(server.pid), await counted('commits'), await counted('changes')];
    const order: LoadOrder = { port: server.port, key: agentKey, connections, seconds: bench.sizes.seconds, first: 0 };
    const load = await program<LoadAnswer>('load', order);
    const made = (await counted('changes')) - changes;
    return {
      ...load,
      changesPerCommit: made / ((await counted('commits')) - commits),
      processorMilliseconds: ((processorSeconds(server.pid) - cpu) * 1000) / made,
    };
  } finally {
    await server.stop();
  }
}
