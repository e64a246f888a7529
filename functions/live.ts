import { answerJson, type Route } from './http.ts';

/** For probes and load balancers: the process answers and the database is open. */
export const live: Route = {
  name: 'live',
  method: 'GET',
  path: 'live',
  scope: 'anonymous',
  async handler(_call, { accounts, expectDatabase }) {
    expectDatabase();
    await accounts.everCreated();
    return answerJson({ status: 'ok' });
  },
};
