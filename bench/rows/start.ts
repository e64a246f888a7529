import type { Bench } from '../bench.ts';
import { alternate, type Row } from '../measure.ts';
import { command, startServer } from '../processes.ts';
import { seeded } from '../seeded.ts';
import { freePort } from '../../test/sshd.ts';

/** From the start of the process to its first answered request, with an empty and with a large database. */
export async function start(bench: Bench): Promise<Row[]> {
  const { persons, roles } = bench.sizes;
  bench.tell('the start of the server');
  const folders = {
    empty: bench.folder(),
    full: await seeded(bench, { persons, roles: roles[1], entries: 0 }),
  };
  const rows: Row[] = [];
  for (const [name, dataDir] of Object.entries(folders)) {
    await once(dataDir); // the first start makes tables and folders
    rows.push({
      name: `start-${name}`,
      what: `start to the first answer, ${name === 'empty' ? 'empty database' : `${roles[1]} roles`}`,
      reference: 'node -e 0',
      better: 'less',
      goal: 15,
      unit: 'ms',
      rounds: await alternate(
        Math.max(5, bench.sizes.rounds), // short, and so easily disturbed
        () => once(dataDir),
        async () => (await command(process.execPath, ['-e', '0'])).milliseconds,
      ),
      notes: [],
    });
  }
  return rows;
}

async function once(dataDir: string): Promise<number> {
  const server = await startServer(dataDir, await freePort());
  await server.stop();
  return server.startMilliseconds;
}
