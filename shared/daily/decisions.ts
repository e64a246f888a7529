import type { Decider, Run, RunDecision, RunState } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import type { DailyParts } from './parts.ts';

/** What a person may decide about a run: from which states, and what it becomes. */
const allowed = {
  release: { from: ['held'], to: 'delivering' },
  discard: { from: ['held', 'blocked'], to: 'discarded' },
  retry: { from: ['failed'], to: 'delivering' },
} as const satisfies Record<string, { from: RunState[]; to: RunState }>;

export type RunDecisionName = keyof typeof allowed;

/** Carries out a person's decision, or says why the run's state does not allow it. */
export async function decideRun(
  { runs, facts }: DailyParts,
  run: Run,
  name: RunDecisionName,
  decider: Decider,
): Promise<void> {
  const { from, to } = allowed[name];
  if (to === 'delivering' && facts.get('paused'))
    throw new AppError('conflict', `Deliveries are paused; resume them before you ${name} a run`);
  const target = name === 'retry' && run.files.length === 0 ? 'rendering' : to;
  if (!(await runs.decide(run.id, from, target, name, decider))) {
    const now = await runs.find(run.id);
    throw new AppError(
      'conflict',
      `Run ${run.id} is ${now?.state ?? 'gone'}; only a run that is ${from.join(' or ')} can be ${past[name]}`,
    );
  }
  if (name === 'release') await runs.supersedeBefore(run.id, 'failed');
}

const past: Record<RunDecisionName, string> = { release: 'released', discard: 'discarded', retry: 'retried' };

/** Since when, by whom and why no delivery is made. */
export type Pause = Omit<RunDecision, 'decision'>;

export function pauseOf({ facts }: Pick<DailyParts, 'facts'>): Pause | null {
  return JSON.parse(facts.get('paused') ?? 'null') as Pause | null;
}
