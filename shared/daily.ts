import { pairFolder, type DailyParts } from './daily/parts.ts';
import { takeBaseline, type Baseline, type BaselineOrder } from './daily/baseline.ts';
import { decideRun, pauseOf, type Pause, type RunDecisionName } from './daily/decisions.ts';
import { afterStop, giveUpOvertaken, settleEarlier } from './daily/order.ts';
import { blockRun, previewRun, renderRun, type Judgement } from './daily/render.ts';
import { runFailure } from './daily/run-failure.ts';
import { arrived, disownArrived, failRun, isReady, sendRun } from './daily/send.ts';
import { isUnknown, type Decider, type Run } from './domain/run.ts';
import { dueTimesOf } from './domain/schedule.ts';
import { AppError } from './errors.ts';
import type { RenderedDump } from './render-dump.ts';

/** A run that is only thought of: its files, its effect, and what would become of it. */
export type Preview = RenderedDump & Judgement;

export interface Daily {
  /** A nudge: makes the run that is due and undone, goes on with what was left, tries again what failed and may be tried. Harmless to repeat. */
  tick(): Promise<void>;
  /** Asks for a run by hand and starts on it; the run is done later, see the ledger. */
  runNow(): Promise<Run>;
  /** What a run would be at this moment; nothing is kept or sent. */
  preview(): Promise<Preview>;
  /** The same, looked at while its pair is in a folder. */
  previewed<Seen>(look: (preview: Preview, folder: string) => Seen): Promise<Seen>;
  /** A person releases, discards or retries a run; throws `conflict` where its state does not allow it. */
  decide(run: Run, name: RunDecisionName, decider: Decider): Promise<void>;
  /** Takes the files that Spend Cloud got until now as what the next run is compared with; throws `conflict` once we delivered, unless `again`. */
  baseline(order: BaselineOrder): Promise<Baseline>;
  /** No delivery until resumed; throws `conflict` when it is so already. */
  pause(decider: Decider): Promise<Pause>;
  resume(decider: Decider): Promise<void>;
  paused(): Pause | null;
  /** The newest time, at or before a moment (now, unless given), at which a dump was due, null before the first one; and the next behind it. */
  due(at?: Date): Promise<{ newest: Date | null; next: Date | null }>;
  fileOf(run: Run, name: string): string;
  /** Goes on with what is there to do, as far as no other process is at it; rejects with what stopped it. Tries nothing again that failed. */
  goOn(): Promise<void>;
  /** Resolves once no run is being worked on in this process. */
  settled(): Promise<void>;
  /** Stops a dump under way, which the next start goes on with, and waits for a delivery under way. */
  stop(): Promise<void>;
}

const minuteMilliseconds = 60_000;
const lookAgainMilliseconds = 1000;
// However busy HelloID is, a dump waits for quiet no longer than this behind its due time.
const longestQuietWait = 60 * minuteMilliseconds;

