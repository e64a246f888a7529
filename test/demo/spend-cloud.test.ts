import { expect, test } from 'vitest';
import {
  canLogIn,
  emptySpendCloud,
  importFiles,
  importPersons,
  importRoles,
  registeredBy,
  rolesOf,
  type SpendCloud,
} from '../../demo/spend-cloud.ts';

const registered = { units: new Set(['Thuiszorg', 'Inkoop & "Facilitair"']), profiles: new Set(['TL', 'INK']) };

interface PersonRow {
  voornaam: string;
  tussenvoegsel: string;
  achternaam: string;
  geslacht: string;
  email: string;
  gebruikersnaam: string;
}

const anna: PersonRow = {
  voornaam: 'Anna',
  tussenvoegsel: 'van den',
  achternaam: 'Brink',
  geslacht: 'V',
  email: 'anna@zorg.example',
  gebruikersnaam: 'anna',
};
const bram: PersonRow = {
  voornaam: 'Bram',
  tussenvoegsel: '',
  achternaam: 'Bakker',
  geslacht: 'M',
  email: 'bram@zorg.example',
  gebruikersnaam: 'bram',
};

test('the first import adds everyone, and who is added can log in', () => {
  const { state, report } = importPersons(emptySpendCloud(registered, 'absent'), persons(anna, bram));

  expect(report).toEqual({ added: ['anna', 'bram'], changed: [], reactivated: [], deactivated: [], errors: [] });
  expect(canLogIn(state)).toEqual(['anna', 'bram']);
  expect(state.employees.get('anna')).toEqual({
    username: 'anna',
    firstName: 'Anna',
    prefix: 'van den',
    lastName: 'Brink',
    gender: 'V',
    email: 'anna@zorg.example',
    active: true,
  });
});

test('who is missing from the file is deactivated, and reactivated on returning', () => {
  const gone = importPersons(after(anna, bram), persons(anna));
  expect(gone.report).toMatchObject({ added: [], deactivated: ['bram'], errors: [] });
  expect(canLogIn(gone.state)).toEqual(['anna']);

  const stillGone = importPersons(gone.state, persons(anna));
  expect(stillGone.report.deactivated).toEqual([]);

  const back = importPersons(stillGone.state, persons(anna, { ...bram, achternaam: 'Smit' }));
  expect(back.report).toMatchObject({ added: [], changed: [], reactivated: ['bram'], errors: [] });
  expect(canLogIn(back.state)).toEqual(['anna', 'bram']);
  expect(back.state.employees.get('bram')?.lastName).toBe('Smit');
});

test('an import that reads field 7 believes it, and says nothing of who is missing', () => {
  const marked = importPersons(afterPassive(anna, bram), passivePersons([anna, ''], [bram, 'Ja']));
  expect(marked.report).toEqual({ added: [], changed: [], reactivated: [], deactivated: ['bram'], errors: [] });
  expect(canLogIn(marked.state)).toEqual(['anna']);

  const missing = importPersons(marked.state, passivePersons([{ ...bram, achternaam: 'Smit' }, 'Ja']));
  expect(missing.report).toMatchObject({ changed: ['bram'], deactivated: [], errors: [] });
  expect(canLogIn(missing.state)).toEqual(['anna']);

  const back = importPersons(missing.state, passivePersons([bram, '']));
  expect(back.report).toMatchObject({ changed: [], reactivated: ['bram'], errors: [] });
  expect(canLogIn(back.state)).toEqual(['anna', 'bram']);
  expect(importPersons(back.state, passivePersons()).state).toEqual(back.state);
});

test('an inactive row of somebody unknown adds an employee who cannot log in', () => {
  const { state, report } = importPersons(emptySpendCloud(registered), passivePersons([anna, 'Ja']));

  expect(report.added).toEqual(['anna']);
  expect(canLogIn(state)).toEqual([]);
});

