import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PersonRow, RoleRow } from '../../shared/domain/dump-row.ts';
import { noAlsoDecisions, noTables } from '../../shared/domain/tables.ts';
import { compareText } from '../../shared/export/compare-text.ts';
import { comparePairs } from '../../shared/export/compare.ts';
import { writeDump } from '../../shared/export/write-dump.ts';
import { Policy } from '../../shared/policy.ts';
import { temporaryFolder } from '../helpers.ts';

interface Person {
  id: number;
  username: string;
  externalId?: string;
  lastName?: string;
  roles?: string[];
  accepted?: boolean;
}

const { files } = Policy.parse({});

/** Renders people as the dump does, into a folder of its own. */
function pair(
  folder: string,
  name: string,
  people: Person[],
  personKey: 'gebruikersnaam' | 'externalId' = 'gebruikersnaam',
  persons = files.persons,
): string {
  const path = join(folder, name);
  mkdirSync(path);
  const rows = people
    .map(({ id, username, externalId = String(id), lastName = 'Jansen', accepted = false }): PersonRow => ({
      id,
      reference: `SC-${id}`,
      wanted: username,
      username,
      delivered: null,
      accepted: accepted ? username : null,
      externalId,
      email: 'a@b.example',
      firstName: null,
      prefix: null,
      lastName,
      gender: null,
      extra: '{}',
      acceptedExternalId: null,
      wantedExternalId: externalId,
      deliveredExternalId: null,
      incompleteContracts: '[]',
      reused: 0,
      reuseAllowed: 0,
      sharesEmail: 0,
      once: 0,
      closed: 0,
    }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.username), Buffer.from(b.username)));
  const roles = new Map(people.map(({ id, roles: units = [] }) => [id, units.map(role)]));
  const order = {
    folder: path,
    ...{ persons, roles: files.roles },
    personKey,
    endedContracts: 'report',
    notStartedContracts: 'report',
    unmapped: 'report',
    tables: noTables,
    deliveredPair: null,
    possiblePairs: [],
    today: '2026-11-23',
    timeZone: 'Europe/Amsterdam',
    now: '2026-11-23T04:30:00.000Z',
    leavers: 'absent',
    inactiveEmail: 'keep',
    passiveDays: null,
    mostTermsEnding: 1,
    erased: [],
    assignedBy: 'account',
    catalogue: null,
    alsoDecisions: noAlsoDecisions,
    settings: { hasFile: false, digests: {} },
  } as const;
  writeDump(order, {
    persons: rows,
    rolesOf: (account) => roles.get(account) ?? [],
    isHeld: () => false,
    leavers: () => [],
    isActive: () => false,
    hasActiveAddress: () => false,
    isKnown: () => true,
    wasDelivered: () => false,
    deletedAt: () => null,
    wasDeliveredBy: () => false,
  });
  return path;
}

function role(unit: string): RoleRow {
  return {
    owner: 'account',
    permission: '',
    contract: '1',
    unit,
    unitCode: unit,
    profile: 'P',
    profileCode: 'P',
    startDate: null,
    endDate: null,
  };
}

function compare(before: Person[] | null, after: Person[], personKey?: 'externalId') {
  const folder = temporaryFolder();
  const old = before && pair(folder, 'old', before, personKey);
  return comparePairs(pair(folder, 'new', after, personKey), old);
}

test('nothing delivered before: everything is new', () => {
  const { effect, base } = compare(null, [{ id: 1, username: 'a', roles: ['X'] }]);
  expect(base).toBe(null);
  expect(effect).toEqual({
    persons: { total: 1, added: 1, reactivated: 0, deactivated: 0, changed: 0, renamed: 0 },
    roles: { total: 1, added: 1, removed: 0 },
  });
});

