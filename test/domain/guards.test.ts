import { expect, test } from 'vitest';
import type { Comparison, Effect, Losses } from '../../shared/domain/effect.ts';
import { firstTimeReasons, type FirstTime } from '../../shared/domain/first-time.ts';
import { measuresOf, trippedBy, type GuardName, type Guards, type WeekMeasures } from '../../shared/domain/guards.ts';
import { retryAt } from '../../shared/domain/retry.ts';
import { Policy } from '../../shared/policy.ts';

const { guards } = Policy.parse({});

function comparison(
  persons: Partial<Effect['persons']>,
  roles: Partial<Effect['roles']>,
  base: Comparison['base'],
  acceptedRenames = 0,
): Comparison {
  const effect = {
    persons: { total: 0, added: 0, reactivated: 0, deactivated: 0, changed: 0, renamed: 0, ...persons },
    roles: { total: 0, added: 0, removed: 0, ...roles },
  };
  const who = {
    added: [],
    reactivated: [],
    deactivated: [],
    changed: [],
    renamed: [],
    rolesAdded: [],
    rolesRemoved: [],
  };
  return { effect, who, base, acceptedRenames, missing: [], losses: nothingLost };
}

const none = { count: 0, of: 0 };
const nothingLost: Losses = { lastRole: 0, alsoPersons: none, alsoRoles: none, units: [] };

function tripped(compared: Comparison, limits: Guards = guards, week: WeekMeasures | null = null): string[] {
  return trippedBy(measuresOf(compared, week), limits).map(({ guard }) => guard);
}

test.each<[GuardName, object, object, boolean]>([
  ['deactivated', { deactivated: 5 }, {}, true], // 5 of 100: at least 5, and 5 percent
  ['deactivated', { deactivated: 4 }, {}, false],
  ['reactivated', { reactivated: 3 }, {}, true], // 3 of 100: at least 3, and 0.5 percent
  ['reactivated', { reactivated: 2 }, {}, false],
  ['renamed', { renamed: 5 }, {}, true],
  ['renamed', { renamed: 4 }, {}, false],
  ['changed', { changed: 20 }, {}, true],
  ['changed', { changed: 19 }, {}, false],
  ['added', { added: 50 }, {}, true],
  ['added', { added: 49 }, {}, false],
  ['rolesRemoved', {}, { removed: 20 }, true], // 20 of 200: 10 percent
  ['rolesRemoved', {}, { removed: 19 }, false],
  ['rolesAdded', {}, { added: 100 }, true],
  ['rolesAdded', {}, { added: 99 }, false],
])('guard %s with the default limits', (name, persons, roles, holds) => {
  expect(tripped(comparison(persons, roles, { persons: 100, roles: 200 }))).toEqual(holds ? [name] : []);
});

test('both the number and the percentage must be reached', () => {
  expect(tripped(comparison({ deactivated: 5 }, {}, { persons: 101, roles: 0 }), guards)).toEqual([]);
  expect(tripped(comparison({ deactivated: 4 }, {}, { persons: 4, roles: 0 }), guards)).toEqual([]);
});

test('a count holds by itself', () => {
  const strict = { ...guards, deactivated: { atLeast: 5, percent: 5, count: 2 } };
  expect(tripped(comparison({ deactivated: 2 }, {}, { persons: 1000, roles: 0 }), strict)).toHaveLength(1);
  expect(tripped(comparison({ deactivated: 1 }, {}, { persons: 1000, roles: 0 }), strict)).toEqual([]);
});

test('with limits of zero nothing is held as long as nothing happens', () => {
  const zero = { ...guards, added: { atLeast: 0, percent: 0, count: null } };
  expect(tripped(comparison({}, {}, { persons: 10, roles: 0 }), zero)).toEqual([]);
  expect(tripped(comparison({ added: 1 }, {}, { persons: 10, roles: 0 }), zero)).toHaveLength(1);
});

test('renames that an operator accepted do not count', () => {
  expect(tripped(comparison({ renamed: 8 }, {}, { persons: 100, roles: 0 }, 4), guards)).toEqual([]);
});

test('without anything delivered before no guard applies; after an empty pair any growth is all of it', () => {
  expect(tripped(comparison({ added: 10_000 }, {}, null), guards)).toEqual([]);
  expect(tripped(comparison({}, { added: 100 }, { persons: 1, roles: 0 }), guards)).toHaveLength(1);
});