test('an inactive employee keeps the e-mail address from others, unless the row gives it up', () => {
  const heir = { ...bram, email: anna.email };
  const both = importPersons(afterPassive(anna, bram), passivePersons([anna, 'Ja'], [heir, '']));
  expect(both.report.errors).toEqual([{ row: 2, reason: 'the e-mail address anna@zorg.example is that of anna' }]);

  const given = importPersons(both.state, passivePersons([{ ...anna, email: '' }, 'Ja'], [heir, '']));
  expect(given.report).toMatchObject({ changed: ['anna', 'bram'], errors: [] });
});

test('with field 7 too a username that stands in the file twice counts once, active or not', () => {
  const { report } = importPersons(afterPassive(anna), passivePersons([anna, ''], [anna, 'Ja']));

  expect(report).toMatchObject({ deactivated: [], errors: [{ row: 2 }] });
});

test.each(['Nee', 'ja', '1'])('a status that the import does not know (%s) is refused', (status) => {
  const { state, report } = importPersons(afterPassive(anna), passivePersons([anna, status]));

  expect(report.errors).toEqual([{ row: 1, reason: `the status ${status} is not known` }]);
  expect(canLogIn(state)).toEqual(['anna']);
});

test.each([
  ['six fields', 'passive', persons(anna)],
  ['seven fields', 'absent', passivePersons([anna, ''])],
] as const)('a file of %s is no file for the import definition of the other way', (_what, leavers, text) => {
  expect(importPersons(emptySpendCloud(registered, leavers), text).report.errors).toMatchObject([{ row: 0 }]);
});

test('only a differing value is a change', () => {
  const { state, report } = importPersons(after(anna, bram), persons(anna, { ...bram, email: 'b@zorg.example' }));

  expect(report).toMatchObject({ added: [], changed: ['bram'], deactivated: [] });
  expect(state.employees.get('bram')?.email).toBe('b@zorg.example');
});

test('a file without rows deactivates everyone', () => {
  const { state, report } = importPersons(after(anna, bram), persons());

  expect(report.deactivated).toEqual(['anna', 'bram']);
  expect(canLogIn(state)).toEqual([]);
});

test('another username is another employee, even when only its case differs', () => {
  const renamed = { ...anna, gebruikersnaam: 'Anna', email: 'new@zorg.example' };
  const { state, report } = importPersons(after(anna), persons(renamed));

  expect(report).toMatchObject({ added: ['Anna'], deactivated: ['anna'], errors: [] });
  expect(canLogIn(state)).toEqual(['Anna']);
});

test('a renamed employee who keeps the e-mail address is refused: the old employee has it, active or not', () => {
  const { state, report } = importPersons(after(anna), persons({ ...anna, gebruikersnaam: 'abrink' }));

  expect(report).toMatchObject({ added: [], deactivated: ['anna'] });
  expect(report.errors).toEqual([{ row: 1, reason: 'the e-mail address anna@zorg.example is that of anna' }]);
  expect(canLogIn(state)).toEqual([]);

  const capitals = importPersons(state, persons({ ...anna, gebruikersnaam: 'abrink', email: 'ANNA@zorg.example' }));
  expect(capitals.report.errors).toHaveLength(1);
  const { state: inCapitals } = importPersons(state, persons({ ...anna, email: 'ANNA@zorg.example' }));
  expect(importPersons(inCapitals, persons({ ...anna, gebruikersnaam: 'abrink' })).report.errors).toHaveLength(1);
});

test('an employee whose row is refused stays as he was, and active', () => {
  const before = after(anna, bram);
  const { state, report } = importPersons(before, persons(anna, { ...bram, email: anna.email, achternaam: 'Smit' }));

  expect(report).toMatchObject({ changed: [], deactivated: [] });
  expect(report.errors).toEqual([{ row: 2, reason: 'the e-mail address anna@zorg.example is that of anna' }]);
  expect(state.employees).toEqual(before.employees);
});

test('an address that its holder gave up on an earlier row is free', () => {
  const moved = { ...anna, email: 'anna2@zorg.example' };
  const heir = { ...bram, email: anna.email };

  expect(importPersons(after(anna, bram), persons(moved, heir)).report).toMatchObject({
    changed: ['anna', 'bram'],
    errors: [],
  });
  expect(importPersons(after(anna, bram), persons(heir, moved)).report).toMatchObject({
    changed: ['anna'],
    errors: [{ row: 1 }],
  });
});

