import { expect, test } from 'vitest';
import { Policy } from '../../shared/policy.ts';
import { faultsOf } from './faults.ts';

const username = { header: 'login', field: 'gebruikersnaam' };
const status = { header: 'actief', status: { active: 'J', inactive: null } };
const withColumns = (columns: unknown[], spendCloud = {}) => ({ spendCloud, files: { persons: { columns } } });

test.each<[string, object, 'passive' | 'absent', string[]]>([
  ['nothing named', {}, 'passive', ['passief']],
  ['absent', { spendCloud: { leavers: 'absent' } }, 'absent', []],
  ['passive', { spendCloud: { leavers: 'passive' } }, 'passive', ['passief']],
  ['columns without a status', withColumns([username]), 'absent', []],
  ['columns with a status', withColumns([username, status]), 'passive', ['actief']],
  ['columns without a status, and absent', withColumns([username], { leavers: 'absent' }), 'absent', []],
  [
    'columns with a status, and passive',
    withColumns([username, status], { leavers: 'passive' }),
    'passive',
    ['actief'],
  ],
])('how leavers are told follows what is written: %s', (_what, written, leavers, statusColumns) => {
  const { spendCloud, files } = Policy.parse(written);
  expect(spendCloud.leavers).toBe(leavers);
  const found = files.persons.columns.filter((column) => column.status !== undefined);
  expect(found.map(({ header }) => header)).toEqual(statusColumns);
});

test('the usual columns are those of the earlier connector, since its release 2.0.5 or before it', () => {
  const headers = (leavers: string) =>
    Policy.parse({ spendCloud: { leavers } }).files.persons.columns.map(({ header }) => header);
  const before = ['voornaam', 'tussenvoegsel', 'achternaam', 'geslacht', 'email', 'gebruikersnaam'];
  expect(headers('absent')).toEqual(before);
  expect(headers('passive')).toEqual([...before, 'passief']);
});

test.each<[string, object, string[]]>([
  [
    'passive without a status column',
    withColumns([username], { leavers: 'passive' }),
    [
      'spendCloud.leavers: expected "absent", or a column of the status in files.persons.columns, such as { "header": "passief", "status": { "active": null, "inactive": "Ja" } }',
    ],
  ],
  [
    'a status column with absent',
    withColumns([username, status], { leavers: 'absent' }),
    [
      'spendCloud.leavers: expected "passive", because files.persons.columns has a column of the status; take that column out where the import in Spend Cloud does not read it',
    ],
  ],
  [
    'two status columns',
    withColumns([username, status, { ...status, header: 'passief' }]),
    ['files.persons.columns: found more than one column with a `status`, expected one'],
  ],
  [
    'a column of both kinds',
    withColumns([username, { ...status, field: 'email' }]),
    ['files.persons.columns[1]: expected a `field` or a `status`, and not both'],
  ],
  [
    'a column of neither kind',
    withColumns([username, { header: 'x' }]),
    ['files.persons.columns[1]: expected a `field` or a `status`, and not both'],
  ],
  [
    'two values that read alike',
    withColumns([username, { header: 'passief', status: { active: ' ja', inactive: 'JA' } }]),
    ['files.persons.columns[1].status.inactive: expected another value than that of an active person'],
  ],
  [
    'nothing and an empty text',
    withColumns([username, { header: 'passief', status: { active: null, inactive: '' } }]),
    ['files.persons.columns[1].status.inactive: expected another value than that of an active person'],
  ],
  [
    'a status in the roles file',
    {
      files: {
        roles: {
          columns: [
            { header: 'x', field: 'gebruikersnaam' },
            { ...status, field: 'ou' },
          ],
        },
      },
    },
    ['files.roles.columns[1].status: expected only header, field'],
  ],
])('the wrong pair, or what cannot be read, is refused: %s', (_what, policy, faults) => {
  expect(faultsOf(policy)).toEqual(faults);
});
