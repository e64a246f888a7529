import { overview as overviewOf } from '../shared/overview.ts';
import { answerJson, type Route } from './http.ts';

/** How things are, and who asks. */
export const overview: Route = {
  name: 'overview',
  method: 'GET',
  path: 'overview',
  scope: 'viewer',
  handler: async ({ key, scope }, app) => answerJson({ me: { name: key, scope }, ...(await overviewOf(app)) }),
};
