import { isUnknown, type Run } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import type { DailyParts } from './parts.ts';
import { arrived, finishes, isReady, settle } from './send.ts';

/**
 * A run that was decided upon in the moment before a newer one was delivered: Spend Cloud must not get older files after that, not even
 * those that an attempt left half-way there.
 */
export async function giveUpOvertaken({ runs, log }: DailyParts, { id, state }: Run): Promise<void> {
  log.warn({ run: id, state }, 'a newer run was delivered already: this one is not sent any more');
  await runs.move(id, [state], { state: 'superseded' });
}

/**
 * Before an earlier failed run is overtaken, the far side is asked whether it arrived after all: the next effect is measured against it. True when
 * one did: what was judged before that is judged again.
 */
export async function settleEarlier(parts: DailyParts, { id }: Run): Promise<boolean> {
  let hasSettled = false;
  for (const earlier of await parts.runs.inState('failed')) {
    if (earlier.id >= id || !(await isReady(parts, earlier)) || !(await hasArrived(parts, earlier))) continue;
    await settle(parts, earlier);
    hasSettled = true;
  }
  return hasSettled;
}

async function hasArrived(parts: DailyParts, run: Run): Promise<boolean> {
  const last = run.attempts.at(-1);
  if (!last || !isUnknown(last)) return last !== undefined && arrived(last);
  try {
    return await finishes(parts, run, last);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    parts.log.warn({ run: run.id, code: error.code }, 'the far side could not be asked about an earlier run');
    return false;
  }
}
