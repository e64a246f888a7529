import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Bench } from '../bench.ts';
import type { Round, Row } from '../measure.ts';
import { program } from '../processes.ts';
import type { DumpProgramAnswer, DumpProgramOrder } from '../programs/dump.ts';
import { databaseIn, seeded } from '../seeded.ts';

/** What a dump would do, worked out against the one delivered last, which differs in some hundreds of people. */
export async function effect(bench: Bench): Promise<Row[]> {
  const { persons, rounds, roles } = bench.sizes;
  bench.tell(`the effect of a dump of ${persons} persons`);
  const dataDir = await seeded(bench, { persons, roles: roles[0], entries: 0 });
  const databasePath = databaseIn(dataDir);
  const earlier = join(bench.folder(), 'earlier');
  await program('dump', { databasePath, folder: earlier, earlier: null } satisfies DumpProgramOrder);
  someDaysLater(databasePath);

  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order: DumpProgramOrder = { databasePath, folder: bench.folder(), earlier };
    const { effectMilliseconds, dumpMilliseconds } = await program<DumpProgramAnswer>('dump', order);
    measured.push({ product: effectMilliseconds, reference: dumpMilliseconds });
  }
  return [
    {
      name: 'effect',
      what: `effect against the dump delivered last, ${persons} persons`,
      reference: 'the dump itself',
      better: 'less',
      goal: 1,
      unit: 'ms',
      rounds: measured,
      notes: [],
    },
  ];
}

function someDaysLater(databasePath: string): void {
  const db = new Database(databasePath);
  db.exec(`
    UPDATE accounts SET enabled = 0 WHERE rowid % 500 = 0;
    UPDATE accounts SET last_name = last_name || ' - Mulder' WHERE rowid % 300 = 1;
    DELETE FROM roles WHERE account % 200 = 2;
  `);
  db.close();
}
