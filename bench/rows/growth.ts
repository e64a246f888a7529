import type { Bench } from '../bench.ts';
import type { Round, Row } from '../measure.ts';
import { agentKey, program, startServer } from '../processes.ts';
import type { DumpProgramAnswer, DumpProgramOrder } from '../programs/dump.ts';
import type { LoadAnswer, LoadOrder } from '../programs/load.ts';
import { databaseIn, seeded } from '../seeded.ts';
import { freePort } from '../../test/sshd.ts';

/** Whether an action, and a row of the dump, cost the same however many people there are. */
export async function growth(bench: Bench): Promise<Row[]> {
  const { growth: persons, rounds } = bench.sizes;
  bench.tell(`growth: ${persons.join(', ')} persons`);
  const folders: string[] = [];
  for (const count of persons) folders.push(await seeded(bench, { persons: count, roles: count * 2, entries: count }));
  const latencies: number[][] = [];
  const perRow: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    // all sizes in one round, so that what disturbs one is near the others in time
    latencies.push(await eachOf(folders, (folder) => latency(bench, folder, 5_000_000 + round * 100_000)));
    perRow.push(
      await eachOf(folders, async (folder, size) => (await dumpTime(bench, folder)) / (3 * (persons[size] ?? 1))),
    );
  }
  return [1, 2].flatMap((size): Row[] => {
    const against = `the same with ${persons[0]} persons`;
    const common: Pick<Row, 'reference' | 'better' | 'goal' | 'notes'> = {
      reference: against,
      better: 'less',
      goal: 1.5,
      notes: [],
    };
    const compared = (measured: number[][]): Round[] =>
      measured.map((sizes) => ({ product: sizes[size] ?? NaN, reference: sizes[0] ?? NaN }));
    return [
      {
        ...common,
        name: `growth-action-${size}`,
        what: `latency of an action with ${persons[size] ?? 0} persons`,
        unit: 'ms',
        rounds: compared(latencies),
      },
      {
        ...common,
        name: `growth-dump-${size}`,
        what: `dump time per row with ${persons[size] ?? 0} persons`,
        unit: 'ms a row',
        rounds: compared(perRow),
      },
    ];
  });
}

async function eachOf(
  folders: string[],
  measure: (folder: string, size: number) => Promise<number>,
): Promise<number[]> {
  const measured: number[] = [];
  for (const [size, folder] of folders.entries()) measured.push(await measure(folder, size));
  return measured;
}

async function latency(bench: Bench, dataDir: string, first: number): Promise<number> {
  const server = await startServer(dataDir, await freePort());
  try {
    const order: LoadOrder = { port: server.port, key: agentKey, connections: 1, seconds: bench.sizes.seconds, first };
    return (await program<LoadAnswer>('load', order)).p50;
  } finally {
    await server.stop();
  }
}

async function dumpTime(bench: Bench, dataDir: string): Promise<number> {
  const order: DumpProgramOrder = { databasePath: databaseIn(dataDir), folder: bench.folder(), earlier: null };
  return (await program<DumpProgramAnswer>('dump', order)).dumpMilliseconds;
}
