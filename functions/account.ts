import { AppError } from '../shared/errors.ts';
import { accountDetail } from './account-view.ts';
import { answerJson, type Route } from './http.ts';

// The whole trail has a route of its own; here stands what fits on a page.
const mostHistory = 200;

/** One account, a deleted one too, with what was delivered of it and its history. */
export const account: Route = {
  name: 'account',
  method: 'GET',
  path: 'accounts/{reference}',
  scope: 'viewer',
  async handler({ params }, app) {
    const found = await app.accounts.find(params.reference ?? '');
    if (!found) throw new AppError('not-found', 'There is no account with this reference');
    return answerJson(accountDetail(found, await app.accounts.history(found.id, mostHistory), app.keyRules));
  },
};
