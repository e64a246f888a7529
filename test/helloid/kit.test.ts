import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kitFiles } from '../../tools/helloid-kit/files.ts';
import { kitScripts, type KitScript } from '../../tools/helloid-kit/scripts.ts';
import { kitBody, readSample, scriptsFor, type Sample } from './bodies.ts';
import { bodyOutline, objections, type Outline } from './powershell.ts';

const folder = join(import.meta.dirname, '..', '..', 'helloid');
const sampleNames = globSync('*.json', { cwd: join(import.meta.dirname, '..', 'samples', 'helloid') }).map((name) =>
  name.replace('.json', ''),
);
const scripts = kitScripts.map((script) => [script.path, script] as const);

test('the committed kit is what npm run kit makes, nothing less and nothing more', async () => {
  const made = await kitFiles();
  const committed = globSync('{**/*.ps1,field-mapping/*}', { cwd: folder }).toSorted();
  expect(committed).toEqual([...made.keys()].toSorted());
  for (const [path, text] of made) expect(read(path), `${path} is stale: run npm run kit`).toBe(text);
});

describe.each(scripts)('%s', (path, script) => {
  test('is PowerShell 5.1 without aliases, in plain ASCII', () => {
    expect(objections(read(path))).toEqual([]);
    expect(read(path)).toMatch(/^[\n\x20-\x7E]*$/);
  });

  test('uses the configuration for the address and the header alone', () => {
    expect(lines(path, '.Configuration')).toEqual([
      `$baseUrl = "$($actionContext.Configuration.BaseUrl)".Trim().TrimEnd('/')`,
      '$key = "$($actionContext.Configuration.Key)".Trim()',
    ]);
    expect(lines(path, '$key')).toEqual([
      '$key = "$($actionContext.Configuration.Key)".Trim()',
      String.raw`if ($key -notmatch '^[\x21-\x7E]+$') {`,
      "Headers            = @{ 'x-functions-key' = $key }",
    ]);
  });

  test('posts the body that the replayed bodies have, each member from its own place', () => {
    const expected = shape(kitBody(script, { script: '', actionContext: {} }));
    expect(shape(bodyOutline(read(path)))).toEqual(expected);
    expect(strayValues(bodyOutline(read(path)))).toEqual([]);
  });
});

test.each(scripts.filter(([, { answer }]) => answer.part === 'outcome' || answer.part === 'uniqueness'))(
  '%s has failed until the connector says otherwise',
  (path) => {
    expect(lines(path, '$outputContext')[0]).toBe('$outputContext.Success = $false');
    expect(lines(path, '.Success =')).toEqual([
      '$outputContext.Success = $false',
      path === 'uniqueness.ps1'
        ? '$outputContext.Success = $true'
        : '$outputContext.Success = $answer.Success -eq $true',
      '$outputContext.Success = $false',
    ]);
  },
);

test.each([
  ['create.ps1', "'CreateAccount'"],
  ['update.ps1', "'UpdateAccount'"],
  ['enable.ps1', "'EnableAccount'"],
  ['disable.ps1', "'DisableAccount'"],
  ['delete.ps1', "'DeleteAccount'"],
  ['permissions/catalogue/grantPermission.ps1', "'GrantPermission'"],
  ['permissions/catalogue/revokePermission.ps1', "'RevokePermission'"],
  [
    'permissions/contract-roles/subPermissions.ps1',
    `@{ grant = 'GrantPermission'; update = 'UpdatePermission'; revoke = 'RevokePermission' }["$($actionContext.Operation)"]`,
  ],
  ['resources/departments.ps1', "'CreateResource'"],
  ['resources/titles.ps1', "'CreateResource'"],
])('%s reports a failure as %s', (path, action) => {
  expect(lines(path, 'Action  =')).toEqual([`Action  = ${action}`]);
  expect(lines(path, 'IsError')).toEqual(['IsError = $true']);
});

test.each([
  ['create.ps1', ['AccountReference', 'AccountCorrelated', 'Data', 'AuditLogs']],
  ['update.ps1', ['AccountReference', 'Data', 'PreviousData', 'AuditLogs']],
  ['enable.ps1', ['Data', 'PreviousData', 'AuditLogs']],
  ['disable.ps1', ['Data', 'PreviousData', 'AuditLogs']],
  ['delete.ps1', ['Data', 'PreviousData', 'AuditLogs']],
  ['permissions/catalogue/grantPermission.ps1', ['AuditLogs']],
  ['permissions/catalogue/revokePermission.ps1', ['AuditLogs']],
  ['permissions/contract-roles/subPermissions.ps1', ['SubPermissions', 'AuditLogs']],
  ['resources/departments.ps1', ['AuditLogs']],
])('%s takes over %j besides Success', (path, members) => {
  const [, between = ''] = /throw 'The answer is not(.*)\$outputContext\.Success = \$answer/s.exec(read(path)) ?? [];
  expect(
    [...between.matchAll(/'(\w+)'(?=[,)])|in \$answer\.(\w+)/g)].map(([, member, list]) => member ?? list),
  ).toEqual(members);
});

test.each(scripts.filter(([, { answer }]) => answer.part === 'import' || answer.part === 'permissions'))(
  '%s ends a failure with an exception, so that it is never taken for an empty list',
  (path) => {
    expect(read(path)).toMatch(
      /\n {4}Write-Error -Message \$message -ErrorAction Continue\n {4}throw \$message\n\}\n$/,
    );
  },
);

test.each([
  '$a = $b ? 1 : 2',
  '$a = $b ?? 1',
  '$a ??= 1',
  '${a}?.b',
  'Write-Output -InputObject 1 && Write-Output -InputObject 2',
  'Write-Output -InputObject 1 || Write-Output -InputObject 2',
  'Write-Output -InputObject 1 &',
  'function Get-A {\n    process { 1 }\n    clean { 2 }\n}',
  'Invoke-WebRequest -Uri $a -SkipHttpErrorCheck',
  '$request = @{ SkipHttpErrorCheck = $true }',
  'ConvertFrom-Json -InputObject $a -AsHashtable',
  '$a | % { $_ }',
  '$a | ? { $_ }',
  'iwr $a',
  'echo $a',
  'if ($a) {',
])('the grammar and the list of commands refuse %j', (text) => {
  expect(objections(text)).not.toEqual([]);
});

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

/** Names only, for a body as for an outline. */
function shape(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'object' && inner !== null ? shape(inner as object) : '',
    ]),
  );
}

/** The ends of an outline whose value is not the member of HelloID's variable at the same place, the list made of it, or a constant. */
function strayValues(outline: Outline, path: readonly string[] = []): string[] {
  return Object.entries(outline).flatMap(([name, value]) => {
    const here = [...path, name];
    if (typeof value === 'object') return strayValues(value, here);
    const list = `$${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const constant = path.length === 0 && /^('static'|'dynamic'|\d+)$/.test(value);
    return value === `$${here.join('.')}` || value === list || constant ? [] : [`${here.join('.')} = ${value}`];
  });
}

function lines(path: string, text: string): string[] {
  return read(path)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes(text));
}

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}
