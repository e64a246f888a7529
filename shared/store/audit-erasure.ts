import type { Account, Holding } from '../domain/account.ts';
import { keyForm } from '../domain/key-form.ts';
import type { AuditDetail } from './audit.ts';
import type { Called, People } from './run-erasure.ts';

/** An entry without name, e-mail address, gender and further fields; who had which role and when stays. */
export function withoutValues(detail: AuditDetail): AuditDetail {
  return {
    ...detail,
    before: detail.before && holdingWithoutValues(detail.before),
    after: detail.after && holdingWithoutValues(detail.after),
    messages: detail.messages.map(withoutAddresses),
    withheld: 'values',
  };
}

/** An entry that still says what was done, when, by whom and whether it went well, and nothing about whom. */
export function withoutPerson(detail: AuditDetail): AuditDetail {
  const { outcome, success, key, origin, requestId, by, erased, restored } = detail;
  return {
    ...{ outcome, success, reference: null, externalId: null, key, origin, requestId, before: null, after: null },
    messages: [],
    ...(by !== undefined && { by }),
    ...(erased && { erased }),
    ...(restored && { restored }),
    withheld: 'all',
  };
}

/** The same without whoever decided. */
export function withoutAnybody(detail: AuditDetail): AuditDetail {
  const { by, ...left } = withoutPerson(detail);
  return { ...left, key: left.key === by ? '' : left.key }; // some decisions are recorded under the name of whoever took them
}

/** The newest entry of a living account: only what the account has stays, by which the account is proven. */
export function withoutPast(detail: AuditDetail): AuditDetail {
  const { reference, externalId, after } = detail;
  return { ...withoutAnybody(detail), reference, externalId, after, withheld: 'past' };
}

/** Whether there is anything in an entry that `withoutAnybody` would take away. */
export function isAboutSomebody({ reference, externalId, before, after, by, withheld }: AuditDetail): boolean {
  if (withheld === 'all') return by !== undefined;
  return [reference, externalId, before, after, by].some((value) => value !== null && value !== undefined);
}

/** An entry about somebody else in which none of these people is named any more; the same one where nobody was. */
export function withoutMentions(detail: AuditDetail, people: People): AuditDetail {
  const { by, key } = detail;
  const left = by === undefined ? undefined : withoutDecider(by, people);
  const decided = (message: string) =>
    by !== undefined && left !== undefined && message.startsWith(by) ? left + message.slice(by.length) : message;
  const messages = detail.messages.map((message) =>
    withoutNames(withoutReason(decided(message), people), people.names),
  );
  const reason = detail.reason === undefined ? undefined : withoutText(detail.reason, people);
  const isSame =
    left === by && reason === detail.reason && messages.every((message, index) => message === detail.messages[index]);
  if (isSame) return detail;
  const who = left === undefined ? {} : { by: left, key: key === by ? left : key };
  return { ...detail, messages, ...who, ...(reason !== undefined && { reason }) };
}

/** Who decided, unless it is one of these people: by username, number or address, or by last name with the first name or its initial, or alone. */
export function withoutDecider(by: string, { names, called }: Pick<People, 'names' | 'called'>): string {
  const isNamed = [...names].some((name) => name.length > 2 && wordsOf(name).test(by));
  return isNamed || called.some((person) => isCalled(by, person)) ? '[erased]' : by;
}

function isCalled(by: string, { firstName, lastName }: Called): boolean {
  const plain = (text: string) => text.normalize('NFC').toLowerCase();
  const rest = plain(by).replace(wordsOf(plain(lastName)), ' ');
  if (rest === plain(by)) return false;
  const [words, firstNames] = [rest, plain(firstName ?? '')].map((text) => text.match(/[\p{L}\p{N}]+/gu) ?? []);
  const isFirst = (word: string) =>
    firstNames?.some((name) => name === word || (word.length === 1 && name.startsWith(word)));
  return !words || words.length === 0 || !firstNames?.length || words.some((word) => isFirst(word));
}

/** What a person wrote, without what these people go by and without their last names. */
export function withoutText(text: string, { names, lastNames }: People): string {
  const parts = [...names, ...lastNames].filter((name) => name.length > 2);
  return parts.reduce((left, name) => left.replaceAll(wordsOf(name), '[erased]'), text);
}

/** Reasons stand behind the messages of our own, which have every value in brackets. */
function withoutReason(message: string, people: People): string {
  const start = message.indexOf(reasonMark);
  return start < 0 ? message : message.slice(0, start) + withoutText(message.slice(start), people);
}

const reasonMark = ' Reason: ';

function wordsOf(name: string): RegExp {
  const text = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${text}(?![\\p{L}\\p{N}])`, 'giu');
}

/** Our messages put every value into brackets, several apart by commas; `names` are in lower case. */
export function withoutNames(text: string, names: ReadonlySet<string>): string {
  const found = text.replace(/\[([^[\]]*)\]/g, (_all, inner: string) => `[${withoutEach(inner, names)}]`);
  return withBrackets(names).reduce((left, name) => left.replaceAll(`[${name}]`, '[erased]'), found);
}

/** The few names that have brackets themselves; asked for each message of a long trail. */
function withBrackets(names: ReadonlySet<string>): string[] {
  const found = known.get(names) ?? [...names].filter((name) => /[[\]]/.test(name));
  known.set(names, found);
  return found;
}

const known = new WeakMap<ReadonlySet<string>, string[]>();

function withoutEach(inner: string, names: ReadonlySet<string>): string {
  // a refusal shows a taken name as it was sent, with blanks that make no other name of it
  const isName = (text: string) => names.has(text.toLowerCase()) || names.has(keyForm(text));
  if (isName(inner)) return 'erased';
  return inner
    .split(', ')
    .map((part) => (isName(part) ? 'erased' : part))
    .join(', ');
}

function holdingWithoutValues({ account, roles }: Holding): Holding {
  return { account: accountWithoutValues(account), roles };
}

export function accountWithoutValues(account: Account): Account {
  return { ...account, email: null, firstName: null, prefix: null, lastName: null, gender: null, extra: {} };
}

/** A refusal names the address that was taken. */
function withoutAddresses(message: string): string {
  return message.replace(/\[[^[\]]*@[^[\]]*\]/g, '[erased]');
}
