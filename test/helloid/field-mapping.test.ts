import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import type { FieldMapping } from '../../tools/helloid-kit/field-mapping.ts';

const asToday = ['active-directory.json', 'entra-id.json', 'source-system.json'];
const older = asToday.map((file) => `older-names/${file}`);
const renee = {
  ExternalId: '100234',
  UserName: 'rvdbrink',
  Name: {
    Initials: 'R.S.',
    GivenName: 'Renée Sophia',
    NickName: 'Renée',
    FamilyName: 'Brink',
    FamilyNamePrefix: 'van den',
    FamilyNamePartner: 'Vries',
    FamilyNamePartnerPrefix: 'de',
    Convention: 'B',
  },
  Details: { Gender: 'V' },
  Contact: { Business: { Email: 'r.vandenbrink@waterrijk-zorg.example' } },
  Accounts: {
    MicrosoftActiveDirectory: {
      sAMAccountName: 'rvdbrink',
      userPrincipalName: 'rvdbrink@waterrijk-zorg.example',
      mail: 'renee@waterrijk-zorg.example',
    },
    MicrosoftEntraID: { userPrincipalName: 'r.brink@waterrijk-zorg.example', mail: 'renee@waterrijk-zorg.example' },
  },
};

/** As release 2.0.5 of the earlier connector gives them to somebody whose names and convention are complete. */
const namesOfToday: Names[] = [
  { convention: 'B', lastName: 'Brink', prefix: 'van den' },
  { convention: 'P', lastName: 'Vries', prefix: 'de' },
  { convention: 'BP', lastName: 'Brink - de Vries', prefix: 'van den' },
  { convention: 'PB', lastName: 'Vries - van den Brink', prefix: 'de' },
  { convention: null, lastName: 'Brink', prefix: 'van den' },
  { convention: 'B', without: ['FamilyNamePrefix'], lastName: 'Brink', prefix: null },
  { convention: 'P', without: ['FamilyNamePartnerPrefix'], lastName: 'Vries', prefix: null },
  { convention: 'BP', without: ['FamilyNamePrefix'], lastName: 'Brink - de Vries', prefix: null },
  { convention: 'BP', without: ['FamilyNamePartnerPrefix'], lastName: 'Brink - Vries', prefix: 'van den' },
  { convention: 'PB', without: ['FamilyNamePrefix'], lastName: 'Vries - Brink', prefix: 'de' },
  { convention: 'PB', without: ['FamilyNamePartnerPrefix'], lastName: 'Vries - van den Brink', prefix: null },
];

/** As its releases 2.0.0 and 2.0.1: the prefix in its own field, and behind the last name once more. */
const olderNames: Names[] = [
  { convention: 'B', lastName: 'Brink van den', prefix: 'van den' },
  { convention: 'P', lastName: 'Vries de', prefix: 'de' },
  { convention: 'BP', lastName: 'Brink - de Vries van den', prefix: 'van den' },
  { convention: 'PB', lastName: 'Vries - van den Brink de', prefix: 'de' },
  { convention: null, lastName: 'Brink van den', prefix: 'van den' },
  { convention: 'B', without: ['FamilyNamePrefix'], lastName: 'Brink', prefix: null },
  { convention: 'P', without: ['FamilyNamePartnerPrefix'], lastName: 'Vries', prefix: null },
  { convention: 'BP', without: ['FamilyNamePrefix'], lastName: 'Brink - de Vries', prefix: null },
  { convention: 'BP', without: ['FamilyNamePartnerPrefix'], lastName: 'Brink - Vries van den', prefix: 'van den' },
  { convention: 'PB', without: ['FamilyNamePrefix'], lastName: 'Vries - Brink de', prefix: 'de' },
  { convention: 'PB', without: ['FamilyNamePartnerPrefix'], lastName: 'Vries - van den Brink', prefix: null },
];

interface Names {
  convention: string | null;
  /** Members that the person has not. */
  without?: string[];
  lastName: string;
  prefix: string | null;
}

test.each([
  ...asToday.flatMap((file) => namesOfToday.map((names) => [file, names] as const)),
  ...older.flatMap((file) => olderNames.map((names) => [file, names] as const)),
])('%s gives the names that the earlier connector gave: %o', (file, { convention, without = [], ...expected }) => {
  for (const nothing of [null, undefined, '']) {
    const missing = Object.fromEntries(without.map((member) => [member, nothing]));
    const person = withName({ Convention: convention, ...missing });
    expect(namesOf(file, person)).toEqual(expected);
  }
});

