import { answerJson, type Route } from './http.ts';

import { isBusy } from '../shared/store/writer.ts';

/** For probes and load balancers: the process answers and the database is open. */
export const live: Route = {
  name: 'live',
  method: 'GET',
  path: 'live',
  scope: 'anonymous',
  async handler(_call, { accounts, expectDatabase }) {
    expectDatabase();
    await accounts.everCreated().catch(letLockPass);
    return answerJson({ status: 'ok' });
  },
};

/** Another program that has the database locked for a while is no reason to end this one. */
function letLockPass(error: unknown): void {
  if (!isBusy(error)) throw error;
}
