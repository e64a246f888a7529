import type { App } from '../shared/app.ts';
import type { Run } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';

/** A run as readers see it. `effect` is null until a dump is compared with the one delivered before. */
export function runView({
  id,
  dueAt,
  trigger,
  state,
  destination,
  createdAt,
  startedAt,
  finishedAt,
  files,
  findings,
  reasons,
  attempts,
}: Run) {
  return {
    id,
    dueAt,
    trigger,
    state,
    destination,
    createdAt,
    startedAt,
    finishedAt,
    files,
    effect: null,
    findings,
    reasons,
    attempts,
  };
}

/** The run that a route's `{id}` names. */
export async function runOf(params: Readonly<Record<string, string>>, { runs }: App): Promise<Run> {
  const id = params.id ?? '';
  const run = /^\d{1,15}$/.test(id) ? await runs.find(Number(id)) : undefined;
  if (!run) throw new AppError('not-found', 'There is no run with this id');
  return run;
}
