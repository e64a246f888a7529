import type { App } from './app.ts';
import { caseless, fieldNames } from './domain/account.ts';
import { dayIn, isDay } from './domain/calendar.ts';
import { accessCodes, keptAccess, type Acceptance, type AccessCode, type KeptAccess } from './domain/kept-access.ts';
import type { Decider } from './domain/run.ts';
import { AppError } from './errors.ts';
import type { Origin } from './store/usernames.ts';

/** Who has access and should perhaps not, at this moment; costs little, however often it is asked. */
export function keptAccessNow({
  findings,
  config: { policy },
  now,
}: Pick<App, 'findings' | 'config' | 'now'>): KeptAccess {
  const { endedContracts } = policy.roles;
  return keptAccess(findings.access(), { endedContracts, today: dayIn(policy.schedule.timeZone, now()) });
}

const longestDays = 366;

/** Accepts a kind up to and with a day; throws `impossible` for another kind, and for a day that is over or more than a year ahead. */
export async function acceptAccess(
  { findings, config: { policy }, now }: Pick<App, 'findings' | 'config' | 'now'>,
  { code, until }: { code: string; until: string },
  { by, reason }: Decider,
  origin: Origin,
): Promise<{ code: AccessCode; accepted: Acceptance }> {
  const known = accessCodes.find((one) => one === code);
  if (!known)
    throw new AppError('impossible', `There is no such kind to accept; it is one of: ${accessCodes.join(', ')}`);
  const { timeZone } = policy.schedule;
  const last = dayIn(timeZone, new Date(now().getTime() + longestDays * 86_400_000));
  if (!isDay(until) || until < dayIn(timeZone, now()) || until > last)
    throw new AppError('impossible', `Say until which day, from today to ${last}: 2026-12-31, for example`);
  const at = await findings.accept(known, until, { by, reason }, origin);
  return { code: known, accepted: { until, at, by, reason } };
}

/** Lets a line of `also.persons` give access to somebody who was deleted; throws `not-found` where the table has no such line. */
export async function acceptAlso(
  { tables, also }: Pick<App, 'tables' | 'also'>,
  username: string,
  decider: Decider,
  origin: Origin,
): Promise<void> {
  const line = tables.read().alsoPersons.get(caseless(username));
  if (!line) throw new AppError('not-found', 'The table also.persons has no line with this username');
  const { values } = line;
  const person = { username: values[fieldNames.username] ?? '', externalId: values[fieldNames.externalId] ?? '' };
  await also.accept(person, decider, origin);
}
