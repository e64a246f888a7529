import { isUnknown, type Decider, type Run, type RunDecision, type RunState } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import { acceptCodes } from './codes.ts';
import { acceptForeign } from './far-side.ts';
import type { DailyParts } from './parts.ts';

/** What a person may decide about a run: from which states, and what it becomes. */
const allowed = {
  release: { from: ['held'], to: 'delivering' },
  discard: { from: ['held', 'blocked'], to: 'discarded' },
  retry: { from: ['failed'], to: 'delivering' },
} as const satisfies Record<string, { from: RunState[]; to: RunState }>;

export type RunDecisionName = keyof typeof allowed;

/** A newer run in one of these may be what Spend Cloud has already: older files must not follow it. */
const overtaking: readonly RunState[] = ['rendering', 'delivering', 'delivered'];

/** Carries out a person's decision, or says why the run's state or that of a newer one does not allow it. */
export async function decideRun(parts: DailyParts, run: Run, name: RunDecisionName, decider: Decider): Promise<void> {
  const { runs, facts } = parts;
  const { from, to }: { from: readonly RunState[]; to: RunState } = allowed[name];
  const goesOut = to === 'delivering';
  if (goesOut && facts.get('paused'))
    throw new AppError('conflict', `Deliveries are paused; resume them before you ${name} a run`);
  if (goesOut) await expectNoneArrived(runs, run, name);
  const target = name === 'retry' && run.files.length === 0 ? 'rendering' : to;
  const unlessNewer = goesOut ? overtaking : [];
  if (!(await runs.decide(run.id, { from, to: target, unlessNewer }, name, decider))) {
    const state = (await runs.find(run.id))?.state;
    const newer = await runs.newestAfter(run.id, ...unlessNewer);
    throw newer && state && from.includes(state)
      ? overtaken(run, name, `Run ${newer.id} is ${newer.state}`)
      : new AppError(
          'conflict',
          `Run ${run.id} is ${state ?? 'gone'}; only a run that is ${from.join(' or ')} can be ${past[name]}`,
        );
  }
  if (name !== 'release') return;
  await acceptCodes(parts, run);
  await acceptForeign(parts, run);
  await runs.supersedeBefore(run.id, 'failed');
}

async function expectNoneArrived(runs: DailyParts['runs'], run: Run, name: RunDecisionName): Promise<void> {
  const newer = (await runs.inState('failed')).find(({ id, attempts }) => id > run.id && attempts.some(isUnknown));
  if (newer) throw overtaken(run, name, `Run ${newer.id} failed and may have arrived`);
}

function overtaken({ id }: Run, name: RunDecisionName, newer: string): AppError {
  return new AppError(
    'conflict',
    `${newer}: run ${id} is older and must not go out after it, so it cannot be ${past[name]}`,
  );
}

const past: Record<RunDecisionName, string> = { release: 'released', discard: 'discarded', retry: 'retried' };

/** Since when, by whom and why no delivery is made. */
export type Pause = Omit<RunDecision, 'decision'>;

export function pauseOf({ facts }: Pick<DailyParts, 'facts'>): Pause | null {
  return JSON.parse(facts.get('paused') ?? 'null') as Pause | null;
}
