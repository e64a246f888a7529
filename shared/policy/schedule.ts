import { Cron } from 'croner';
import { section, text, wholeNumber } from './values.ts';

const minutesADay = 24 * 60;

export const Schedule = section({
  cron: text(comesRound, 'six cron fields, seconds first, such as "0 30 5 * * *", with a date that comes')
    .default('0 30 5 * * *')
    .describe('When a dump is due: second, minute, hour, day of the month, month and day of the week.'),
  timeZone: text(isTimeZone, 'an IANA time zone, such as "Europe/Amsterdam"')
    .default('Europe/Amsterdam')
    .describe('The time zone of `cron` and of the calendar days on which contracts begin and end.'),
  quietMinutes: wholeNumber(0, minutesADay)
    .default(0)
    .describe('How long HelloID must have been quiet before a dump that is due begins; 0 means not to wait.'),
  overdueMinutes: wholeNumber(1, 7 * minutesADay)
    .default(120)
    .describe('How long after its due time an undelivered dump is reported as overdue.'),
});

function comesRound(cron: string): boolean {
  if (cron.trim().split(/\s+/).length !== 6) return false;
  try {
    return new Cron(cron, { mode: '6-part' }).nextRun() !== null;
  } catch {
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  // An offset such as "+01:00" is accepted by Intl, but knows no summer time.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
