import { nextDueTimes, type Schedule } from '../domain/schedule.ts';
import type { Inspection } from '../store/inspect.ts';
import { isTooLongAgo } from '../ticks.ts';
import { failed, ok, warning, type Step } from './step.ts';

// A clock that is disciplined by NTP moves back by less.
const toleratedMilliseconds = 60_000;

/** Whether the clock can be right, by what the database has seen. */
export function checkClock({ timeZone }: Schedule, now: Date, found: Inspection | undefined): Step {
  const name = 'clock';
  const says = `${localTime(now, timeZone)} in ${timeZone}, ${now.toISOString()}`;
  const newest = found?.newestEntry ?? null;
  const isAhead = (time: string) => Date.parse(time) > now.getTime() + toleratedMilliseconds;
  if (newest !== null && isAhead(newest))
    return failed(name, `${says}, but the database holds an entry of ${newest}. Set the clock right (NTP)`);
  const latest = found?.latestTime ?? null;
  if (latest !== null && isAhead(latest))
    return warning(
      name,
      `${says}; the database holds times up to ${latest}, from when the clock ran ahead, which are not taken for news`,
    );
  return ok(name, says);
}

export function checkSchedule(schedule: Schedule, now: Date, found: Inspection | undefined): Step {
  const name = 'schedule';
  const times = nextDueTimes(schedule, now, 3).map((time) => localTime(time, schedule.timeZone));
  const says = `next due at ${times.join(', ')} (${schedule.timeZone})`;
  const paused = found?.pausedSince ?? null;
  if (paused === null) return ok(name, says);
  return warning(
    name,
    `${says}, but deliveries are paused since ${paused}. Go on with: spendcloud resume --by NAME --reason TEXT`,
  );
}

/** Nothing while a connector looks for what is due, or where none ever did. */
export function checkTimer(now: Date, found: Inspection | undefined): Step[] {
  const at = found?.tickedAt ?? null;
  if (at === null || !isTooLongAgo(new Date(at), now)) return [];
  const says = `no connector has looked for what is due since ${at}. Is it running? On the Functions host, see its log`;
  return [warning('timer', says)];
}

/** As `2026-11-24 05:30:00 GMT+1`: around a change of the clock the offset tells two times apart. */
function localTime(time: Date, timeZone: string): string {
  const format = { dateStyle: 'short', timeStyle: 'medium', timeZone } as const;
  const offset = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' })
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName');
  return `${new Intl.DateTimeFormat('sv-SE', format).format(time)} ${offset?.value ?? ''}`;
}
