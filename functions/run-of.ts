import type { App } from '../shared/app.ts';
import type { Run } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';

/** The run that a route's `{id}` names. */
export async function runOf(params: Readonly<Record<string, string>>, { runs }: App): Promise<Run> {
  const id = params.id ?? '';
  const run = /^\d{1,15}$/.test(id) ? await runs.find(Number(id)) : undefined;
  if (!run) throw new AppError('not-found', 'There is no run with this id');
  return run;
}

/** One run as readers see it: with the people behind the numbers of its effect. */
export async function runDetail(run: Run, { runs, findings }: App) {
  return {
    ...run,
    findings: findings.shown(run.findings),
    effect: run.effect && { ...run.effect, who: await runs.who(run.id) },
  };
}
