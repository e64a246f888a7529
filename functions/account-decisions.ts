import type { AccessRequest } from '../shared/domain/decide-access.ts';
import type { Decision } from '../shared/domain/decision.ts';
import { AppError } from '../shared/errors.ts';
import { deleteAccount, disableAccount, enableAccount } from '../shared/lifecycle/access.ts';
import type { App } from '../shared/app.ts';
import type { Caller } from '../shared/store/accounts.ts';
import { accountDetail } from './account-view.ts';
import { answerJson, type Answer, type Call, type Route } from './http.ts';
import { readOptionalBody } from './wire/body.ts';
import { deciderMembers, deciderOf, readDecider } from './wire/decider.ts';
import { members, readShape, Text } from './wire/shape.ts';

type Action = (app: App, request: AccessRequest, caller: Caller) => Promise<Decision>;

/** What HelloID cannot do any more, for instance for a person it no longer manages. */
export const accountEnable = decision('enable', enableAccount);
export const accountDisable = decision('disable', disableAccount);
export const accountDelete = decision('delete', deleteAccount);

export const acceptShape = members({
  pending: Text.describe('What was shown as waiting; another that waits by now is not accepted.'),
  ...deciderMembers,
});

/** The files may carry the changed username from the next dump on. */
export const accountAcceptUsername: Route = {
  name: 'account-accept-username',
  method: 'POST',
  path: 'accounts/{reference}/accept-username',
  scope: 'operator',
  async handler(call, app) {
    const reference = call.params.reference ?? '';
    const body = await readOptionalBody(call);
    const { pending } = readShape(acceptShape, body);
    await app.usernames.accept(reference, pending ?? null, deciderOf(body), call);
    return answerAccount(app, reference);
  },
};

/** The number of a deleted account may make a new one; the deleted one stays closed. */
export const accountRenew: Route = {
  name: 'account-renew',
  method: 'POST',
  path: 'accounts/{reference}/renew',
  scope: 'operator',
  async handler(call, app) {
    const reference = call.params.reference ?? '';
    const decider = await readDecider(call);
    const known = await app.accounts.find(reference);
    if (!known) throw new AppError('not-found', 'There is no account with this reference');
    await app.personNumbers.renew(known.account.externalId, decider, call);
    return answerAccount(app, reference);
  },
};

function decision(name: 'enable' | 'disable' | 'delete', act: Action): Route {
  return {
    name: `account-${name}`,
    method: 'POST',
    path: `accounts/{reference}/${name}`,
    scope: 'operator',
    async handler(call: Call, app) {
      const reference = call.params.reference ?? '';
      const decider = await readDecider(call);
      const known = await app.accounts.find(reference);
      if (known?.deletedAt !== null) throw new AppError('not-found', 'There is no living account with this reference');
      const { key, requestId } = call;
      await act(
        app,
        { reference, origin: 'operator', dryRun: false },
        { action: name, key, requestId, origin: 'operator', decider },
      );
      return answerAccount(app, reference);
    },
  };
}

async function answerAccount(app: App, reference: string): Promise<Answer> {
  const found = await app.accounts.find(reference);
  if (!found) throw new AppError('not-found', 'There is no account with this reference');
  return answerJson(accountDetail(found, await app.accounts.history(found.id, 200), app.keyRules));
}
