import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kitFiles } from '../../tools/helloid-kit/files.ts';
import { kitScripts } from '../../tools/helloid-kit/scripts.ts';
import { kitBody } from './bodies.ts';
import { bodyOutline, objections, type Outline } from './powershell.ts';

const folder = join(import.meta.dirname, '..', '..', 'helloid');
const scripts = kitScripts.map((script) => [script.path, script] as const);

test('the committed kit is what npm run kit makes, nothing less and nothing more', async () => {
  const made = await kitFiles();
  const committed = globSync('{**/*.ps1,field-mapping/**/*.json}', { cwd: folder }).toSorted();
  expect(committed).toEqual([...made.keys()].toSorted());
  for (const [path, text] of made) expect(read(path), `${path} is stale: run npm run kit`).toBe(text);
});

test.each(['README.md', 'README.nl.md'])('%s names every file of the kit', (name) => {
  const readme = read(name);
  const files = globSync('**/*.{ps1,json}', { cwd: folder });
  expect(files.filter((path) => !readme.includes(path))).toEqual([]);
});

test('the form asks for the address and the key, hides the key, and holds neither', () => {
  const form = JSON.parse(read('configuration.json')) as {
    key: string;
    defaultValue: string;
    templateOptions: object;
  }[];
  expect(
    form.map(({ key, defaultValue, templateOptions }) => ({ key, defaultValue, ...templateOptions })),
  ).toMatchObject([
    { key: 'BaseUrl', defaultValue: 'https://', required: true },
    { key: 'Key', defaultValue: '', type: 'password', required: true },
  ]);
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
    expect(lines(path, /\$key/i)).toEqual([
      '$key = "$($actionContext.Configuration.Key)".Trim()',
      String.raw`if ($key -notmatch '^[\x21-\x7E]+$') {`,
      '$answer = Send-Request -Uri "$baseUrl/helloid/$Action" -Key $key -Json $json -TimeoutSec $TimeoutSec',
      "$text = $answer.Text.Replace($key, '(the key)')",
      '[string] $Key,',
      "[void] $request.Headers.TryAddWithoutValidation('x-functions-key', $Key)",
    ]);
  });

  test('waits for the whole answer, and no longer than HelloID lets it run', () => {
    expect(lines(path, '$TimeoutSec * 1000')).toEqual(['if (-not $exchange.Wait($TimeoutSec * 1000)) {']);
    expect(lines(path, 'SendAsync')).toEqual(['$exchange = $client.SendAsync($request)']);
    expect(script.timeoutSeconds).toBeLessThanOrEqual(
      script.box.startsWith('Account > ') && script.answer.part !== 'import' ? 28 : 120,
    );
  });

  test('counts what is absent as null, and ends at an error, whatever the caller chose', () => {
    const code = read(path)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(code.slice(0, 2)).toEqual(['Set-StrictMode -Off', "$ErrorActionPreference = 'Stop'"]);
    expect(lines(path, '$ErrorActionPreference')).toHaveLength(1);
  });

  test('shows of a failed answer only what the key was taken out of', () => {
    expect(lines(path, '$answer.Text')).toEqual([
      'return ConvertFrom-Answer -Json $answer.Text',
      "$text = $answer.Text.Replace($key, '(the key)')",
    ]);
  });

  test("has one sentence for every answer that is not the connector's", () => {
    const sentence =
      "throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'";
    expect(lines(path, 'ConvertFrom-Json')).toEqual([
      '$message = "$((ConvertFrom-Json -InputObject $text).message)"',
      '$answer = ConvertFrom-Json -InputObject $marked',
    ]);
    // where it is no JSON, and where it is other JSON
    expect(lines(path, 'The answer is not one')).toEqual([sentence, sentence]);
  });

  test('posts the body that the replayed bodies have, each member from its own place', () => {
    const expected = shape(kitBody(script, { script: '', actionContext: {} }));
    expect(shape(bodyOutline(read(path)))).toEqual(expected);
    expect(strayValues(bodyOutline(read(path)))).toEqual([]);
  });
});

test('the mark that keeps a date text in PowerShell 7 goes before dates alone, and leaves JSON', () => {
  const [, pattern = '', mark = ''] = /-replace '(.+)', '(.+)'/.exec(read('create.ps1')) ?? [];
  const answer = {
    Data: { einddatum: '2027-08-31T00:00:00Z', dag: '2027-08-31', naam: 'zegt :"2027-08-31T00:00:00"', geen: null },
    AuditLogs: [{ Message: '2027-08-31T00:00:00.0000000+02:00', IsError: false }],
    SubPermissions: [],
  };
  const marked = JSON.stringify(answer).replace(new RegExp(pattern, 'g'), mark);
  expect(JSON.parse(marked)).toEqual({
    ...answer,
    Data: { ...answer.Data, einddatum: `\u0001${answer.Data.einddatum}` },
    AuditLogs: [{ Message: '\u00012027-08-31T00:00:00.0000000+02:00', IsError: false }],
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
  'Set-StrictMode -Version Latest',
  'ConvertFrom-Json -InputObject $a -AsHashtable',
  '$a | % { $_ }',
  '$a | ? { $_ }',
  'iwr $a',
  'echo $a',
  'if ($a) {',
])('the grammar and the list of commands refuse %j', (text) => {
  expect(objections(text)).not.toEqual([]);
});

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

function lines(path: string, text: string | RegExp): string[] {
  return read(path)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => (typeof text === 'string' ? line.includes(text) : text.test(line)));
}

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}
