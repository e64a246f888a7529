import { describe, expect, test } from 'vitest';
import { Policy } from '../../shared/policy.ts';
import { changedDefaults, changedDefaultsText, type ChangedDefault } from '../../shared/policy/changed-defaults.ts';

const sixColumns = ['voornaam', 'tussenvoegsel', 'achternaam', 'geslacht', 'email', 'gebruikersnaam'].map((field) => ({
  header: field,
  field,
}));
const status = { header: 'passief', status: { active: null, inactive: 'Ja' } };
const leavers = 'spendCloud.leavers';
const persons = 'files.persons.fileName';
const roles = 'files.roles.fileName';
const shape = { destination: 'folder /out', files: '[]', personKey: 'gebruikersnaam' };

describe('what connector.json leaves to a default that has changed', () => {
  test.each([
    ['nothing is written', {}, [leavers, persons, roles]],
    ['another setting alone is written', { spendCloud: { personKey: 'gebruikersnaam' } }, [leavers, persons, roles]],
    ['leavers is written', { spendCloud: { leavers: 'passive' } }, [persons, roles]],
    ['the columns are written as they were', { files: { persons: { columns: sixColumns } } }, [persons, roles]],
    [
      'the columns are written with the status',
      { files: { persons: { columns: [...sixColumns, status] } } },
      [persons, roles],
    ],
    ['a name is written', { files: { persons: { fileName: 'ProActive.csv' } } }, [leavers, roles]],
    [
      'all is written',
      {
        spendCloud: { leavers: 'absent' },
        files: { persons: { fileName: 'Users.csv' }, roles: { fileName: 'Roles.csv' } },
        roles: { profile: { code: 'Title.Code' } },
      },
      [],
    ],
  ])('%s', (_, written, expected) => {
    const found = changedDefaults(written, Policy.parse(written)).map(({ setting }) => setting);
    // the default of the code is told once it is another one
    expect(found.filter((setting) => setting !== 'roles.profile.code')).toEqual(expected);
  });

  test('the code of a role profile is told exactly where its default is another one than before', () => {
    const isChanged = Policy.parse({}).roles.profile.code !== 'Title.Code';
    const told = changedDefaults({}, Policy.parse({})).some(({ setting }) => setting === 'roles.profile.code');
    expect(told).toBe(isChanged);
  });
});

test('who writes the former values as told has the former files', () => {
  const unwritten = changedDefaults({}, Policy.parse({}));
  const text = changedDefaultsText({ configFile: '/etc/connector.json', unwritten }, shape) ?? '';
  const written = JSON.parse(/write (\{.*\}) in connector\.json/.exec(text)?.[1] ?? '') as unknown;
  expect(changedDefaults(written, Policy.parse(written))).toEqual([]);
  expect(Policy.parse(written)).toMatchObject({
    files: { persons: { fileName: 'ProActive.csv', columns: sixColumns }, roles: { fileName: 'ProActiveRoles.csv' } },
    roles: { profile: { code: 'Title.Code' } },
  });
});

describe('whether a changed default is told', () => {
  const name = { setting: persons, before: 'ProActive.csv', now: 'Users.csv' };
  const one: ChangedDefault[] = [{ ...name, besideColumns: false }];
  const beside: ChangedDefault[] = [{ ...name, besideColumns: true }];
  const newShape = { ...shape, leavers: 'passive' as const };
  test.each([
    ['a connector.json that names columns and not this', '/c.json', beside, null, true],
    ['also once files have gone out under the new one', '/c.json', beside, newShape, true],
    ['a connector.json without columns, after an earlier release', '/c.json', one, shape, true],
    ['a connector.json without columns, of a new installation', '/c.json', one, null, false],
    ['a connector.json without columns, once files have gone out', '/c.json', one, newShape, false],
    ['a connector.json that names all of them', '/c.json', [], shape, false],
    ['no connector.json, and files delivered by an earlier release', null, one, shape, true],
    ['no connector.json, and files delivered by this one', null, one, newShape, false],
    ['no connector.json, and nothing delivered', null, one, null, false],
  ])('%s', (_, configFile, unwritten, last, isTold) => {
    const text = changedDefaultsText({ configFile, unwritten }, last);
    expect(text !== undefined).toBe(isTold);
    if (isTold) expect(text).toContain('files.persons.fileName is "Users.csv" (before: "ProActive.csv")');
  });
});
