import { fieldNames, fixedFields, roleKey, roleName, type Account, type Holding, type Role } from './account.ts';

/** One thing that changed, in words: a field by its name on the wire, or a role by its name. Null: there was none, or is none any more. */
export interface Change {
  what: string;
  before: string | null;
  after: string | null;
}

/** What made one holding into another, fields first; null is a person who was not there, or is not any more. */
export function changesBetween(before: Holding | null, after: Holding | null): Change[] {
  return [...fieldChanges(before?.account, after?.account), ...roleChanges(before?.roles ?? [], after?.roles ?? [])];
}

function fieldChanges(before: Account | undefined, after: Account | undefined): Change[] {
  const [old, recent] = [valuesOf(before), valuesOf(after)];
  const names = new Set([...Object.keys(old), ...Object.keys(recent)]);
  return [...names]
    .map((what) => ({ what, before: old[what] ?? null, after: recent[what] ?? null }))
    .filter((change) => change.before !== change.after);
}

function valuesOf(account: Account | undefined): Record<string, string | null> {
  if (!account) return {};
  const fixed = fixedFields.map((field) => [fieldNames[field], account[field]] as const);
  return { ...Object.fromEntries(fixed), ...account.extra, enabled: String(account.enabled) };
}

function roleChanges(before: readonly Role[], after: readonly Role[]): Change[] {
  const old = new Map(before.map((role) => [roleKey(role), role]));
  const recent = new Map(after.map((role) => [roleKey(role), role]));
  return [...new Set([...old.keys(), ...recent.keys()])].flatMap((key) => {
    const [lost, found] = [old.get(key), recent.get(key)];
    const change = { before: lost ? roleText(lost) : null, after: found ? roleText(found) : null };
    const named = found ?? lost;
    return !named || change.before === change.after ? [] : [{ what: `role ${roleName(named)}`, ...change }];
  });
}

/** Everything about a role on one line: `Thuiszorg Noord (D0310), Teamleider zorg (TL-ZORG), contract 1-1, 2019-03-01 to open`. */
function roleText({ unit, unitCode, profile, profileCode, contract, startDate, endDate }: Role): string {
  const named = (name: string | null, code: string | null) =>
    name && code ? `${name} (${code})` : (name ?? code ?? '');
  const days = startDate === null && endDate === null ? [] : [`${day(startDate)} to ${day(endDate)}`];
  const from = contract === '' ? [] : [`contract ${contract}`];
  return [named(unit, unitCode), named(profile, profileCode), ...from, ...days].join(', ');
}

function day(date: string | null): string {
  return date === null ? 'open' : date.replace(/T00:00:00(\.0+)?Z?$/, '');
}
