import type { App } from './app.ts';
import type { Run } from './domain/run.ts';
import type { Pause } from './daily/decisions.ts';

/** What can be looked at to see whether all is well. */
export type Watched = Pick<
  App,
  | 'accounts'
  | 'activity'
  | 'backups'
  | 'config'
  | 'daily'
  | 'facts'
  | 'findings'
  | 'now'
  | 'runs'
  | 'takenOver'
  | 'usernames'
>;

const minuteMilliseconds = 60_000;
const dayMilliseconds = 24 * 60 * minuteMilliseconds;

/** The due time of a delivery that should have arrived by now; null when none is overdue. */
export async function overdueDelivery({ daily, runs, accounts, config, now }: Watched): Promise<Date | null> {
  // not of the newest due time: with due times closer together than overdueMinutes that one is never late
  const { newest } = await daily.due(minutesBefore(now(), config.policy.schedule.overdueMinutes));
  if (!newest || !(await accounts.everCreated())) return null;
  const delivered = await runs.lastDelivered(now().toISOString()); // not one of a clock that ran ahead
  if ((delivered?.finishedAt ?? '') >= newest.toISOString()) return null;
  // a clock that was set back gives its delivery an end before its due time
  return (await runs.forDueTime(newest.toISOString()))?.state === 'delivered' ? null : newest;
}

/** HelloID's last call, when that is longer ago than `notify.silentDays`; null when it is not, or when it never called. */
export function helloIdSilentSince({ activity, config, now }: Watched): Date | null {
  const last = activity.lastCall();
  const { silentDays } = config.policy.notify;
  if (!last || silentDays === null) return null;
  return daysBetween(last, now()) >= silentDays ? last : null;
}

function minutesBefore(time: Date, minutes: number): Date {
  return new Date(time.getTime() - minutes * minuteMilliseconds);
}

/** Whole days of 24 hours. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / dayMilliseconds);
}

/** What a person does next about a run that stopped. */
export function afterRun({ id, state, retryAt }: Run): string {
  const who = '--by NAME --reason TEXT';
  if (state === 'held')
    return `look at who is affected (/api/exports/${id}), then: spendcloud release ${id} ${who}, or discard`;
  if (state === 'blocked')
    return `mend what the reason says; the next due time makes a new run, or at once: spendcloud export`;
  if (retryAt === null)
    return `it does not go on by itself. Run: spendcloud doctor, mend what it says, then: spendcloud retry ${id} ${who}`;
  return `nothing yet: it is tried again by itself, next at ${retryAt}. If it keeps failing, run: spendcloud doctor`;
}

/** The same about an overdue delivery. */
export function afterOverdue(paused: Pause | null): string {
  return paused ? 'resume when it is time: spendcloud resume --by NAME --reason TEXT' : 'run: spendcloud doctor';
}

/** The same about HelloID's silence. */
export const afterSilence =
  'see whether the HelloID agent runs, whether enforcement is on, and whether its key is still valid: spendcloud keys list';
