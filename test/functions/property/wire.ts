import type { Action, Contract } from './model.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Members = Record<string, Json>;

/** A request as it goes out. */
export interface Sent {
  type: string;
  body: Buffer;
}

/** Throws the same dice again and again, so that a body that fails can be sent once more. */
export function dicer(throws: readonly number[]): (sides: number) => number {
  let next = 0;
  return (sides) => (throws[next++ % throws.length] ?? 0) % sides;
}

/** The body that HelloID would send for an action, in its own casing and form. */
export function plainBody(action: Action, believed: readonly string[]): Members {
  const { kind, reference, data, correlation, contracts, operation, dryRun } = action;
  const carriesContracts = kind === 'create' || kind === 'update' || kind === 'sub-permissions';
  return {
    actionContext: {
      DryRun: dryRun,
      Origin: 'enforcement',
      References: { Account: reference, Permission: { Reference: 'contract-roles' } },
      ...(kind === 'sub-permissions'
        ? { Operation: operation, CurrentPermissions: believed.map((Id) => ({ DisplayName: Id, Reference: { Id } })) }
        : { Operation: 'undefined', Data: { ...data } }),
      ...(kind === 'create' && {
        CorrelationConfiguration: {
          Enabled: correlation !== null,
          AccountField: correlation?.field ?? null,
          PersonFieldValue: correlation?.value ?? null,
          AccountFieldValue: null,
        },
      }),
    },
    personContext: carriesContracts
      ? { Person: { Contracts: contracts === null ? null : contracts.map(wireContract) } }
      : null,
  };
}

function wireContract({ id, inConditions, unit, profile, startDate }: Contract): Members {
  return {
    Context: { InConditions: inConditions },
    ExternalId: id,
    StartDate: startDate,
    EndDate: null,
    Department: { DisplayName: unit.name, ExternalId: unit.code },
    Title: { Name: profile.name, Code: profile.code, ExternalId: profile.code },
  };
}

/** Writes a body otherwise, as PowerShell and administrators do, without a change of meaning. */
export function disguised(body: Members, roll: (sides: number) => number): Members {
  return disguise(body, '', roll) as Members;
}

function disguise(value: Json, name: string, roll: (sides: number) => number): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => disguise(item, name, roll));
    const [only] = items;
    return items.length === 1 && only !== undefined && roll(3) === 0 ? only : items;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, inner]): [string, Json] => [
      cased(key, roll),
      disguise(inner, key, roll),
    ]);
    if (roll(6) === 0) members.push([`Onbekend${roll(9)}`, junk(roll)]);
    if (name === '' && roll(3) === 0) members.push(['script', 'create'], ['resourceContext', null]);
    if (name === 'actionContext' && roll(3) === 0) members.push(['Configuration', { key: 'secret' }]);
    return Object.fromEntries(members);
  }
  if (name === 'Account' && typeof value === 'string')
    return [value, { Reference: value }, { id: value }, { VALUE: value }][roll(4)] ?? value;
  if (typeof value === 'boolean')
    return roll(4) === 0 ? String(value).replace(/^./, (first) => first.toUpperCase()) : value;
  return typeof value === 'string' ? text(value, roll) : value;
}

function text(value: string, roll: (sides: number) => number): Json {
  const isNumber = /^[1-9]\d{0,9}$/.test(value);
  if (isNumber && roll(2) === 0) return Number(value);
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time) && roll(2) === 0) return `/Date(${time})/`;
  return roll(3) === 0 ? value.normalize('NFD') : value;
}

function cased(key: string, roll: (sides: number) => number): string {
  return [key, key, key.toLowerCase(), key.toUpperCase()][roll(4)] ?? key;
}

/** Members that are not ours may hold anything. */
function junk(roll: (sides: number) => number): Json {
  return ['@{a=1}', 'System.Object[]', { a: [{ b: null }] }, '\u0000', 1e300, [[], {}], null][roll(7)] ?? null;
}

/** The body as bytes, in one of the charsets that a client may use. */
export function encoded(body: Members, roll: (sides: number) => number): Sent {
  const json = roll(3) === 0 ? escapedJson(body) : JSON.stringify(body, null, roll(4) === 0 ? 2 : 0);
  const [type, bytes] = [
    ['application/json', Buffer.from(json)],
    ['application/json; charset=utf-8', Buffer.from(json)],
    ['Application/JSON; Charset="UTF-8"', Buffer.from(`\uFEFF${json}`)],
    ['text/json; charset=utf-16le', Buffer.from(json, 'utf16le')],
  ][roll(4)] as [string, Buffer];
  return { type, body: bytes };
}

/** As ConvertTo-Json of 5.1 writes it: everything beyond ASCII and some of ASCII as escapes. */
function escapedJson(body: Members): string {
  return JSON.stringify(body).replace(
    /['<>&\u007F-\uFFFF]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