test.each<[Partial<Losses>, string[]]>([
  [{ lastRole: 10 }, ['lastRole']], // 10 of 500: 2 percent
  [{ lastRole: 9 }, []],
  [{ alsoPersons: { count: 2, of: 10 } }, ['alsoLost']], // 2 of 10: 20 percent of the table's lines
  [{ alsoPersons: { count: 1, of: 1 } }, []],
  [{ alsoPersons: { count: 2, of: 11 } }, []],
  [{ alsoRoles: { count: 4, of: 4 } }, ['alsoLost']],
  [{ units: [{ unit: 'Noord', people: 6, lost: 3 }] }, ['unit']],
  [{ units: [{ unit: 'Noord', people: 7, lost: 3 }] }, []],
  [{ units: [{ unit: 'Noord', people: 4, lost: 4 }] }, []], // too few to say anything
])('what is lost beside the effect: %j', (losses, expected) => {
  const compared = { ...comparison({}, {}, { persons: 500, roles: 500 }), losses: { ...nothingLost, ...losses } };
  expect(tripped(compared)).toEqual(expected);
});

test('large numbers hold by themselves, however large the organisation is', () => {
  const large = { persons: 1_000_000, roles: 1_000_000 };
  expect(tripped(comparison({ deactivated: 100, renamed: 25 }, { removed: 250 }, large))).toEqual([
    ...['deactivated', 'renamed', 'rolesRemoved'],
  ]);
  expect(tripped(comparison({ deactivated: 99, renamed: 24 }, { removed: 249 }, large))).toEqual([]);
});

test('a week holds from three times what holds on a day', () => {
  const quiet = comparison({}, {}, { persons: 1000, roles: 1000 });
  const week = (deactivated: number, reactivated: number, removed: number): WeekMeasures => ({
    since: '2026-11-17T04:30:00.000Z',
    deactivated: { count: deactivated, of: 1000 },
    reactivated: { count: reactivated, of: 1000 },
    rolesRemoved: { count: removed, of: 1000 },
  });
  expect(tripped(quiet, guards, week(149, 14, 299))).toEqual([]);
  expect(tripped(quiet, guards, week(150, 15, 300))).toEqual(['week', 'week', 'week']);
  expect(tripped(quiet, { ...guards, week: { times: 4 } }, week(150, 15, 300))).toEqual([]);
  expect(tripped(quiet, { ...guards, week: null }, week(1000, 1000, 1000))).toEqual([]);
});

const shape = { destination: 'folder /x', files: '[]', personKey: 'gebruikersnaam' };
const usual: FirstTime = {
  kind: 'folder',
  shape,
  lastShape: shape,
  foreignFiles: [],
  restoredAt: null,
  olderThan: null,
  roles: 5,
  lastRoles: 5,
  isSet: true,
  inactive: { rows: 0, field: 7, header: 'passief' },
  hadInactive: false,
};

test.each<[string, Partial<FirstTime>, number]>([
  ['nothing new', {}, 0],
  ['the first delivery to the folder for trying out', { isSet: false, lastShape: null, lastRoles: null }, 0],
  ['the first delivery to an empty folder that was set', { lastShape: null, lastRoles: null }, 1],
  ['the first rows of inactive people', { inactive: { rows: 1, field: 7, header: 'passief' } }, 1],
  ['such rows in the folder for trying out', { isSet: false, inactive: { rows: 1, field: 7, header: 'passief' } }, 0],
  ['such rows after others', { hadInactive: true, inactive: { rows: 1, field: 7, header: 'passief' } }, 0],
  ['rows of inactive people instead of their absence', { shape: { ...shape, leavers: 'passive' } }, 1],
  [
    'the first delivery to a folder with files of another program',
    { lastShape: null, lastRoles: null, foreignFiles: ['Users.csv'] },
    1,
  ],
  ['the first delivery by SFTP', { kind: 'sftp', lastShape: null, lastRoles: null }, 1],
  ['another destination', { shape: { ...shape, destination: 'folder /y' } }, 1],
  ['other columns', { shape: { ...shape, files: '[1]' } }, 1],
  ['another key', { shape: { ...shape, personKey: 'externalId' } }, 1],
  ['a restore', { restoredAt: '2026-11-23T10:00:00.000Z' }, 1],
  [
    'a database that was put back by hand',
    { restoredAt: '2026-11-23T10:00:00.000Z', olderThan: { pair: 'run 3', at: '2026-11-22T10:00:00.000Z' } },
    1,
  ],
  ['no roles after some', { roles: 0 }, 1],
  ['no roles after none', { roles: 0, lastRoles: 0 }, 0],
])('first times: %s', (_what, change, reasons) => {
  expect(firstTimeReasons({ ...usual, ...change })).toHaveLength(reasons);
});

test('pauses between tries grow to an hour and are spread', () => {
  const now = new Date('2026-11-23T10:00:00Z');
  const minutes = (failures: number, chance: number) =>
    (Date.parse(retryAt(failures, now, chance)) - now.getTime()) / 60_000;
  expect([1, 2, 3, 4, 5, 50].map((failures) => minutes(failures, 0.5))).toEqual([5, 10, 20, 40, 60, 60]);
  expect([minutes(1, 0), minutes(1, 1)]).toEqual([4, 6]);
});
