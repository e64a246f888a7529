import type { Bench } from '../bench.ts';
import { alternate, type Row } from '../measure.ts';
import { program } from '../processes.ts';
import type { VerifyProgramOrder } from '../programs/verify.ts';
import { databaseIn, seeded } from '../seeded.ts';

/** The proof of the audit trail, and of accounts and roles by it. */
export async function verify(bench: Bench): Promise<Row[]> {
  const { entries, rounds } = bench.sizes;
  bench.tell(`audit verify, ${entries} entries`);
  const persons = Math.max(1, Math.floor(entries / 10));
  const databasePath = databaseIn(await seeded(bench, { persons, roles: 2 * persons, entries }));
  const walk = (how: VerifyProgramOrder['how']) => async () =>
    (await program<{ milliseconds: number }>('verify', { databasePath, how } satisfies VerifyProgramOrder))
      .milliseconds;
  return [
    {
      name: 'verify',
      what: `audit verify, ${entries} entries of ${persons} people`,
      reference: 'reading the same rows in a bare loop with two hashes each',
      better: 'less',
      goal: 1.5,
      unit: 'ms',
      rounds: await alternate(rounds, walk('product'), walk('bare')),
      notes: [],
    },
  ];
}
