import { signal } from '@preact/signals';
import { language } from './preferences.ts';

/** Of the schedule: the day of a delivery is the day there, wherever the reader sits. */
export const timeZone = signal('Europe/Amsterdam');

/** How far the server's clock is ahead of this one, in milliseconds: ages are counted by the clock that wrote the times. */
const ahead = signal(0);
/** This clock, every now and then: the ages on the page go on with it. */
const present = signal(Date.now());

/** Follows the server's clock as it was just told; the way of an answer takes some seconds at most. */
export function followClock(now: string): void {
  const next = Date.parse(now) - Date.now();
  if (Math.abs(next - ahead.peek()) > 5_000) ahead.value = next;
}

/** Keeps the ages on the page true; called once. */
export function keepAges(): void {
  setInterval(() => (present.value = Date.now()), 15_000);
}

function currentTime(): Date {
  return new Date(present.value + ahead.value);
}

export function formatNumber(value: number): string {
  return formatter('number', () => new Intl.NumberFormat(language())).format(value);
}

export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const unit = units[step] ?? 'byte';
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: step > 1 ? 1 : 0 } as const;
  return formatter(unit, () => new Intl.NumberFormat(language(), options)).format(bytes / 1000 ** step);
}

/** Day and time, `ma 2 nov. 2026, 05:30`. */
export function formatMoment(iso: string): string {
  return dates('moment', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', ...clock }).format(
    new Date(iso),
  );
}

/** With seconds, for a trail. */
export function formatExactly(iso: string): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', ...clock, second: '2-digit' } as const;
  return dates('exactly', options).format(new Date(iso));
}

/** The day of a moment. */
export function formatDay(iso: string): string {
  return dates('day', wholeDay).format(new Date(iso));
}

/** A day that is written down as such (`2026-11-24`, with or without a time), which is the same day everywhere; other text as it is. */
export function formatCalendarDay(text: string): string {
  const [written = ''] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  const day = Date.parse(written);
  // the 30th of February would be taken for a day in March
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== written) return text;
  return dates('day', wholeDay, undefined, 'UTC').format(day);
}

export function formatTime(iso: string): string {
  return dates('time', clock).format(new Date(iso));
}

/** A short day for an axis, `2 nov`. */
export function formatAxisDay(iso: string): string {
  return dates('axis', { day: 'numeric', month: 'short' }).format(new Date(iso));
}

/** `vandaag 05:30`, `gisteren 05:30`, `dinsdag 05:30`, else with the date. */
export function formatNear(iso: string, now = currentTime()): string {
  const days = calendarDay(new Date(iso)) - calendarDay(now);
  const time = formatTime(iso);
  if (Math.abs(days) <= 1) {
    const word = formatter('near', () => new Intl.RelativeTimeFormat(language(), { numeric: 'auto' })).format(
      days,
      'day',
    );
    return `${word} ${time}`;
  }
  if (Math.abs(days) < 7) return `${dates('weekday', { weekday: 'long' }).format(new Date(iso))} ${time}`;
  return `${formatDay(iso)} ${time}`;
}

/** `nu`, `3 minuten geleden`, `over 2 uur`. */
export function formatAgo(iso: string, now = currentTime()): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
  const [unit, size] = spans.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  const relative = formatter('ago', () => new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }));
  return unit === 'second' ? relative.format(0, 'second') : relative.format(Math.round(seconds / size), unit);
}

/** Whole seconds or minutes between two moments. */
export function formatSpan(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const unit = seconds < 120 ? 'second' : 'minute';
  const options = { style: 'unit', unit, unitDisplay: 'short' } as const;
  return formatter(`span-${unit}`, () => new Intl.NumberFormat(language(), options)).format(
    unit === 'second' ? seconds : Math.round(seconds / 60),
  );
}

const wholeDay = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const spans = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** The number of the day where the schedule counts. */
function calendarDay(date: Date): number {
  const parts = dates('parts', { year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA').format(date);
  return Date.parse(parts) / 86_400_000;
}

function dates(
  name: string,
  options: Intl.DateTimeFormatOptions,
  locale?: string,
  zone = timeZone.value,
): Intl.DateTimeFormat {
  const make = () => new Intl.DateTimeFormat(locale ?? locales[language()], { ...options, timeZone: zone });
  return formatter(`${name} ${zone} ${locale ?? ''}`, make);
}

/** English as in Europe: the day before the month. */
const locales = { nl: 'nl-NL', en: 'en-GB' } as const;

const made = new Map<string, unknown>();

/** Formatters are slow to make. */
function formatter<Made>(name: string, make: () => Made): Made {
  const key = `${language()} ${name}`;
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as Made;
}