describe.each([...asToday.map((file) => [file, ''] as const), ...older.map((file) => [file, ' van den'] as const)])(
  '%s',
  (file, behind) => {
    test('knows a convention in small letters', () => {
      expect(mapped(file, 'achternaam', withName({ Convention: 'bp' }))).toBe(`Brink - de Vries${behind}`);
    });

    test.each(['B', 'P', 'BP', 'PB'])(
      'falls back to the birth name under convention %s without a partner',
      (convention) => {
        for (const nobody of [null, undefined, '', ' ']) {
          const person = withName({
            Convention: convention,
            FamilyNamePartner: nobody,
            FamilyNamePartnerPrefix: nobody,
          });
          expect(namesOf(file, person)).toEqual({ lastName: `Brink${behind}`, prefix: 'van den' });
        }
      },
    );

    test('takes the partner name of a person without a birth name', () => {
      const person = withName({ FamilyName: null, FamilyNamePrefix: null });
      expect(namesOf(file, person)).toEqual({ lastName: behind ? 'Vries de' : 'Vries', prefix: 'de' });
    });

    test('takes the marks off last name and prefix, and leaves them in the first name', () => {
      const person = withName({
        FamilyName: 'Çelik',
        FamilyNamePrefix: 'à la',
        FamilyNamePartner: 'Müller',
        Convention: 'BP',
      });
      const lastName = `Celik - de Muller${behind && ' a la'}`;
      expect(namesOf(file, person)).toEqual({ lastName, prefix: 'a la' });
      expect(mapped(file, 'voornaam', person)).toBe('Renée');
    });

    test('leaves it to HelloID to take the marks off, as the earlier connector did', () => {
      const deleteDiacriticalMarks = (text: string) => `HelloID(${text})`;
      expect(namesOf(file, withName({ Convention: 'P' }), { deleteDiacriticalMarks })).toEqual({
        lastName: `HelloID(Vries${behind && ' de'})`,
        prefix: 'HelloID(de)',
      });
    });

    test('keeps the marks where both fields are told to', () => {
      const person = withName({ FamilyName: 'Çelik', FamilyNamePrefix: 'à la', Convention: 'B' });
      const [lastName, prefix] = ['achternaam', 'tussenvoegsel'].map((name) =>
        run(script(file, name).replace('var keepDiacritics = false;', 'var keepDiacritics = true;'), person),
      );
      expect([lastName, prefix]).toEqual([`Çelik${behind && ' à la'}`, 'à la']);
    });

    test("keeps O'Brien and 't Hart as they are", () => {
      const person = withName({
        FamilyName: "O'Brien",
        FamilyNamePrefix: null,
        FamilyNamePartner: 'Hart',
        FamilyNamePartnerPrefix: "'t",
        Convention: 'PB',
      });
      expect(namesOf(file, person)).toEqual({ lastName: `Hart - O'Brien${behind && " 't"}`, prefix: "'t" });
    });

    test('leaves the last name empty for a person who has none', () => {
      const person = withName({ FamilyName: null, FamilyNamePartner: null });
      expect(namesOf(file, person)).toEqual({ lastName: null, prefix: null });
    });

    test.each([
      [{}, 'Renée'],
      [{ NickName: '' }, 'Renée Sophia'],
      [{ NickName: null, GivenName: null }, null],
    ])('with %o the first name is %s', (name, firstName) => {
      expect(mapped(file, 'voornaam', withName(name))).toBe(firstName);
    });

    test.each([
      ...['M', 'm', 'Man', 'Male', 'MALE', ' mannelijk '].map((gender) => [gender, 'M'] as const),
      ...['V', 'v', 'Vrouw', 'F', 'Female', 'Vrouwelijk'].map((gender) => [gender, 'V'] as const),
      ...['O', 'X', 'W', 'H', '1', 'Onbekend', '', null, undefined].map((gender) => [gender, 'O'] as const),
    ])('reads gender %s as %s', (gender, letter) => {
      expect(mapped(file, 'geslacht', { ...renee, Details: { Gender: gender } })).toBe(letter);
    });

    test('gives O to a person without details', () => {
      expect(mapped(file, 'geslacht', { ...renee, Details: undefined })).toBe('O');
    });

    test('maps every field for create and update, and stores the number and the user name in account data', () => {
      const fields = read(file).MappingFields.map(({ Name, MappingActions: [action] }) => ({
        name: Name,
        stages: action?.MapForActions,
        stored: action?.StoreInAccountData,
      }));
      const stages = ['Create', 'Update'];
      expect(read(file)).toMatchObject({ Version: 'v1', UniqueFieldNames: [] });
      expect(fields).toEqual([
        { name: 'externalId', stages, stored: true },
        { name: 'email', stages, stored: false },
        { name: 'voornaam', stages, stored: false },
        { name: 'tussenvoegsel', stages, stored: false },
        { name: 'achternaam', stages, stored: false },
        { name: 'gebruikersnaam', stages, stored: true },
        { name: 'geslacht', stages, stored: false },
      ]);
    });

    test('is JavaScript that ECMAScript 5.1 can parse, in plain ASCII', () => {
      const scripts = actions(file)
        .filter(({ MappingMode }) => MappingMode === 'Complex')
        .map(({ Value }) => unwrap(Value));
      expect(scripts.join('')).toMatch(/^[\r\n\x20-\x7E]*$/);
      const linter = new Linter();
      const faults = scripts.flatMap((script) =>
        linter.verify(script, { languageOptions: { ecmaVersion: 5, sourceType: 'script' } }),
      );
      expect([scripts.length > 0, faults]).toEqual([true, []]);
    });
  },
);