test('last roles and shares of units are counted, and a role elsewhere is no loss', () => {
  const { losses } = compare(
    [
      { id: 1, username: 'leaves', roles: ['X "quoted"', 'Y'] },
      { id: 2, username: 'loses', roles: ['Y'] },
      { id: 3, username: 'moves', roles: ['Y'] },
      { id: 4, username: 'renamed-and-loses', roles: ['Y', 'Y2'] },
      { id: 5, username: 'never-had-one' },
      { id: 6, username: 'stays', roles: ['X "quoted"', 'Z'] },
    ],
    [
      { id: 2, username: 'loses' },
      { id: 3, username: 'moves', roles: ['Z'] },
      { id: 4, username: 'other-name' },
      { id: 5, username: 'never-had-one' },
      { id: 6, username: 'stays', roles: ['Z'] },
      { id: 7, username: 'joins' },
    ],
  );
  expect(losses.lastRole).toBe(2);
  expect(losses.units.toSorted((one, other) => other.lost - one.lost)).toEqual([
    { unit: 'Y', people: 4, lost: 3 },
    { unit: 'X "quoted"', people: 2, lost: 1 },
    { unit: 'Y2', people: 1, lost: 1 },
  ]);
});

test('the same people are no effect', () => {
  const people = [
    { id: 1, username: 'a', roles: ['X', 'Y'] },
    { id: 2, username: 'b\nc"', lastName: 'x;"y\r\nz' },
  ];
  expect(compare(people, people).effect).toEqual({
    persons: { total: 2, added: 0, reactivated: 0, deactivated: 0, changed: 0, renamed: 0 },
    roles: { total: 2, added: 0, removed: 0 },
  });
});

test('joiners, leavers, changes and role changes are counted and named', () => {
  const { effect, who, base } = compare(
    [
      { id: 1, username: 'stays', roles: ['X', 'Y'] },
      { id: 2, username: 'leaves', roles: ['X'] },
      { id: 3, username: 'changes', lastName: 'Oud; "x"' },
    ],
    [
      { id: 1, username: 'stays', roles: ['Y', 'Z'] },
      { id: 3, username: 'changes', lastName: 'Nieuw\r\nregel' },
      { id: 4, username: 'joins', roles: ['Q'] },
    ],
  );
  expect(base).toEqual({ persons: 3, roles: 3 });
  expect(effect).toEqual({
    persons: { total: 3, added: 1, reactivated: 0, deactivated: 1, changed: 1, renamed: 0 },
    roles: { total: 3, added: 2, removed: 2 },
  });
  expect(who).toMatchObject({
    added: [{ reference: 'SC-4', key: 'joins' }],
    deactivated: [{ reference: 'SC-2', key: 'leaves' }],
    changed: [
      {
        reference: 'SC-3',
        key: 'changes',
        changes: [{ column: 'achternaam', before: 'Oud; "x"', after: 'Nieuw\r\nregel' }],
      },
    ],
    rolesRemoved: [
      { key: 'stays', role: { 'Organisatorische Eenheid': 'X' } },
      { key: 'leaves', role: { 'Organisatorische Eenheid': 'X' } },
    ],
  });
  expect(who.rolesAdded.map(({ key, role: { 'Organisatorische Eenheid': unit } }) => [key, unit]).sort()).toEqual([
    ['joins', 'Q'],
    ['stays', 'Z'],
  ]);
});

test('the same account under another key is renamed, and its unchanged roles count nowhere', () => {
  const { effect, who, acceptedRenames } = compare(
    [
      { id: 1, username: 'b', roles: ['X', 'Y'] },
      { id: 2, username: 'c' },
    ],
    [
      { id: 1, username: 'z', lastName: 'Anders', roles: ['X', 'Z'] },
      { id: 2, username: 'a', accepted: true },
    ],
  );
  expect(effect).toEqual({
    persons: { total: 2, added: 0, reactivated: 0, deactivated: 0, changed: 0, renamed: 2 },
    roles: { total: 2, added: 1, removed: 1 },
  });
  expect(acceptedRenames).toBe(1);
  expect(who.renamed).toEqual(
    expect.arrayContaining([
      { reference: 'SC-1', before: 'b', after: 'z' },
      { reference: 'SC-2', before: 'c', after: 'a' },
    ]),
  );
});

