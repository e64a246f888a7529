import { answerJson, type Route } from './http.ts';
import { readDecider } from './wire/decider.ts';

/** No delivery until resumed. */
export const pause: Route = {
  name: 'pause',
  method: 'POST',
  path: 'pause',
  scope: 'operator',
  handler: async (call, { daily }) => answerJson({ paused: await daily.pause(await readDecider(call)) }),
};

/** Deliveries go on; the newest due time goes. */
export const resume: Route = {
  name: 'resume',
  method: 'POST',
  path: 'resume',
  scope: 'operator',
  async handler(call, { daily }) {
    await daily.resume(await readDecider(call));
    return answerJson({ paused: null });
  },
};
