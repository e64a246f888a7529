import { takeOverState } from '../shared/takeover/open-take-over.ts';
import { answerJson, type Route } from './http.ts';
import { readLimit } from './query.ts';

/** Whom the take-over brought, and whom of them HelloID has not called about since. */
export const takeOver: Route = {
  name: 'take-over',
  method: 'GET',
  path: 'take-over',
  scope: 'viewer',
  async handler({ query }, app) {
    return answerJson({ takeOver: takeOverState(app), people: app.takenOver.untouched(readLimit(query)) });
  },
};
