import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import type { FieldMapping } from '../../tools/helloid-kit/field-mapping.ts';

const mappings = ['active-directory.json', 'entra-id.json', 'source-system.json'] as const;
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

describe.each(mappings)('%s', (file) => {
  test.each([
    ['B', 'Brink', 'van den'],
    ['P', 'Vries', 'de'],
    ['BP', 'Brink - de Vries', 'van den'],
    ['PB', 'Vries - van den Brink', 'de'],
    ['pb', 'Vries - van den Brink', 'de'],
    ['', 'Brink', 'van den'],
    [null, 'Brink', 'van den'],
  ])('gives convention %s the last name "%s" with the prefix "%s"', (convention, lastName, prefix) => {
    const person = withName({ Convention: convention });
    expect([mapped(file, 'achternaam', person), mapped(file, 'tussenvoegsel', person)]).toEqual([lastName, prefix]);
  });

  test.each(['B', 'P', 'BP', 'PB'])(
    'falls back to the birth name under convention %s without a partner',
    (convention) => {
      const person = withName({ Convention: convention, FamilyNamePartner: ' ', FamilyNamePartnerPrefix: undefined });
      expect([mapped(file, 'achternaam', person), mapped(file, 'tussenvoegsel', person)]).toEqual(['Brink', 'van den']);
    },
  );

  test('takes the partner name of a person without a birth name', () => {
    const person = withName({ FamilyName: null, FamilyNamePrefix: null });
    expect([mapped(file, 'achternaam', person), mapped(file, 'tussenvoegsel', person)]).toEqual(['Vries', 'de']);
  });

  test.each([
    ['BP', 'Çelik - Ørsted'],
    ['PB', 'Ørsted - Çelik'],
  ])('writes no prefix that is not there, and keeps diacritics, under %s', (convention, lastName) => {
    const name = {
      FamilyName: 'Çelik',
      FamilyNamePrefix: null,
      FamilyNamePartner: 'Ørsted',
      FamilyNamePartnerPrefix: '',
    };
    const person = withName({ ...name, Convention: convention });
    expect([mapped(file, 'achternaam', person), mapped(file, 'tussenvoegsel', person)]).toEqual([lastName, null]);
  });

  test("keeps O'Brien and 't Hart as they are", () => {
    const person = withName({
      FamilyName: "O'Brien",
      FamilyNamePrefix: null,
      FamilyNamePartner: 'Hart',
      FamilyNamePartnerPrefix: "'t",
      Convention: 'PB',
    });
    expect([mapped(file, 'achternaam', person), mapped(file, 'tussenvoegsel', person)]).toEqual([
      "Hart - O'Brien",
      "'t",
    ]);
  });

  test('leaves the last name empty for a person who has none', () => {
    const person = withName({ FamilyName: null, FamilyNamePartner: null });
    expect([mapped(file, 'achternaam', person), mapped(file, 'tussenvoegsel', person)]).toEqual([null, null]);
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

  test('is JavaScript that ECMAScript 5.1 can parse', () => {
    const scripts = actions(file)
      .filter(({ MappingMode }) => MappingMode === 'Complex')
      .map(({ Value }) => unwrap(Value));
    const linter = new Linter();
    const faults = scripts.flatMap((script) =>
      linter.verify(script, { languageOptions: { ecmaVersion: 5, sourceType: 'script' } }),
    );
    expect([scripts.length > 0, faults]).toEqual([true, []]);
  });
});

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

/** What HelloID would put into `Data`, with the person as the mapping's only global. */
function mapped(file: string, name: string, person: object): unknown {
  const [action] = read(file).MappingFields.find(({ Name }) => Name === name)?.MappingActions ?? [];
  if (!action) throw new Error(`${file} does not map ${name}`);
  const value = unwrap(action.Value);
  if (action.MappingMode === 'Complex') return runInNewContext(value, { Person: person });
  return value
    .split('.')
    .reduce<unknown>((object, member) => (object as Record<string, unknown>)[member], { Person: person });
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
