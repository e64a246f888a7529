import { expect, test } from 'vitest';
import { en } from '../../dashboard/text/en/en.ts';
import { nl } from '../../dashboard/text/nl/nl.ts';
import { dutchOf } from '../../dashboard/text/nl/reasons.ts';
import { auditKinds, auditOutcomes } from '../../shared/domain/audit.ts';
import { judgeCodes } from '../../shared/domain/code-fields.ts';
import { findingCodes } from '../../shared/domain/findings.ts';
import { foreignReasons } from '../../shared/domain/far-side.ts';
import { firstTimeReasons, type FirstTime } from '../../shared/domain/first-time.ts';
import { guardNames, measuresOf, trippedBy } from '../../shared/domain/guards.ts';
import { askedAboutReasons } from '../../shared/domain/take-over.ts';
import { Policy } from '../../shared/policy.ts';

const shape = { destination: 'folder /data/outbox', files: '[]', personKey: 'gebruikersnaam' };
const first: FirstTime = {
  kind: 'sftp',
  shape,
  lastShape: null,
  foreignFiles: [],
  restoredAt: '2026-11-24T05:00:00.000Z',
  olderThan: null,
  roles: 0,
  lastRoles: 12,
  isSet: true,
  inactive: { rows: 3, field: 7, header: 'passief' },
  hadInactive: false,
};
const other = {
  destination: 'SFTP spend.example:22',
  files: '[1]',
  personKey: 'externalId',
  leavers: 'passive' as const,
};
const codePaths = { unit: 'Department.ExternalId', profile: 'Title.ExternalId' };

const theirs = { what: 'other', bytes: 1234, modifiedAt: '2026-11-28T05:31:00.000Z' } as const;

test('every reason for which a run is held has its Dutch', () => {
  const effect = {
    persons: { total: 500, added: 500, reactivated: 500, deactivated: 500, changed: 500, renamed: 500 },
    roles: { total: 500, added: 500, removed: 500 },
  };
  const base = { persons: 500, roles: 500 };
  const who = {
    added: [],
    reactivated: [],
    deactivated: [],
    changed: [],
    renamed: [],
    rolesAdded: [],
    rolesRemoved: [],
  };
  const { guards } = Policy.parse({});
  const all = { count: 500, of: 500 };
  const units = ['Noord', 'Zuid'].map((unit) => ({ unit, people: 250, lost: 250 }));
  const losses = { lastRole: 500, alsoPersons: all, alsoRoles: all, units };
  const comparison = { effect, base, acceptedRenames: 0, who, missing: [], losses };
  const week = { since: '2026-11-17T04:30:00.000Z', deactivated: all, reactivated: all, rolesRemoved: all };
  const tripped = trippedBy(measuresOf(comparison, week), guards);
  expect(new Set(tripped.map(({ guard }) => guard))).toEqual(new Set(guardNames));
  const reasons = [
    ...tripped.map(({ reason }) => reason),
    ...firstTimeReasons(first),
    ...firstTimeReasons({ ...first, kind: 'folder', olderThan: { pair: 'run 3', at: '2026-11-23' } }),
    ...firstTimeReasons({ ...first, kind: 'folder', olderThan: { pair: 'the baseline', at: '2026-11-23' } }),
    ...firstTimeReasons({ ...first, kind: 'folder', foreignFiles: ['Users.csv'] }),
    ...firstTimeReasons({ ...first, lastShape: other }),
    ...askedAboutReasons({ asks: 2 }),
    ...foreignReasons([theirs, { ...theirs, modifiedAt: null }], { ours: [[], []], later: [] }, [
      'Users.csv',
      'Roles.csv',
    ]),
    ...judgeCodes([{ kind: 'profile', path: codePaths.profile, match: 'other', people: 3 }], codePaths).held,
  ];
  expect(reasons.length).toBeGreaterThanOrEqual(26);
  expect(reasons.filter((reason) => dutchOf(reason) === null)).toEqual([]);
  expect(dutchOf(reasons[0] ?? '')).toBe(
    '500 personen zouden worden gedeactiveerd, van 500 laatst geleverde (guards.deactivated)',
  );
  expect(dutchOf(reasons.at(-1) ?? '')).toBe(
    'roles.profile.code leest Title.ExternalId; de tot nu toe geleverde codes zijn bij 3 van 3 personen die van Title.Code; een bijgewerkte tabel kan beide bevatten',
  );
  expect(dutchOf('Something new')).toBeNull();
  expect(dutchOf('1 person(s) would be deactivated, of 4 delivered last (guards.deactivated)')).toBe(
    '1 persoon zou worden gedeactiveerd, van 4 laatst geleverde (guards.deactivated)',
  );
  const [unit, weekly] = ['unit', 'week'].map((name) => reasons.find((reason) => reason.endsWith(`(guards.${name})`)));
  expect(dutchOf(unit ?? '')).toBe(
    '250 van de 250 personen van eenheid [Noord] zouden inactief worden of de laatste rol verliezen, en zo ook in nog 1 eenheid (guards.unit)',
  );
  expect(dutchOf(weekly ?? '')).toBe(
    '500 personen zouden worden gedeactiveerd sinds 2026-11-17, van 500 toen geleverde (guards.week)',
  );
  expect(dutchOf('1 username(s) stand on more than one row of the persons file')).toBe(
    '1 gebruikersnaam staat op meer dan één regel van het personenbestand',
  );
});

test('everything that the server names by a code has its word in both languages', () => {
  for (const { kinds, outcomes, states, findings } of [nl.words, en.words]) {
    expect(Object.keys(kinds).toSorted()).toEqual(auditKinds.toSorted());
    expect(Object.keys({ ...outcomes, ...states }).toSorted()).toEqual(auditOutcomes.toSorted());
    expect(Object.keys(findings).toSorted()).toEqual(findingCodes.toSorted());
  }
});

test('one of something is said in the singular', () => {
  const said = [en, nl].flatMap(({ deliveries, audit, overview }) => [
    deliveries.rows(1, '1'),
    deliveries.rows(2, '2'),
    audit.verified(1, '1'),
    overview.actionsSay(1, '1', 'a', 'b'),
  ]);
  expect(said).toEqual([
    ...['1 row', '2 rows', 'Unbroken: 1 entry', '1 action from a to b.'],
    ...['1 regel', '2 regels', 'Ongebroken: 1 regel', '1 actie van a tot b.'],
  ]);
});

test('both languages have a word for the same codes', () => {
  for (const list of ['kinds', 'outcomes', 'findings', 'fields', 'health'] as const)
    expect(Object.keys(nl.words[list])).toEqual(Object.keys(en.words[list]));
  expect(Object.keys(nl.failures.byCode)).toEqual(Object.keys(en.failures.byCode));
});