test('of an employee who stands in the file twice the first row counts', () => {
  const { state, report } = importPersons(
    emptySpendCloud(registered, 'absent'),
    persons(anna, { ...anna, achternaam: 'Smit' }),
  );

  expect(report.errors).toEqual([{ row: 2, reason: 'this username stands on an earlier row' }]);
  expect(state.employees.get('anna')?.lastName).toBe('Brink');
});

test.each(['gebruikersnaam', 'achternaam', 'email'] as const)('a row without %s is refused', (field) => {
  const { state, report } = importPersons(
    emptySpendCloud(registered, 'absent'),
    persons({ ...anna, [field]: '' }, bram),
  );

  expect(report.errors).toMatchObject([{ row: 1 }]);
  expect(canLogIn(state)).toEqual(['bram']);
});

test('prefix, first name and gender may be empty', () => {
  const { report } = importPersons(
    emptySpendCloud(registered, 'absent'),
    persons({ ...anna, voornaam: '', tussenvoegsel: '', geslacht: '' }),
  );

  expect(report).toMatchObject({ added: ['anna'], errors: [] });
});

test.each([
  ['is empty', ''],
  ['has another header', 'voornaam;tussenvoegsel;achternaam;geslacht;gebruikersnaam;email\r\n'],
  ['has the delimiter of the other file', persons(anna, bram).replaceAll(';', ',')],
  ['has a row that is too short', `${persons(anna)}"Bram";"";"Bakker"\r\n`],
  ['ends within a quoted value', persons(anna, bram).slice(0, -4)],
  ['has a quote that is not doubled', persons({ ...anna, achternaam: 'Br"ink' }).replace('""', '"')],
])('a persons file that %s changes nothing', (_what, text) => {
  const before = after(anna, bram);
  const { state, report } = importPersons(before, text);

  expect(report.errors).toMatchObject([{ row: 0, reason: expect.stringMatching(/./) as string }]);
  expect(report).toMatchObject({ added: [], changed: [], deactivated: [] });
  expect(state).toBe(before);
});

test('values come through letter by letter, with or without byte order mark, and with both line ends', () => {
  const name = 'O\'Brien; "Jansen",\r\n=1+1 – Łukasz ';
  const text = persons({ ...anna, achternaam: name });

  for (const variant of [text, `\uFEFF${text}`, text.replaceAll('"\r\n', '"\n')]) {
    const { state, report } = importPersons(emptySpendCloud(registered, 'absent'), variant);
    expect(report.errors).toEqual([]);
    expect(state.employees.get('anna')?.lastName).toBe(name);
  }
});

test('roles that the file does not name are removed', () => {
  const first = importRoles(
    after(anna, bram),
    roles(['Thuiszorg', 'anna', 'TL'], ['Inkoop & "Facilitair"', 'bram', 'INK']),
  );
  expect(first.report).toMatchObject({ added: [{ username: 'anna' }, { username: 'bram' }], removed: [], errors: [] });
  expect(rolesOf(first.state, 'bram')).toEqual([{ unit: 'Inkoop & "Facilitair"', username: 'bram', profile: 'INK' }]);

  const second = importRoles(first.state, roles(['Thuiszorg', 'anna', 'TL'], ['Thuiszorg', 'anna', 'INK']));
  expect(second.report).toEqual({
    added: [{ unit: 'Thuiszorg', username: 'anna', profile: 'INK' }],
    removed: [{ unit: 'Inkoop & "Facilitair"', username: 'bram', profile: 'INK' }],
    errors: [],
  });
  expect(rolesOf(second.state, 'bram')).toEqual([]);
  expect(rolesOf(second.state, 'anna')).toHaveLength(2);
});

