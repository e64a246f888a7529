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
export const disableAccount = action(decideDisable);
/** Takes a person out of the files for good; the account stays for history and return. */
export const deleteAccount = action(decideDelete);

function action(decide: Decide): AccessAction {
  return ({ accounts }, request, caller) =>
    accounts.change({ reference: request.reference }, { ...caller, dryRun: request.dryRun }, (situation) =>
      decide(situation, request),
    );
}
