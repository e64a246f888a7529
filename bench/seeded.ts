import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { program } from './processes.ts';
import type { SeedOrder } from './programs/seed.ts';

/** A filled data folder; see programs/seed.ts. */
export async function seeded(bench: Bench, order: Omit<SeedOrder, 'dataDir'>): Promise<string> {
  const dataDir = bench.folder();
  bench.tell(`  filling a database: ${order.persons} persons, ${order.roles} roles, ${order.entries} entries`);
  await program('seed', { ...order, dataDir });
  return dataDir;
}

export function databaseIn(dataDir: string): string {
  return join(dataDir, 'spendcloud.db');
}
