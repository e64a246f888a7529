/** The calendar day (`2026-10-31`) that a HelloID date means; null for text that is no date. */
export function calendarDay(text: string | null, timeZone: string): string | null {
  if (text === null) return null;
  const [, day, time, offset] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text.trim()) ?? [];
  if (day === undefined) return null;
  if (day.startsWith('9999')) return day; // the end of time is the same day in every zone
  if (time === undefined || offset === undefined || /^[0:.]+$/.test(time)) return day; // midnight is how sources write a day
  const instant = new Date(text.trim());
  return Number.isNaN(instant.getTime()) ? null : dayIn(timeZone, instant);
}

/** The calendar day it is somewhere at a moment. */
export function dayIn(timeZone: string, instant: Date): string {
  const format = formats.get(timeZone) ?? dayFormat(timeZone);
  formats.set(timeZone, format);
  return format.format(instant);
}

// To make one takes longer than to use it a hundred times.
const formats = new Map<string, Intl.DateTimeFormat>();

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
}

/** A calendar day and its first moment and the one behind its last, UTC. */
export interface DaySpan {
  day: string;
  from: string;
  until: string;
}

/** The last days up to that of a moment, oldest first; short and long days at clock changes are what they are. */
export function lastDays(timeZone: string, now: Date, count: number): DaySpan[] {
  const today = Date.parse(`${dayIn(timeZone, now)}T00:00:00Z`);
  const days = Array.from({ length: count + 1 }, (_, index) => {
    const day = new Date(today + (index + 1 - count) * dayMilliseconds).toISOString().slice(0, 10);
    return { day, from: startOf(day, timeZone).toISOString() };
  });
  return days.slice(0, count).map(({ day, from }, index) => ({ day, from, until: days[index + 1]?.from ?? from }));
}

/**
 * The UTC moment that an ISO time or a calendar day means; a day counts whole, so that `edge` is its first or last millisecond there.
 * Undefined for anything else, also for a time that does not say its offset.
 */
export function momentOf(text: string, edge: 'first' | 'last', timeZone: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return isDay(text) ? edgeOf(text, edge, timeZone).toISOString() : undefined;
  // a plus sign that was not encoded in an address arrives as a space
  const time = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+ -]\d{2}:\d{2})$/i.exec(text);
  const instant = new Date(text.replace(' ', '+'));
  return time?.[1] === undefined || !isDay(time[1]) || Number.isNaN(instant.getTime())
    ? undefined
    : instant.toISOString();
}

/** Whether a day (`2026-10-31`) is one of the calendar: `2026-02-31` is not. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const dayMilliseconds = 86_400_000;

function edgeOf(day: string, edge: 'first' | 'last', timeZone: string): Date {
  if (edge === 'first') return startOf(day, timeZone);
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + dayMilliseconds).toISOString().slice(0, 10);
  return new Date(startOf(next, timeZone).getTime() - 1);
}

/** The first moment of a day: found between the earliest and latest it can be anywhere, so no rule of any clock change has to be known. */
function startOf(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let before = midnight - dayMilliseconds;
  let start = midnight + dayMilliseconds;
  while (start - before > 1) {
    const middle = Math.floor((before + start) / 2);
    if (dayIn(timeZone, new Date(middle)) >= day) start = middle;
    else before = middle;
  }
  return new Date(start);
}

// What sources write for "no date": the first day of .NET, that of Excel and Access, 1900 itself.
const firstRealDay = '1901-01-01';

/** The last day of a contract; null for none, which an end before its start and the zero days of source systems mean as well. */
export function lastDay(startDate: string | null, endDate: string | null): string | null {
  if (endDate === null || endDate < firstRealDay || endDate.startsWith('9999')) return null;
  return startDate !== null && endDate < startDate ? null : endDate;
}

/** Whether a contract's days include this one; the end day counts, a missing day is open. */
export function contractTime(
  startDate: string | null,
  endDate: string | null,
  today: string,
): 'current' | 'ended' | 'not-started' {
  const last = lastDay(startDate, endDate);
  if (last !== null && last < today) return 'ended';
  if (startDate !== null && startDate > today) return 'not-started';
  return 'current';
}
