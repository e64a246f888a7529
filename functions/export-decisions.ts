import type { RunDecisionName } from '../shared/daily/decisions.ts';
import { answerJson, type Route } from './http.ts';
import { runDetail, runOf } from './run-of.ts';
import { readDecider } from './wire/decider.ts';

/** A held run goes out, exactly the bytes that were shown. */
export const exportRelease = decision('release');
/** A held or blocked run will not go out. */
export const exportDiscard = decision('discard');
/** A failed run is tried again now. */
export const exportRetry = decision('retry');

function decision(name: RunDecisionName): Route {
  return {
    name: `export-${name}`,
    method: 'POST',
    path: `exports/{id}/${name}`,
    scope: 'operator',
    async handler(call, app) {
      const run = await runOf(call.params, app);
      await app.daily.decide(run, name, await readDecider(call));
      return answerJson(await runDetail(await runOf(call.params, app), app));
    },
  };
}
