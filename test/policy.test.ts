import { describe, expect, test } from 'vitest';
import { personFields, Policy, roleFields } from '../shared/policy.ts';
import { faultsOf } from './policy/faults.ts';

const personColumns = ['voornaam', 'tussenvoegsel', 'achternaam', 'geslacht', 'email', 'gebruikersnaam'];
const column = (field: string, header = field) => ({ header, field });

/** As the contract writes it down, setting by setting. */
const defaults = {
  spendCloud: { leavers: 'passive', inactiveEmail: 'blank-if-taken', personKey: 'gebruikersnaam' },
  accounts: { initiallyEnabled: true, username: 'confirm', usernameReuse: 'refuse', duplicateEmail: 'refuse' },
  fields: [],
  roles: {
    assignedBy: 'account',
    unit: { name: 'Department.DisplayName', code: 'Department.ExternalId' },
    profile: { name: 'Title.Name', code: 'Title.ExternalId' },
    endedContracts: 'report',
    notStartedContracts: 'report',
    profileTable: null,
    unitTable: null,
    unmapped: 'report',
    catalogue: null,
  },
  also: { persons: null, roles: null },
  files: {
    persons: {
      fileName: 'Users.csv',
      delimiter: ';',
      quote: 'always',
      lineEnd: 'crlf',
      encoding: 'utf-8',
      bom: true,
      columns: [
        ...personColumns.map((field) => column(field)),
        { header: 'passief', status: { active: null, inactive: 'Ja' } },
      ],
    },
    roles: {
      fileName: 'Roles.csv',
      delimiter: ',',
      quote: 'always',
      lineEnd: 'crlf',
      encoding: 'utf-8',
      bom: true,
      columns: [
        { header: 'Organisatorische Eenheid', field: 'ou' },
        { header: 'Gebruikersnaam', field: 'gebruikersnaam' },
        { header: 'Functieprofiel Code', field: 'functiecode' },
      ],
    },
  },
  schedule: { cron: '0 30 5 * * *', timeZone: 'Europe/Amsterdam', quietMinutes: 0, overdueMinutes: 120 },
  guards: {
    deactivated: { atLeast: 5, percent: 5, count: 100 },
    reactivated: { atLeast: 3, percent: 0.5, count: 25 },
    renamed: { atLeast: 5, percent: 1, count: 25 },
    changed: { atLeast: 20, percent: 20, count: null },
    added: { atLeast: 50, percent: 25, count: null },
    rolesRemoved: { atLeast: 10, percent: 10, count: 250 },
    rolesAdded: { atLeast: 100, percent: 25, count: null },
    lastRole: { atLeast: 10, percent: 2, count: null },
    alsoLost: { atLeast: 2, percent: 20, count: null },
    unit: { people: 5, percent: 50 },
    week: { times: 3 },
  },
  delivery: { rename: 'posix', verify: 'content', deadlineSeconds: 300 },
  notify: { silentDays: 14 },
  retention: { passiveDays: 365, archiveDays: 90, backupDays: 30, deletedPersonsDays: 365, auditDays: 2557 },
  dashboard: { language: 'auto' },
};

test('an empty policy is the complete default policy', () => {
  expect(Policy.parse({})).toStrictEqual(defaults);
});

test('empty sections are the default policy too', () => {
  const sections = Object.keys(defaults).filter((name) => name !== 'fields');
  expect(Policy.parse(Object.fromEntries(sections.map((name) => [name, {}])))).toStrictEqual(defaults);
});

test('the fields of persons and roles are those of the contract', () => {
  expect(personFields).toEqual([
    'externalId',
    'email',
    'voornaam',
    'tussenvoegsel',
    'achternaam',
    'gebruikersnaam',
    'geslacht',
  ]);
  expect(roleFields).toEqual(['ou', 'oucode', 'functie', 'functiecode', 'contract', 'startDate', 'endDate']);
});

test('every other choice the contract names is taken', () => {
  const policy = {
    $schema: './connector.schema.json',
    accounts: { initiallyEnabled: false, username: 'freeze', usernameReuse: 'report', duplicateEmail: 'report' },
    fields: [{ name: 'kostenplaats' }],
    roles: {
      assignedBy: 'permissions',
      unit: { name: 'Custom.Afdeling-naam', code: 'Afdeling' },
      profile: { name: 'A.B.C.D' },
      endedContracts: 'drop',
      notStartedContracts: 'drop',
      profileTable: 'profielen.csv',
      unitTable: '/data/afdelingen.csv',
      unmapped: 'omit',
      catalogue: 'rollen.csv',
    },
    also: { persons: 'accountants.csv', roles: 'accountants-rollen.csv' },
    files: {
      persons: {
        fileName: 'Personen é.csv',
        delimiter: '\t',
        quote: 'needed',
        lineEnd: 'lf',
        encoding: 'windows-1252',
        columns: [
          column('kostenplaats', 'Kostenplaats €'),
          column('gebruikersnaam'),
          column('gebruikersnaam', 'login'),
        ],
      },
      roles: {
        encoding: 'iso-8859-15',
        bom: false,
        columns: [...roleFields, ...personFields, 'kostenplaats'].map((field) => column(field)),
      },
    },
    schedule: { cron: '0 0 6,18 * * 1-5', timeZone: 'UTC', quietMinutes: 10, overdueMinutes: 60 },
    guards: { added: { atLeast: 0, percent: 0.5, count: 1 }, unit: null, week: null },
    delivery: { rename: 'remove-first', verify: 'size', deadlineSeconds: 60 },
    notify: { silentDays: null },
    dashboard: { language: 'nl' },
  };
  const read = Policy.parse(policy);
  expect(read).toMatchObject(policy);
  expect(read.guards.deactivated).toEqual(defaults.guards.deactivated);
});

describe('the byte order mark', () => {
  test.for([
    { encoding: 'utf-8', bom: undefined, outcome: true },
    { encoding: 'utf-8', bom: false, outcome: false },
    { encoding: 'windows-1252', bom: undefined, outcome: false },
    { encoding: 'iso-8859-15', bom: false, outcome: false },
  ])('with $encoding and bom $bom is $outcome', ({ encoding, bom, outcome }) => {
    expect(Policy.parse({ files: { roles: { encoding, bom } } }).files.roles.bom).toBe(outcome);
  });
});

test('with the personnel number as key, columns that hold it are needed and enough', () => {
  const spendCloud = { personKey: 'externalId' };
  expect(faultsOf({ spendCloud })).toEqual([
    'files.persons.columns: no column holds "externalId", expected one because spendCloud.personKey names that field',
    'files.roles.columns: no column holds "externalId", expected one because spendCloud.personKey names that field',
  ]);
  const columns = [column('externalId')];
  expect(faultsOf({ spendCloud, files: { persons: { columns }, roles: { columns } } })).toEqual([]);
});
