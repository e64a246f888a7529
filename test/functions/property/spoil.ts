import type { Json, Members, Sent } from './wire.ts';

/** A body that must be refused: with which status, and under which key it goes out. */
export interface Spoiled extends Sent {
  status: number;
  key?: 'none' | 'viewer';
}

type Place = [path: string[], ...values: Json[]];

const everywhere: Place[] = [
  [['actionContext'], null, '@{DryRun=False}', 'System.Collections.Hashtable', 5, []],
  [['actionContext', 'References'], '@{Account=SC-1000}', 'SC-1000', []],
  [
    ['actionContext', 'References', 'Account'],
    '@{id=SC-1000}',
    ['SC-1000'],
    2 ** 60,
    { id: '@{value=SC-1000}' },
    { id: {} },
  ],
  [['actionContext', 'DryRun'], 'maybe', 1, {}, []],
  [['actionContext', 'dryrun'], false],
  [['actionContext', 'Origin'], {}, ['enforcement'], '@{a=1}'],
  [['personContext'], '@{Person=}', 'x', 7],
  [['personContext', 'Person'], '@{Contracts=System.Object[]}', ''],
  [
    ['personContext', 'Person', 'Contracts'],
    'System.Object[]',
    '',
    ['@{Context=}'],
    [{ Context: '' }],
    [[]],
    [null],
    [{ Context: { InConditions: 'perhaps' } }],
  ],
  [
    ['personContext', 'Person', 'Contracts'],
    [{ Department: 'Zorg' }],
    [{ Title: '@{Name=x}' }],
    [{ Title: { Name: {} } }],
    [{ StartDate: ['x'] }],
  ],
];

const ofAccounts: Place[] = [
  [['actionContext', 'Data'], '@{externalId=1}', '', 'x', []],
  [['actionContext', 'Data', 'email'], '@{a=1}', 'System.Object[]', {}, ['x'], 2 ** 60],
  [['actionContext', 'Data', 'VOORNAAM'], {}],
  [['actionContext', 'CorrelationConfiguration'], '@{Enabled=True}', ''],
  [['actionContext', 'CorrelationConfiguration', 'Enabled'], 'sometimes', []],
];

const ofSubPermissions: Place[] = [
  [['actionContext', 'Operation'], null, 'undefined', 'replace', 5, {}],
  [
    ['actionContext', 'CurrentPermissions'],
    'System.Object[]',
    '',
    ['x'],
    [[]],
    [null],
    [{ Reference: '@{Id=x}' }],
    [{ Reference: { Id: [] } }],
  ],
  [['actionContext', 'References', 'Permission'], '@{Reference=contract-roles}', [], { Reference: {} }],
];

/** Spoils a body in one of the ways that a client, an agent or a proxy can. */
export function spoiled(body: Members, isSubPermissions: boolean, roll: (sides: number) => number): Spoiled {
  const type = 'application/json; charset=utf-8';
  const json = JSON.stringify(body);
  const bytes = Buffer.from(json);
  const way = roll(14);
  if (way === 0) return { status: 400, type, body: Buffer.from(json.slice(0, -1 - roll(json.length - 1))) };
  if (way === 1) return { status: 400, type, body: Buffer.from(json.replace(/\}$/, ',"x":"caf\u00e9"}'), 'latin1') };
  if (way === 2)
    return {
      status: 415,
      type: ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=klingon'][roll(3)] ?? '',
      body: bytes,
    };
  if (way === 3)
    return { status: 422, type, body: Buffer.from(['[]', '5', 'null', '"text"', `[${json}]`][roll(5)] ?? '') };
  if (way === 4) return { status: 401, key: 'none', type, body: bytes };
  if (way === 5) return { status: 403, key: 'viewer', type, body: bytes };
  const places = [...everywhere, ...(isSubPermissions ? ofSubPermissions : ofAccounts)];
  const [path, ...values] = places[roll(places.length)] ?? [[]];
  return { status: 422, type, body: Buffer.from(JSON.stringify(put(body, path, values[roll(values.length)] ?? null))) };
}

function put(value: Json, [name, ...rest]: string[], content: Json): Json {
  if (name === undefined) return content;
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return { ...members, [name]: put(members[name] ?? null, rest, content) };
}
