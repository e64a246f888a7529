import type { App } from '../app.ts';
import { decideUpdate, type UpdateRequest } from '../domain/decide-update.ts';
import type { Decision } from '../domain/decision.ts';
import type { Caller } from '../store/accounts.ts';

/** Brings an account and its contract roles to what HelloID wants. */
export async function updateAccount(
  { accounts, rules }: App,
  request: UpdateRequest,
  caller: Caller,
): Promise<Decision> {
  const { reference, wanted, dryRun } = request;
  return accounts.change({ reference, wanted }, { ...caller, dryRun }, (situation) =>
    decideUpdate(situation, request, rules),
  );
}
