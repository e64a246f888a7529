import type { App } from '../app.ts';
import type { Wanted } from '../domain/account.ts';
import type { Claim } from '../domain/decision.ts';
import { takenFields } from '../domain/taken.ts';
import { alsoClaims } from './also-claims.ts';

/** The fields whose wanted value create would refuse. Reads only. */
export async function nonUniqueFields(
  app: App,
  { reference, wanted }: { reference: string | null; wanted: Wanted },
): Promise<Claim['field'][]> {
  const claims = [...(await app.accounts.claims(reference, wanted)), ...alsoClaims(app, wanted)];
  return takenFields(claims, app.rules);
}
