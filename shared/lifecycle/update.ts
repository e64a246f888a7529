import type { App } from '../app.ts';
import { decideUpdate, type UpdateRequest } from '../domain/decide-update.ts';
import type { Decision } from '../domain/decision.ts';
import type { Caller } from '../store/accounts.ts';
import { alsoClaims } from './also-claims.ts';

/** Brings an account and its contract roles to what HelloID wants. */
export async function updateAccount(app: App, request: UpdateRequest, caller: Caller): Promise<Decision> {
  const { reference, wanted, person = null, dryRun } = request;
  const also = alsoClaims(app, wanted);
  return app.accounts.change({ reference, wanted, calledFor: person }, { ...caller, dryRun }, (situation) =>
    decideUpdate({ ...situation, claims: [...situation.claims, ...also] }, request, app.rules),
  );
}
