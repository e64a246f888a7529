import { Cron } from 'croner';
import type { App } from '../shared/app.ts';
import { reasonOf } from '../shared/errors.ts';

/** Nudges the daily work at once and every five minutes; a late, doubled or missed nudge does no harm. */
export function startTimer({ tick, log }: App): { stop(): void } {
  const nudge = () =>
    tick().catch((error: unknown) => {
      log.error({ reason: reasonOf(error) }, 'the daily work could not go on; the next tick tries again');
    });
  const timer = new Cron('0 */5 * * * *', { mode: '6-part', protect: true }, nudge);
  void nudge();
  return { stop: () => timer.stop() };
}
