import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Policy } from '../../shared/policy.ts';
import { faultsOf } from './faults.ts';

const column = (field: string, header = field) => ({ header, field });

describe('a policy is refused', () => {
  const persons = (file: object) => ({ files: { persons: file } });
  const key = column('gebruikersnaam');

  test.for<[string, unknown, string[]]>([
    ['that is no object', [], ['']],
    ['with a misspelt section', { shedule: {} }, ['shedule']],
    ['with a misspelt key deep inside', { guards: { added: { percentage: 3 } } }, ['guards.added.percentage']],
    ['with a section that is null', { roles: null }, ['roles']],
    ['with five cron fields', { schedule: { cron: '30 5 * * *' } }, ['schedule.cron']],
    ['with seven cron fields', { schedule: { cron: '0 30 5 * * * 2030' } }, ['schedule.cron']],
    ['with a cron nickname', { schedule: { cron: '@daily' } }, ['schedule.cron']],
    ['with an hour that does not exist', { schedule: { cron: '0 0 24 * * *' } }, ['schedule.cron']],
    ['with a date that never comes', { schedule: { cron: '0 0 0 30 2 *' } }, ['schedule.cron']],
    ['with an unknown time zone', { schedule: { timeZone: 'Europe/Utrecht' } }, ['schedule.timeZone']],
    ['with an offset for a time zone', { schedule: { timeZone: '+01:00' } }, ['schedule.timeZone']],
    ['with a count of zero', { guards: { renamed: { count: 0 } } }, ['guards.renamed.count']],
    ['with more than 100 percent', { guards: { renamed: { percent: 101 } } }, ['guards.renamed.percent']],
    ['with less than 0 percent', { guards: { renamed: { percent: -1 } } }, ['guards.renamed.percent']],
    ['with half a person', { guards: { renamed: { atLeast: 2.5 } } }, ['guards.renamed.atLeast']],
    ['with a number as text', { retention: { archiveDays: '90' } }, ['retention.archiveDays']],
    ['with nothing kept', { retention: { auditDays: 0 } }, ['retention.auditDays']],
    ['with an alarm after no days', { notify: { silentDays: 0 } }, ['notify.silentDays']],
    ['with an unknown choice', { delivery: { rename: 'atomic' } }, ['delivery.rename']],
    ['with two characters between values', persons({ delimiter: ';;' }), ['files.persons.delimiter']],
    ['with a quote between values', persons({ delimiter: '"' }), ['files.persons.delimiter']],
    ['with a line end between values', persons({ delimiter: '\n' }), ['files.persons.delimiter']],
    ['with nothing between values', persons({ delimiter: '' }), ['files.persons.delimiter']],
    ['with an unknown encoding', persons({ encoding: 'latin1' }), ['files.persons.encoding']],
    ['with a byte order mark outside utf-8', persons({ encoding: 'iso-8859-15', bom: true }), ['files.persons.bom']],
    [
      'with a delimiter that the encoding lacks',
      persons({ encoding: 'windows-1252', delimiter: '→' }),
      ['files.persons.delimiter'],
    ],
    [
      'with a header that the encoding lacks',
      persons({ encoding: 'windows-1252', columns: [key, column('email', 'имя')] }),
      ['files.persons.columns[1].header'],
    ],
    ['without columns', persons({ columns: [] }), ['files.persons.columns']],
    [
      'with a column of an unknown field',
      persons({ columns: [key, column('afdeling')] }),
      ['files.persons.columns[1].field'],
    ],
    ['with a role in the persons file', persons({ columns: [key, column('ou')] }), ['files.persons.columns[1].field']],
    [
      'with a header twice',
      persons({ columns: [key, column('email'), column('email')] }),
      ['files.persons.columns[2].header'],
    ],
    [
      'with a header over two lines',
      persons({ columns: [key, column('email', 'a\nb')] }),
      ['files.persons.columns[1].header'],
    ],
    ['with an empty header', persons({ columns: [key, column('email', '')] }), ['files.persons.columns[1].header']],
    ['without the column that finds the person', persons({ columns: [column('email')] }), ['files.persons.columns']],
    ['with one name for both files', persons({ fileName: 'ROLES.CSV' }), ['files.roles.fileName']],
    ...['a/b.csv', 'a\\b.csv', '.csv', '..', '', 'a\u0000.csv', 'a\n.csv', 'é'.repeat(101)].map(
      (fileName): [string, unknown, string[]] => [
        `with the file name ${JSON.stringify(fileName.slice(0, 10))}`,
        persons({ fileName }),
        ['files.persons.fileName'],
      ],
    ),
    ...[
      'a b',
      '1e',
      'naïef',
      'x'.repeat(61),
      '',
      'EMAIL',
      'Gender',
      'ouCode',
      'startdate',
      'enabled',
      '__proto__',
      'constructor',
    ].map((name): [string, unknown, string[]] => [
      `with a further field called ${JSON.stringify(name.slice(0, 20))}`,
      { fields: [{ name }] },
      ['fields[0].name'],
    ]),
    ['with a further field twice', { fields: [{ name: 'team' }, { name: 'Team' }] }, ['fields[1].name']],
    ['with a further field as bare text', { fields: ['team'] }, ['fields[0]']],
    ['with a path of five names', { roles: { unit: { name: 'a.b.c.d.e' } } }, ['roles.unit.name']],
    ['with a gap in a path', { roles: { profile: { code: 'Title..Code' } } }, ['roles.profile.code']],
    ['with a table without a name', { also: { persons: ' ' } }, ['also.persons']],
  ])('%s', ([, policy, settings]) => {
    expect(faultsOf(policy).map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual(settings);
  });
});

test('what is wrong between settings is named beside what is wrong in them', () => {
  const policy = {
    shedule: {},
    schedule: { cron: 'daily', quietMinutes: 1.5 },
    fields: [{ name: 'team' }, { name: 'a b' }],
    files: {
      persons: {
        encoding: 'windows-1252',
        bom: true,
        quotes: 'always',
        columns: [{ header: 'x' }, column('team', 'y'), column('y'), column('→')],
      },
      roles: { fileName: 'users.csv', columns: [7] },
    },
  };
  expect(
    faultsOf(policy)
      .map((fault) => fault.slice(0, fault.indexOf(':')))
      .sort(),
  ).toEqual([
    'fields[1].name',
    'files.persons.bom',
    'files.persons.columns',
    'files.persons.columns[0]',
    'files.persons.columns[2].field',
    'files.persons.columns[2].header',
    'files.persons.columns[3].field',
    'files.persons.columns[3].header',
    'files.persons.quotes',
    'files.roles.columns',
    'files.roles.columns[0]',
    'files.roles.fileName',
    'schedule.cron',
    'schedule.quietMinutes',
    'shedule',
  ]);
});

test('whatever stands in the place of a setting is judged, never stumbled over', () => {
  const places = [...placesIn({ ...Policy.parse({}), fields: [{ name: 'team' }] })];
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), fc.jsonValue()), { maxLength: 4 }), (changes) => {
      const policy = structuredClone({ ...Policy.parse({}), fields: [{ name: 'team' }] });
      for (const [place, value] of changes) put(policy, place, value);
      const read = Policy.safeParse(policy);
      if (read.success) expect(Policy.parse(read.data)).toStrictEqual(read.data);
      else
        expect(read.error.issues.map(({ message }) => message)).not.toContainEqual(expect.stringMatching(/^Invalid/));
    }),
  );
});

function* placesIn(value: unknown, path: string[] = []): Generator<string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* placesIn(inner, [...path, name]);
}

function put(target: unknown, [name, ...rest]: string[], value: unknown): void {
  if (typeof target !== 'object' || target === null || name === undefined) return;
  const members = target as Record<string, unknown>;
  if (rest.length > 0) put(members[name], rest, value);
  else members[name] = value;
}