test('a username that moved to another account: a rename, and a change under the same key', () => {
  const { effect } = compare(
    [
      { id: 1, username: 'a' },
      { id: 2, username: 'b' },
    ],
    [{ id: 1, username: 'b', lastName: 'x' }],
  );
  expect(effect.persons).toMatchObject({ total: 1, added: 0, reactivated: 0, deactivated: 1, changed: 1, renamed: 0 });
});

test('with personKey externalId a changed username is a change, and a changed number a rename', () => {
  const { effect } = compare(
    [
      { id: 1, username: 'a' },
      { id: 2, username: 'b', externalId: '2' },
    ],
    [
      { id: 1, username: 'new' },
      { id: 2, username: 'b', externalId: '99' },
    ],
    'externalId',
  );
  expect(effect.persons).toEqual({ total: 2, added: 0, reactivated: 0, deactivated: 0, changed: 1, renamed: 1 });
});

test('where a column was added, only who has another value counts as changed', () => {
  const folder = temporaryFolder();
  const { columns } = files.persons;
  const under = (own: typeof columns) => ({ ...files.persons, columns: own });
  const people = [1, 2, 3].map((id) => ({ id, username: `p${id}` }));
  const withoutStatus = columns.filter(({ status }) => status === undefined);
  const old = pair(folder, 'old', people, 'gebruikersnaam', under(withoutStatus));
  const others = people.map((one) => (one.id === 2 ? { ...one, lastName: 'x' } : one));
  const { effect, who } = comparePairs(pair(folder, 'new', others), old);
  expect(effect.persons).toMatchObject({ total: 3, changed: 1 });
  expect(who.changed).toEqual([
    { reference: 'SC-2', key: 'p2', changes: [{ column: 'achternaam', before: 'Jansen', after: 'x' }] },
  ]);
  const number = under([...columns, { header: 'nummer', field: 'externalId' }]);
  const told = comparePairs(pair(folder, 'numbers', people, 'gebruikersnaam', number), old);
  expect(told.effect.persons).toMatchObject({ total: 3, changed: 3 });
});

test('any two lists give the effect that a naive comparison gives', () => {
  const person = fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    username: fc.constantFrom('a', 'B', 'b', 'ä', 'é', 'Z', 'zz', '\uE000', '\u{1F600}', 'a"', 'a;'),
    lastName: fc.constantFrom('x', 'y\r\n"', ''),
    roles: fc.uniqueArray(fc.constantFrom('X', 'Y"', 'Z\n'), { maxLength: 3 }),
  });
  const list = fc
    .uniqueArray(person, { maxLength: 8, selector: ({ username }) => username })
    .map((people) => [...new Map(people.map((one) => [one.id, one])).values()]);
  fc.assert(
    fc.property(list, list, (before, after) => {
      const { persons } = compare(before, after).effect;
      const old = new Map(before.map((one) => [one.username, one]));
      const now = new Map(after.map((one) => [one.username, one]));
      const gone = before.filter(({ username }) => !now.has(username));
      const fresh = after.filter(({ username }) => !old.has(username));
      const renamed = fresh.filter(({ id }) => gone.some((one) => one.id === id)).length;
      expect(persons).toEqual({
        total: after.length,
        added: fresh.length - renamed,
        reactivated: 0,
        deactivated: gone.length - renamed,
        changed: after.filter((one) => old.has(one.username) && old.get(one.username)?.lastName !== one.lastName)
          .length,
        renamed,
      });
    }),
    { numRuns: 150 },
  );
});

test('text is ordered as its UTF-8 bytes are', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  fc.assert(
    fc.property(text, text, (a, b) => Math.sign(compareText(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
  expect(compareText('\uE000', '\u{1F600}')).toBeLessThan(0);
});
