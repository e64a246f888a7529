import { answerJson, type Route } from './http.ts';
import { runDetail, runOf } from './run-of.ts';

/** One run. */
export const exportRun: Route = {
  name: 'export',
  method: 'GET',
  path: 'exports/{id}',
  scope: 'viewer',
  handler: async ({ params }, app) => answerJson(await runDetail(await runOf(params, app), app)),
};
