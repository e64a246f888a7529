import { answerJson, type Route } from './http.ts';
import { runOf, runView } from './run-view.ts';

/** One run. */
export const exportRun: Route = {
  name: 'export',
  method: 'GET',
  path: 'exports/{id}',
  scope: 'viewer',
  handler: async ({ params }, app) => answerJson(runView(await runOf(params, app))),
};
