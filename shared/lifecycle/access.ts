import type { App } from '../app.ts';
import { decideDelete, decideDisable, decideEnable, type AccessRequest } from '../domain/decide-access.ts';
import type { Decision, Situation } from '../domain/decision.ts';
import type { Caller } from '../store/accounts.ts';

type Decide = (situation: Situation, request: AccessRequest) => Decision;
type AccessAction = (app: App, request: AccessRequest, caller: Caller) => Promise<Decision>;

/** Puts a person into the files. */
export const enableAccount: AccessAction = async (app, request, caller) => {
  const decision = await action(decideEnable)(app, request, caller);
  const first =
    decision.success && !request.dryRun && request.origin !== 'operator' && !app.facts.get('enable-called-at');
  if (first) await app.facts.set({ 'enable-called-at': app.now().toISOString() });
  return decision;
};
/** Takes a person out of the files and keeps the account. */
export const disableAccount = action(decideDisable, { leaves: true });
/** Takes a person out of the files for good; the account stays for history and return. */
export const deleteAccount = action(decideDelete, { leaves: true });

function action(decide: Decide, { leaves } = { leaves: false }): AccessAction {
  return ({ accounts }, request, caller) => {
    const { reference, number = null, person = null, dryRun } = request;
    const named = leaves ? { leaver: { number, person } } : { calledFor: person };
    return accounts.change({ reference, ...named }, { ...caller, dryRun }, (situation) => decide(situation, request));
  };
}
