import { isUnknown, type Run } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import { hasInactive, readManifest } from '../export/pair.ts';
import { arrivedSince, lookBefore, type Stopped } from './far-side.ts';
import { pairFolder, type DailyParts } from './parts.ts';
import { arrived, finishes, isReady, rememberUsernames, settle } from './send.ts';

/**
 * A run that was decided upon in the moment before a newer one was delivered: Spend Cloud must not get older files after that, not even
 * those that an attempt left half-way there.
 */
export async function giveUpOvertaken({ runs, log }: DailyParts, { id, state }: Run): Promise<void> {
  log.warn({ run: id, state }, 'a newer run was delivered already: this one is not sent any more');
  await runs.move(id, [state, 'rendering'], { state: 'superseded' });
}

/**
 * Before an earlier failed run is overtaken, the far side is asked whether it arrived after all: the next effect is measured against it. True when
 * one did: what was judged before that is judged again.
 */
export async function settleEarlier(parts: DailyParts, run: Run): Promise<boolean> {
  let hasSettled = false;
  for (const earlier of await parts.runs.inState('failed')) {
    if (earlier.id >= run.id || !(await isReady(parts, earlier))) continue;
    const found = await lookFor(parts, earlier);
    if (found === undefined) continue;
    await judgeAgain(parts, run);
    await (found === 'arrived' ? settle(parts, earlier) : takeArrived(parts, found));
    hasSettled = true;
  }
  return hasSettled;
}

/** Before anything is taken for delivered that a run was not compared with: whoever dies in between must not send it as it is. */
async function judgeAgain({ runs }: DailyParts, { id, state }: Run): Promise<void> {
  if (state === 'delivering') await runs.move(id, ['delivering'], { state: 'rendering' });
}

/** Whether an earlier run arrived, or what of other runs was met on the way. */
async function lookFor(parts: DailyParts, run: Run): Promise<'arrived' | FoundArrived | undefined> {
  const last = run.attempts.at(-1);
  if (!last || !isUnknown(last)) return last !== undefined && arrived(last) ? 'arrived' : undefined;
  const looking = await lookBefore(parts, run);
  try {
    return (await finishes(parts, run, last, looking)) === 'arrived' ? 'arrived' : undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const stopped = looking.stopped();
    if (stopped?.kind === 'arrived') return stopped;
    parts.log.warn({ run: run.id, code: error.code }, 'the far side could not be asked about an earlier run');
    return undefined;
  }
}

type FoundArrived = Extract<Stopped, { kind: 'arrived' }>;

/** What follows when a run stopped before anything became visible; true where it has to be judged again. */
export async function afterStop(parts: DailyParts, run: Run, stopped: Stopped): Promise<boolean> {
  const { runs, log } = parts;
  if (stopped.kind === 'arrived') {
    await judgeAgain(parts, run);
    await takeArrived(parts, stopped);
    return true;
  }
  log.warn({ run: run.id }, `run held: ${stopped.reasons.join('; ')}`);
  await runs.move(run.id, ['delivering'], { state: 'held', reasons: stopped.reasons });
  await runs.supersedeBefore(run.id, 'waiting', 'held', 'blocked');
  return false;
}

/** What Spend Cloud has of runs that were thought failed is what the next effect is measured against. */
async function takeArrived(
  parts: DailyParts,
  { arrived: { whole, persons, roles }, lying }: FoundArrived,
): Promise<void> {
  const { runs, facts, now, log } = parts;
  log.warn({ whole, persons, roles }, 'an earlier run was found to have arrived after all');
  if (whole !== null) {
    const run = await runs.find(whole);
    const last = run?.attempts.at(-1);
    if (!run || !last) throw new Error(`run ${whole} was sent, and is gone`);
    if (!arrived(last)) await runs.endAttempt(run.id, last.number, null);
    await settle(parts, run);
  }
  if (persons !== null) {
    const folder = pairFolder(parts, persons);
    await rememberUsernames(parts, persons, folder);
    if (hasInactive(readManifest(folder))) await facts.set({ 'delivered-inactive': now().toISOString() });
    if (lying[1]?.what === 'known' || lying[1]?.what === 'other') await endInPart(parts, persons);
  }
  if (persons === null && roles === null) return;
  const since = { ...arrivedSince(parts), ...(persons !== null && { persons }), ...(roles !== null && { roles }) };
  await facts.set({ 'arrived-since': JSON.stringify(since) });
}

/** It is known by now how the attempt ended. */
async function endInPart({ runs }: DailyParts, id: number): Promise<void> {
  const last = (await runs.find(id))?.attempts.at(-1);
  if (last && isUnknown(last))
    await runs.endAttempt(id, last.number, 'Its persons file arrived, and its roles file did not');
}