test('a role needs a registered unit and profile, and an employee who is active', () => {
  const { state: someGone } = importPersons(after(anna, bram), persons(anna));
  const { state, report } = importRoles(
    someGone,
    roles(
      ['Thuiszorg', 'anna', 'TL'],
      ['thuiszorg', 'anna', 'TL'],
      ['Thuiszorg', 'anna', 'TL2'],
      ['Thuiszorg', 'bram', 'TL'],
      ['Thuiszorg', 'chris', 'TL'],
    ),
  );

  expect(report.errors).toEqual([
    { row: 2, reason: 'the organisational unit thuiszorg is not registered' },
    { row: 3, reason: 'the function profile TL2 is not registered' },
    { row: 4, reason: 'there is no active employee bram' },
    { row: 5, reason: 'there is no active employee chris' },
  ]);
  expect(state.roles).toEqual([{ unit: 'Thuiszorg', username: 'anna', profile: 'TL' }]);
});

test('a role that stands in the file twice is one role and an error', () => {
  const { state, report } = importRoles(after(anna), roles(['Thuiszorg', 'anna', 'TL'], ['Thuiszorg', 'anna', 'TL']));

  expect(report.errors).toEqual([{ row: 2, reason: 'this role stands on an earlier row' }]);
  expect(state.roles).toHaveLength(1);
});

test('a roles file that cannot be read changes nothing', () => {
  const { state: before } = importRoles(after(anna), roles(['Thuiszorg', 'anna', 'TL']));
  const { state, report } = importRoles(before, 'Gebruikersnaam,Functieprofiel Code\r\n');

  expect(report).toMatchObject({ added: [], removed: [], errors: [{ row: 0 }] });
  expect(state).toBe(before);
});

test('units and profiles can be learnt from a roles file', () => {
  const file = roles(['Thuiszorg', 'anna', 'TL'], ['Inkoop, etc', 'bram', 'TL']);

  expect(registeredBy(file)).toEqual({ units: new Set(['Thuiszorg', 'Inkoop, etc']), profiles: new Set(['TL']) });
  expect(
    importFiles(emptySpendCloud(registeredBy(file), 'absent'), { persons: persons(anna, bram), roles: file }).roles
      .errors,
  ).toEqual([]);
});

test('an import of both files takes the persons first, so that a newcomer can have a role', () => {
  const { state, ...reports } = importFiles(after(anna), {
    persons: persons(anna, bram),
    roles: roles(['Thuiszorg', 'bram', 'TL']),
  });

  expect(reports.persons.added).toEqual(['bram']);
  expect(reports.roles).toMatchObject({ added: [{ username: 'bram' }], errors: [] });
  expect(rolesOf(state, 'bram')).toHaveLength(1);
});

test('an import leaves the state that it was given as it was', () => {
  const before = after(anna, bram);
  const copy = structuredClone(before);
  importFiles(before, { persons: persons({ ...anna, achternaam: 'Smit' }), roles: roles(['Thuiszorg', 'anna', 'TL']) });

  expect(before).toEqual(copy);
});

/** Spend Cloud after a first import of these people. */
function after(...people: PersonRow[]): SpendCloud {
  return importPersons(emptySpendCloud(registered, 'absent'), persons(...people)).state;
}

function afterPassive(...people: PersonRow[]): SpendCloud {
  const rows = people.map((person): [PersonRow, string] => [person, '']);
  return importPersons(emptySpendCloud(registered), passivePersons(...rows)).state;
}

function persons(...rows: PersonRow[]): string {
  return csv(';', [personHeader(), ...rows.map(personCells)]);
}

/** A person and the value of field 7. */
function passivePersons(...rows: [PersonRow, status: string][]): string {
  const cells = rows.map(([person, status]) => [...personCells(person), status]);
  return csv(';', [[...personHeader(), 'passief'], ...cells]);
}

function personHeader(): (keyof PersonRow)[] {
  return ['voornaam', 'tussenvoegsel', 'achternaam', 'geslacht', 'email', 'gebruikersnaam'];
}

function personCells(person: PersonRow): string[] {
  return personHeader().map((name) => person[name]);
}

/** Unit, username and profile. */
function roles(...rows: [unit: string, username: string, profile: string][]): string {
  return csv(',', [['Organisatorische Eenheid', 'Gebruikersnaam', 'Functieprofiel Code'], ...rows]);
}

function csv(delimiter: string, rows: string[][]): string {
  return rows.map((row) => `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter)}\r\n`).join('');
}