describe('e-mail address and user name', () => {
  test.each([
    ['active-directory.json', 'rvdbrink@waterrijk-zorg.example', 'rvdbrink'],
    ['entra-id.json', 'renee@waterrijk-zorg.example', 'r.brink@waterrijk-zorg.example'],
    ['source-system.json', 'r.vandenbrink@waterrijk-zorg.example', 'rvdbrink'],
  ] as const)('come from where %s says', (file, email, username) => {
    expect([
      mapped(file, 'externalId', renee),
      mapped(file, 'email', renee),
      mapped(file, 'gebruikersnaam', renee),
    ]).toEqual(['100234', email, username]);
  });

  test('fall back to the other address that the other system shares', () => {
    const Accounts = {
      MicrosoftActiveDirectory: { SamAccountName: 'rvdbrink', mail: 'renee@waterrijk-zorg.example' },
      MicrosoftEntraID: { userPrincipalName: 'r.brink@waterrijk-zorg.example', mail: null },
    };
    const person = { ...renee, Accounts };
    expect([
      mapped('active-directory.json', 'email', person),
      mapped('active-directory.json', 'gebruikersnaam', person),
      mapped('entra-id.json', 'email', person),
    ]).toEqual(['renee@waterrijk-zorg.example', 'rvdbrink', 'r.brink@waterrijk-zorg.example']);
  });

  test.each(['active-directory.json', 'entra-id.json'] as const)('are empty in %s without an account there', (file) => {
    for (const Accounts of [undefined, null, {}, { MicrosoftActiveDirectory: null, MicrosoftEntraID: null }]) {
      const person = { ...renee, Accounts };
      expect([mapped(file, 'email', person), mapped(file, 'gebruikersnaam', person)]).toEqual([null, null]);
    }
  });
});

function withName(name: object): object {
  return { ...renee, Name: { ...renee.Name, ...name } };
}

function namesOf(file: string, person: object, helloId: object = {}): object {
  return {
    lastName: mapped(file, 'achternaam', person, helloId),
    prefix: mapped(file, 'tussenvoegsel', person, helloId),
  };
}

/** What HelloID would put into `Data`, with the person and what HelloID brings as the mapping's only globals. */
function mapped(file: string, name: string, person: object, helloId: object = {}): unknown {
  const action = mappingOf(file, name);
  if (action.MappingMode === 'Complex') return run(script(file, name), person, helloId);
  return script(file, name)
    .split('.')
    .reduce<unknown>((object, member) => (object as Record<string, unknown>)[member], { Person: person });
}

function run(text: string, person: object, helloId: object = {}): unknown {
  return runInNewContext(text, { Person: person, ...helloId });
}

function script(file: string, name: string): string {
  return unwrap(mappingOf(file, name).Value);
}

function mappingOf(file: string, name: string): FieldMapping['MappingFields'][number]['MappingActions'][number] {
  const [action] = read(file).MappingFields.find(({ Name }) => Name === name)?.MappingActions ?? [];
  if (!action) throw new Error(`${file} does not map ${name}`);
  return action;
}

function actions(file: string): FieldMapping['MappingFields'][number]['MappingActions'] {
  return read(file).MappingFields.flatMap(({ MappingActions }) => MappingActions);
}

function unwrap(value: string): string {
  return JSON.parse(value) as string;
}

function read(file: string): FieldMapping {
  return JSON.parse(
    readFileSync(new URL(`../../helloid/field-mapping/${file}`, import.meta.url), 'utf8'),
  ) as FieldMapping;
}
