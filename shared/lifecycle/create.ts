import type { App } from '../app.ts';
import { decideCreate, type CreateRequest } from '../domain/decide-create.ts';
import type { Decision } from '../domain/decision.ts';
import type { Caller } from '../store/accounts.ts';
import { alsoClaims } from './also-claims.ts';

/** Creates, correlates or revives an account; a retry after a time-out finds what the first call made. */
export async function createAccount(app: App, request: CreateRequest, caller: Caller): Promise<Decision> {
  const { wanted, correlation, person = null, dryRun } = request;
  const target = { wanted, calledFor: person, correlation: correlation.kind === 'on' ? correlation : null };
  const also = alsoClaims(app, wanted);
  return app.accounts.change(target, { ...caller, dryRun }, (situation) =>
    decideCreate({ ...situation, claims: [...situation.claims, ...also] }, request, app.rules),
  );
}
