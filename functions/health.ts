import type { App } from '../shared/app.ts';
import { AppError } from '../shared/errors.ts';
import { attentionOf, pausedSince, troubles, unhealthyReasons } from '../shared/health.ts';
import { answerJson, presentedKey, type Call, type Route } from './http.ts';

/** For monitoring: 200 or 503 with the reasons, and nothing personal; in full for who sends a key that may read. */
export const health: Route = {
  name: 'health',
  method: 'GET',
  path: 'health',
  scope: 'anonymous',
  async handler(call, app) {
    const reasons = mayRead(call, app)
      ? (await troubles(app)).map(({ reason }) => reason)
      : await unhealthyReasons(app);
    const since = pausedSince(app);
    const paused = since === undefined ? {} : { pausedSince: since };
    const attention = attentionOf(app);
    const more = { ...paused, ...(attention.length > 0 && { attention }) };
    if (reasons.length === 0) return answerJson({ status: 'ok', ...more });
    return answerJson({ status: 'unhealthy', reasons, ...more }, 503);
  },
};

function mayRead(call: Call, { keys, keyRefusals }: App): boolean {
  try {
    const key = presentedKey(call);
    const scope = keys.recognise(key)?.scope;
    if (key && !scope) keyRefusals.refused('unknown'); // a guess is one here, too
    return scope === 'viewer' || scope === 'operator';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return false; // keys that cannot be read open nothing, and keep nobody from hearing how things are
  }
}
