import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KitScript } from '../../tools/helloid-kit/scripts.ts';
import { kitBody, readSample, scriptsFor, type Sample } from './bodies.ts';

const samples = join(import.meta.dirname, '..', 'samples', 'helloid');
const sampleNames = globSync('*.json', { cwd: samples, exclude: ['output-*'] }).map((name) =>
  name.replace('.json', ''),
);

describe('the body', () => {
  test('of create holds the mapped data, the correlation, the number and the contracts', () => {
    const sample = readSample('create');
    expect(onlyBody(sample)).toEqual({
      actionContext: {
        DryRun: false,
        Origin: 'enforcement',
        Data: {
          externalId: '100234',
          email: 'rvdbrink@waterrijk-zorg.example',
          voornaam: 'Renée',
          tussenvoegsel: 'van den',
          achternaam: 'Brink - de Vries',
          gender: 'V',
          gebruikersnaam: 'rvdbrink',
        },
        References: { Account: null },
        CorrelationConfiguration: {
          Enabled: true,
          PersonField: 'Person.ExternalId',
          PersonFieldValue: '100234',
          AccountField: 'externalId',
          AccountFieldValue: '100234',
        },
      },
      personContext: { Person: { ExternalId: '100234', Contracts: contracts(sample) } },
    });
    expect(contracts(sample)).toHaveLength(3);
  });

  test('of update after a correlation says so', () => {
    expect(onlyBody(readSample('update-after-correlate'))).toMatchObject({
      actionContext: { AccountCorrelated: true, References: { Account: 'SC-100871' } },
      personContext: { Person: { ExternalId: '100871' } },
    });
  });

  test.each([
    ['enable', 'enforcement', {}, '100234'],
    ['disable', 'enforcement', {}, '100234'],
    ['disable-reconciliation', 'reconciliation', null, null],
    ['delete-reconciliation', 'reconciliation', null, null],
  ])('of %s holds no contracts', (name, Origin, Data, ExternalId) => {
    const Account = ExternalId ? 'SC-100234' : 'SC-100999';
    expect(onlyBody(readSample(name))).toEqual({
      actionContext: { DryRun: false, Origin, Data, References: { Account } },
      personContext: { Person: { ExternalId } },
    });
  });

  test('of sub-permissions holds the operation, what HelloID believes is granted, and the contracts', () => {
    const sample = readSample('subpermissions-update');
    expect(onlyBody(sample)).toEqual({
      actionContext: {
        DryRun: false,
        Origin: 'enforcement',
        Operation: 'update',
        PermissionDisplayName: 'Spend Cloud rollen - per contract',
        References: { Account: 'SC-100234', Permission: { Reference: 'contract-roles' } },
        CurrentPermissions: [
          { DisplayName: 'Thuiszorg Noord - TL-ZORG', Reference: { Id: 'D0310|TL-ZORG' } },
          { DisplayName: 'Inkoop & Facilitair - INK-MED', Reference: { Id: 'D0420|INK-MED' } },
        ],
      },
      personContext: { Person: { ExternalId: '100234', Contracts: contracts(sample) } },
    });
  });

  test.each([
    ['grant', 'enforcement', 'SC-100234', '100234'],
    ['revoke', 'enforcement', 'SC-100234', '100234'],
    ['revoke-reconciliation', 'reconciliation', 'SC-100999', null],
  ])('of a static %s names the account and the role', (name, Origin, Account, ExternalId) => {
    expect(onlyBody(readSample(name))).toEqual({
      actionContext: {
        DryRun: false,
        Origin,
        PermissionDisplayName: 'Inkoop & Facilitair - INK-MED',
        References: { Account, Permission: { Reference: 'D0420|INK-MED' } },
      },
      personContext: { Person: { ExternalId } },
    });
  });

  test('of uniqueness holds the data and the operation', () => {
    const { Data } = readSample('uniqueness').actionContext as { Data: object };
    expect(onlyBody(readSample('uniqueness'))).toEqual({
      actionContext: { DryRun: false, Operation: 'create', Data, References: { Account: null } },
      personContext: { Person: { ExternalId: '100871' } },
    });
  });

  test('of the permission lists tells the two kinds apart', () => {
    const sample = readSample('permissions');
    expect(scriptsFor(sample).map((script) => kitBody(script, sample))).toEqual([
      { actionContext: { DryRun: false }, kind: 'dynamic' },
      { actionContext: { DryRun: false }, kind: 'static' },
    ]);
  });

  test('of imports asks for the first page', () => {
    const ImportFields = ['externalId', 'email', 'voornaam', 'tussenvoegsel', 'achternaam', 'gender', 'gebruikersnaam'];
    const page = { cursor: null, pageSize: 500 };
    expect(onlyBody(readSample('import'))).toEqual({ actionContext: { DryRun: false, ImportFields }, ...page });
    expect(onlyBody(readSample('import-permissions'))).toEqual({
      actionContext: { DryRun: false },
      kind: 'static',
      ...page,
    });
    expect(onlyBody(readSample('import-subpermissions'))).toEqual({ actionContext: { DryRun: false }, ...page });
  });

  test('of resources holds what HelloID collected', () => {
    const sample = readSample('resources');
    const SourceData = [
      { ExternalId: 'D0310', DisplayName: 'Thuiszorg Noord' },
      { ExternalId: 'D0420', DisplayName: 'Inkoop & Facilitair' },
      { ExternalId: 'D0500', DisplayName: 'Directie & Staf' },
    ];
    const body = { actionContext: { DryRun: false }, resourceContext: { SourceData } };
    expect(scriptsFor(sample).map((script) => kitBody(script, sample))).toEqual([body, body]);
  });

  test('keeps contracts that HelloID did not give apart from none at all, and a single one a list', () => {
    const [script] = scriptsFor(readSample('create')) as [KitScript];
    const sent = [undefined, null, [], { ExternalId: '1' }].map((Contracts) => {
      const body = kitBody(script, { ...readSample('create'), personContext: { Person: { Contracts } } });
      return (body.personContext as { Person: { Contracts: unknown } }).Person.Contracts;
    });
    expect(sent).toEqual([null, null, [], [{ ExternalId: '1' }]]);
  });
});

test.each(sampleNames)(
  'nothing of the configuration and nothing private of the person leaves HelloID with %s',
  (name) => {
    const sample = readSample(name);
    const bodies = scriptsFor(sample).map((script) => JSON.stringify(kitBody(script, sample)));
    expect(bodies).not.toEqual([]);
    for (const body of bodies) {
      expect(body).not.toMatch(/Configuration":\{"(?!Enabled)|baseUrl|functionKey|stripped before sending/i);
      expect(body).not.toMatch(
        /BirthDate|1986-05-14|1979-11-30|Details":\{"Gender|MaritalStatus|Contact|Singelstraat|8000 ZZ|Phone|06-0000|038-0000/,
      );
      expect(body).not.toMatch(
        /"(Accounts|PrimaryContract|PrimaryManager|PersonDifferences|PreviousPerson|ManagerAccount|Status)"/,
      );
    }
  },
);

function onlyBody(sample: Sample): Record<string, unknown> {
  const [script, ...others] = scriptsFor(sample);
  if (!script || others.length > 0) throw new Error(`Not one script for ${sample.script}`);
  return kitBody(script, sample);
}

function contracts({ personContext }: Sample): unknown[] {
  return (personContext as { Person: { Contracts: unknown[] } }).Person.Contracts;
}
