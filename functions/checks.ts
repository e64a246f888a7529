import { answerJson, type Route } from './http.ts';

/** What the doctor finds on this machine. */
export const checks: Route = {
  name: 'checks',
  method: 'GET',
  path: 'checks',
  scope: 'viewer',
  async handler(_call, app) {
    const { value, failed, ...rest } = await app.checks.here();
    return answerJson({ ...rest, failed, steps: value });
  },
};

/** The same with the way of a delivery, tried with files of the doctor's own. */
export const checksNow: Route = {
  name: 'checks-now',
  method: 'POST',
  path: 'checks',
  scope: 'operator',
  async handler(_call, app) {
    const { at, steps } = await app.checks.withDelivery();
    return answerJson({ at, computing: false, failed: null, steps });
  },
};
