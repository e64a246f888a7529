import { Cron } from 'croner';

/** When dumps are due: six cron fields, in a time zone. */
export interface Schedule {
  cron: string;
  timeZone: string;
}

/** The next times after `now` at which a dump is due. */
export function nextDueTimes({ cron, timeZone }: Schedule, now: Date, count: number): Date[] {
  return new Cron(cron, { timezone: timeZone, mode: '6-part', paused: true }).nextRuns(count, now);
}

export interface DueTimes {
  newest: Date | null;
  next: Date | null;
}

/** The newest time at or before `now` at which a dump was due, and the next one behind it. Right on both clock changes. */
export function dueTimes({ cron, timeZone }: Schedule, now: Date): DueTimes {
  const job = new Cron(cron, { timezone: timeZone, mode: '6-part', paused: true });
  const soon = new Date(now.getTime() + 1000); // previousRuns looks strictly before, in whole seconds
  const newest = job.previousRuns(2, soon).find((time) => time <= now) ?? null;
  return { newest, next: job.nextRun(now) };
}

// Of now, and of a while before it.
const mostRemembered = 4;

/** Finds due times and remembers them until the next one: health asks for them at each call. */
export function dueTimesOf(schedule: Schedule): (now: Date) => DueTimes {
  let known: DueTimes[] = [];
  return (now) => {
    const between = known.find(({ newest, next }) => (!newest || newest <= now) && (!next || now < next));
    if (between) return between;
    const found = dueTimes(schedule, now);
    known = [found, ...known].slice(0, mostRemembered);
    return found;
  };
}
