import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { root } from '../built.ts';
import { alternate, median, type Row } from '../measure.ts';
import { command, memory, program, resetPeak, startServer } from '../processes.ts';
import type { DumpProgramAnswer, DumpProgramOrder } from '../programs/dump.ts';
import { databaseIn, seeded } from '../seeded.ts';
import { freePort } from '../../test/sshd.ts';

/** The dump: snapshot, CSV, SHA-256, fsync, rename. */
export async function dump(bench: Bench): Promise<Row[]> {
  const { persons, roles } = bench.sizes;
  const rows: Row[] = [];
  for (const [index, count] of roles.entries()) {
    bench.tell(`the dump of ${persons} persons and ${count} roles`);
    const dataDir = await seeded(bench, { persons, roles: count, entries: 0 });
    rows.push(await dumpOf(bench, dataDir, { name: `dump-${index === 0 ? 'small' : 'large'}`, persons, roles: count }));
  }
  return rows;
}

async function dumpOf(
  bench: Bench,
  dataDir: string,
  { name, persons, roles }: { name: string; persons: number; roles: number },
): Promise<Row> {
  const databasePath = databaseIn(dataDir);
  const product = async () => {
    const order: DumpProgramOrder = { databasePath, folder: bench.folder(), earlier: null };
    return (await program<DumpProgramAnswer>('dump', order)).dumpMilliseconds;
  };
  const rounds = await alternate(bench.sizes.rounds, product, () => reference(bench, databasePath, true));
  const unordered = await alternate(bench.sizes.rounds, product, () => reference(bench, databasePath, false));
  const toUnordered = median(unordered.map((round) => round.product / round.reference));
  return {
    name,
    what: `dump of ${persons} persons and ${roles} roles`,
    reference: 'sqlite3 .mode csv with the distinct, ordered query, sha256sum, sync',
    better: 'less',
    goal: 1,
    unit: 'ms',
    rounds,
    notes: [
      `${toUnordered.toFixed(2)} x the unordered query (aim: 2.5 x)`,
      `peak memory of the whole process: ${await peakOfCommand(dataDir)} MB as a command, ${await peakOfServer(bench, dataDir)} MB in a server (goal: 150 MB)`,
    ],
  };
}

/** What a careful administrator would type; written for the benchmark from the description of the files, not taken from the product. */
async function reference(bench: Bench, databasePath: string, ordered: boolean): Promise<number> {
  const folder = bench.folder();
  const [persons, roles] = [join(folder, 'persons.csv'), join(folder, 'roles.csv')];
  const living = 'a.deleted_at IS NULL AND a.enabled = 1';
  const script = `
.mode csv
.headers on
.output ${persons}
SELECT first_name AS voornaam, prefix AS tussenvoegsel, last_name AS achternaam, gender AS geslacht, email, username AS gebruikersnaam
  FROM accounts a WHERE ${living} ${ordered ? 'ORDER BY username' : ''};
.output ${roles}
SELECT ${ordered ? 'DISTINCT' : ''} r.unit, a.username, r.profile_code FROM roles r JOIN accounts a ON a.id = r.account WHERE ${living}
  ${ordered ? 'ORDER BY a.username, r.unit, r.profile_code' : ''};
`;
  const dumped = await command('sqlite3', ['-readonly', databasePath], { input: script });
  const hashed = await command('sha256sum', [persons, roles]);
  const synced = await command('sync', [persons, roles, folder]);
  return dumped.milliseconds + hashed.milliseconds + synced.milliseconds;
}

/** `spendcloud export`: dump, effect, delivery to the outbox. */
async function peakOfCommand(dataDir: string): Promise<string> {
  const environment = { DATA_DIR: dataDir };
  const { peakMegabytes } = await command(process.execPath, [join(root, 'bin/spendcloud.js'), 'export'], {
    environment,
  });
  return peakMegabytes.toFixed(0);
}

/** The same asked of an idle server. */
async function peakOfServer(bench: Bench, dataDir: string): Promise<string> {
  const server = await startServer(dataDir, await freePort(), { OUTBOX_DIR: bench.folder() });
  try {
    resetPeak(server.pid);
    await deliverOnce(server);
    return memory(server.pid).peak.toFixed(0);
  } finally {
    await server.stop();
  }
}

/** Asks for a run and waits until it was delivered or held: what its memory and its load are is the same. */
export async function deliverOnce({ call }: Pick<Awaited<ReturnType<typeof startServer>>, 'call'>): Promise<void> {
  const { id } = JSON.parse((await call('POST', 'exports')).text) as { id: number };
  for (;;) {
    const { state } = JSON.parse((await call('GET', `exports/${id}`)).text) as { state: string };
    if (state === 'delivered' || state === 'held') return;
    if (!['waiting', 'rendering', 'delivering'].includes(state)) throw new Error(`run ${id} is ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
