import type { App } from '../app.ts';
import { decideCreate, type CreateRequest } from '../domain/decide-create.ts';
import type { Decision } from '../domain/decision.ts';
import type { Caller } from '../store/accounts.ts';

/** Creates, correlates or revives an account; a retry after a time-out finds what the first call made. */
export async function createAccount(
  { accounts, rules }: App,
  request: CreateRequest,
  caller: Caller,
): Promise<Decision> {
  const { wanted, correlation, dryRun } = request;
  const target = { wanted, correlation: correlation.kind === 'on' ? correlation : null };
  return accounts.change(target, { ...caller, dryRun }, (situation) => decideCreate(situation, request, rules));
}
