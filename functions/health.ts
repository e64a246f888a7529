import { answerJson, type Route } from './http.ts';
import { pausedSince, unhealthyReasons } from '../shared/health.ts';

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
    if (reasons.length === 0) return answerJson({ status: 'ok', ...paused });
    return answerJson({ status: 'unhealthy', reasons, ...paused }, 503);
  },
};
