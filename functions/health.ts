import { answerJson, type Route } from './http.ts';
import { attentionOf, pausedSince, unhealthyReasons } from '../shared/health.ts';

/** For monitoring: 200 or 503 with the reasons, and nothing personal. */
export const health: Route = {
  name: 'health',
  method: 'GET',
  path: 'health',
  scope: 'anonymous',
  async handler(_call, app) {
    const reasons = await unhealthyReasons(app);
    const since = pausedSince(app);
    const paused = since === undefined ? {} : { pausedSince: since };
    const attention = attentionOf(app);
    const more = { ...paused, ...(attention.length > 0 && { attention }) };
    if (reasons.length === 0) return answerJson({ status: 'ok', ...more });
    return answerJson({ status: 'unhealthy', reasons, ...more }, 503);
  },
};
