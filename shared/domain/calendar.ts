/** The calendar day (`2026-10-31`) that a HelloID date means; null for text that is no date. */
export function calendarDay(text: string | null, timeZone: string): string | null {
  if (text === null) return null;
  const [, day, time, offset] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text.trim()) ?? [];
  if (day === undefined) return null;
  if (time === undefined || offset === undefined || /^[0:.]+$/.test(time)) return day; // midnight is how sources write a day
  const instant = new Date(text.trim());
  return Number.isNaN(instant.getTime()) ? null : dayIn(timeZone, instant);
}

/** The calendar day it is somewhere at a moment. */
export function dayIn(timeZone: string, instant: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instant,
  );
}

/** Whether a contract's days include this one; the end day counts, a missing day is open. */
export function contractTime(
  startDate: string | null,
  endDate: string | null,
  today: string,
): 'current' | 'ended' | 'not-started' {
  if (endDate !== null && endDate < today) return 'ended';
  if (startDate !== null && startDate > today) return 'not-started';
  return 'current';
}
