import { answerJson, type Route } from './http.ts';
import { readOptionalBody } from './wire/body.ts';
import { Flag, members, readShape } from './wire/shape.ts';

export const exportShape = members({ dryRun: Flag });

/** A run now, or with `dryRun` what it would be. */
export const exportNow: Route = {
  name: 'export-now',
  method: 'POST',
  path: 'exports',
  scope: 'operator',
  async handler(call, { daily }) {
    const { dryRun } = readShape(exportShape, await readOptionalBody(call));
    if (!dryRun) return answerJson(await daily.runNow(), 202);
    const { files, findings, comparison, becomes, reasons } = await daily.preview();
    return answerJson({
      dryRun: true,
      becomes,
      files,
      effect: { ...comparison.effect, who: comparison.who },
      findings,
      reasons,
    });
  },
};
