import type { App } from '../app.ts';
import type { Wanted } from '../domain/account.ts';
import type { Claim } from '../domain/decision.ts';
import { takenFields } from '../domain/taken.ts';

/** The fields whose wanted value create would refuse. Reads only. */
export async function nonUniqueFields(
  { accounts, rules }: App,
  { reference, wanted }: { reference: string | null; wanted: Wanted },
): Promise<Claim['field'][]> {
  return takenFields(await accounts.claims(reference, wanted), rules);
}