/** Dump, check, deliver, record. The ledger in the database is the truth; the timer only nudges. */
export function daily(parts: DailyParts): Daily {
  const { accounts, runs, facts, lock, schedule, now, log } = parts;
  const stopping = new AbortController();
  const timesAt = dueTimesOf(schedule);
  let working: Promise<void> | undefined;
  let looking: NodeJS.Timeout | undefined;
  const previews = new Set<Promise<unknown>>();

  async function tick(): Promise<void> {
    await makeDueRun();
    await work({ retry: true });
  }

  async function makeDueRun(): Promise<void> {
    const { newest } = await due();
    if (!newest || !(await accounts.everCreated())) return;
    const run = await runs.create('schedule', newest.toISOString());
    if (!run) return;
    // after an outage, or a pause, only the newest due time counts
    for (const earlier of await runs.inState('waiting')) {
      if (earlier.trigger === 'schedule' && earlier.id < run.id)
        await runs.move(earlier.id, ['waiting'], { state: 'superseded' });
    }
  }

  async function due(at = now()): Promise<{ newest: Date | null; next: Date | null }> {
    const countedFrom = facts.get('schedule-counted-from') ?? now().toISOString();
    const { newest, next } = timesAt(at);
    return { newest: newest && newest.toISOString() > countedFrom ? newest : null, next };
  }

  function work({ retry }: { retry: boolean }): Promise<void> {
    working ??= workThrough(retry).finally(() => {
      working = undefined;
    });
    return working;
  }

  async function workThrough(retry: boolean): Promise<void> {
    while (!stopping.signal.aborted && ((await nextRun()) ?? (retry && (await retryable())))) {
      const release = lock.take();
      if (!release) {
        lookAgain(retry);
        return;
      }
      try {
        await parts.settleOlder();
        await advanceAll(retry);
      } finally {
        release();
      }
    }
  }

  /** Somebody else is at it: another process with a run, or this one with an erasure; neither knows what is asked for meanwhile. */
  function lookAgain(retry: boolean): void {
    clearTimeout(looking);
    looking = setTimeout(() => startWork(retry), lookAgainMilliseconds).unref();
  }

  async function advanceAll(retry: boolean): Promise<void> {
    for (let run = await nextRun(); run; run = await nextRun()) {
      if (stopping.signal.aborted) return;
      await advance(run);
    }
    const failed = retry ? await retryable() : undefined;
    if (
      failed &&
      (await runs.move(failed.id, ['failed'], { state: failed.files.length > 0 ? 'delivering' : 'rendering' }))
    ) {
      await advanceAll(retry);
    }
  }

  /** What somebody was at, then what waits, oldest first. */
  async function nextRun(): Promise<Run | undefined> {
    const paused = pauseOf(parts) !== null;
    const open = (await runs.inState('rendering', 'delivering', 'waiting')).filter((run) => {
      if (run.state === 'waiting') return !waitsForQuiet(run) && !(paused && run.files.length > 0);
      return !(run.state === 'delivering' && paused);
    });
    return open.find((run) => run.state !== 'waiting') ?? open[0];
  }

  function waitsForQuiet({ dueAt }: Run): boolean {
    if (dueAt === null || now().getTime() >= Date.parse(dueAt) + longestQuietWait) return false;
    const last = parts.lastCall();
    return last !== null && now().getTime() - last.getTime() < schedule.quietMinutes * minuteMilliseconds;
  }

  /** The newest that may be tried again; none before one that may have arrived, which it would undo. */
  async function retryable(): Promise<Run | undefined> {
    if (pauseOf(parts)) return undefined;
    const failed = await runs.inState('failed');
    const mayHaveArrived = failed.findLastIndex(({ attempts }) => attempts.some(isUnknown));
    return failed
      .slice(Math.max(mayHaveArrived, 0))
      .findLast(({ retryAt }) => retryAt !== null && Date.parse(retryAt) <= now().getTime());
  }

  async function advance(run: Run): Promise<void> {
    try {
      if (await isOvertaken(run)) return;
      if (run.state === 'delivering' && (await isReady(parts, run)) && !(await isJudgedTooEarly(run))) {
        const stopped = await sendRun(parts, run);
        if (!stopped || !(await afterStop(parts, run, stopped)) || (await isOvertaken(run))) return;
      }
      await disownArrived(parts, run);
      if (run.state === 'waiting') await settleEarlier(parts, run);
      await runs.move(run.id, [run.state], { state: 'rendering' });
      await renderRun(parts, { ...run, state: 'rendering' }, stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) return; // left as it is: the next start goes on with it
      const failure = runFailure('The run stopped unexpectedly', error);
      const state = (await runs.find(run.id))?.state ?? run.state;
      if (!['waiting', 'rendering', 'delivering'].includes(state)) throw failure; // what was judged stays so: a held run that failed would go by itself
      if (failure.code === 'broken-table') {
        await blockRun(parts, { ...run, state }, failure);
        return;
      }
      await failRun(parts, { ...run, state }, failure);
    }
  }

  async function isOvertaken(run: Run): Promise<boolean> {
    if (!(await runs.newestAfter(run.id, 'delivered'))) return false;
    await giveUpOvertaken(parts, run);
    return true;
  }

  /** Its effect was measured while it was not known that an earlier run had arrived. One that may have arrived itself is looked for first. */
  async function isJudgedTooEarly(run: Run): Promise<boolean> {
    const last = run.attempts.at(-1);
    if (last && (isUnknown(last) || arrived(last))) return false;
    return settleEarlier(parts, run);
  }

  async function runNow(): Promise<Run> {
    const run = await runs.create('manual', null);
    if (!run) throw new Error('a run by hand has no due time that could be taken');
    startWork();
    return run;
  }

  function startWork(retry = false): void {
    work({ retry }).catch((error: unknown) => {
      log.error(
        { error: error instanceof Error ? error.name : typeof error },
        'a run stopped unexpectedly; the next tick goes on with it',
      );
    });
  }

  async function decide(run: Run, name: RunDecisionName, decider: Decider): Promise<void> {
    await decideRun(parts, run, name, decider);
    startWork();
  }

  async function pause(decider: Decider): Promise<Pause> {
    if (pauseOf(parts)) throw new AppError('conflict', 'Deliveries are paused already');
    const pause = { at: now().toISOString(), ...decider };
    await facts.decide('pause', { paused: JSON.stringify(pause) }, decider);
    return pause;
  }

  async function resume(decider: Decider): Promise<void> {
    if (!pauseOf(parts)) throw new AppError('conflict', 'Deliveries are not paused');
    await facts.decide('resume', { paused: null }, decider);
    startWork();
  }

  async function previewed<Seen>(look: (preview: Preview, folder: string) => Seen): Promise<Seen> {
    const preview = previewRun(parts, stopping.signal, look);
    previews.add(preview);
    return preview.finally(() => previews.delete(preview));
  }

  async function settled(): Promise<void> {
    while (working) await working.catch(() => undefined); // whoever started the work hears of its failure
  }

  async function stop(): Promise<void> {
    stopping.abort();
    clearTimeout(looking);
    await settled();
    await Promise.allSettled(previews);
  }

  return {
    tick,
    runNow,
    preview: () => previewed((preview) => preview),
    previewed,
    decide,
    baseline: (order) => takeBaseline(parts, order),
    pause,
    resume,
    paused: () => pauseOf(parts),
    due,
    fileOf: (run, name) => `${pairFolder(parts, run.id)}/${name}`,
    goOn: () => work({ retry: false }),
    settled,
    stop,
  };
}
