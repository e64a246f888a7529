import type { Route } from './http.ts';

/** For Prometheus: numbers only, nothing about persons. */
export const metrics: Route = {
  name: 'metrics',
  method: 'GET',
  path: 'metrics',
  scope: 'viewer',
  handler: async (_call, { metrics: found }) => ({
    status: 200,
    headers: { 'content-type': found.contentType },
    body: await found.text(),
  }),
};
