import type { Preview } from '../shared/daily.ts';
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
  async handler(call, { daily, previewNow }) {
    const { dryRun } = readShape(exportShape, await readOptionalBody(call));
    if (!dryRun) return answerJson(await daily.runNow(), 202);
    return answerJson(previewView(await previewNow()));
  },
};

/** What a run would be, as readers see it. */
export function previewView({ files, findings, comparison, becomes, reasons }: Preview) {
  const effect = { ...comparison.effect, who: comparison.who };
  return { dryRun: true, becomes, files, effect, findings, reasons };
}
