import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kitScripts, type KitScript } from '../../tools/helloid-kit/scripts.ts';
import { sample, temporaryFolder, testServer, type TestServer } from '../helpers.ts';
import { kitBody, readSample, scriptsFor, type Sample } from './bodies.ts';

const samples = join(import.meta.dirname, '..', 'samples', 'helloid');
const names = globSync('*.json', { cwd: samples, exclude: ['output-*'] }).map((name) => name.replace('.json', ''));

const replays = names
  .toSorted()
  .flatMap((name) =>
    scriptsFor(readSample(name)).map((script): [string, string, KitScript] => [script.path, name, script]),
  );

const noReference = 'the account reference is missing: HelloID holds no account for this person';
const guides = ['README.md', 'README.nl.md'].map((name) =>
  readFileSync(join(import.meta.dirname, '..', '..', 'helloid', name), 'utf8'),
);

async function started(): Promise<TestServer> {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(
    catalogue,
    'reference,unit,profile,name\nD0420|INK-MED,Inkoop & Facilitair,INK-MED,Inkoop & Facilitair - INK-MED\n',
  );
  return testServer({
    policy: { accounts: { initiallyEnabled: false }, roles: { assignedBy: 'permissions', catalogue } },
  });
}

/** What a script relies on: without these members it takes the answer for that of another application. */
const members: Record<KitScript['answer']['part'], Record<string, unknown>> = {
  outcome: { Success: expect.any(Boolean), AuditLogs: expect.any(Array) },
  uniqueness: { Success: true, NonUniqueFields: expect.any(Array) },
  permissions: { Permissions: expect.any(Array) },
  import: { items: expect.any(Array), next: null },
};

test('every script of the kit is replayed', () => {
  expect(new Set(replays.map(([path]) => path))).toEqual(new Set(kitScripts.map(({ path }) => path)));
});

test.each(replays)('%s is answered with what it relies on, for the sample %s', async (_path, name, script) => {
  const server = await started();
  if (name !== 'create' && name !== 'create-dryrun') await server.post('helloid/create', await sample('create'));
  const { status, json, text } = await server.post(`helloid/${script.action}`, kitBody(script, readSample(name)));
  expect(status, text).toBe(200);
  expect(json).toMatchObject(members[script.answer.part]);
  if (script.answer.part !== 'outcome') return;
  const { takes, lists } = script.answer;
  expect(Object.keys(json)).toEqual(expect.arrayContaining([...takes, ...lists]));
  for (const line of (json as { AuditLogs: object[] }).AuditLogs)
    expect(line).toEqual({
      Action: expect.any(String) as string,
      Message: expect.any(String) as string,
      IsError: expect.any(Boolean) as boolean,
    });
});

test("a person's life with the bodies of the kit: preview, account, access, roles, import, and out again", async () => {
  const server = await started();
  const post = (path: string, name: string) => run(server, path, name);
  const roles = 'permissions/contract-roles';
  const catalogue = 'permissions/catalogue';

  expect(await post(`${roles}/permissions.ps1`, 'permissions')).toMatchObject({
    Permissions: [{ Identification: { Reference: 'contract-roles' } }],
  });
  expect(await post('create.ps1', 'create-dryrun')).toMatchObject({
    Success: true,
    AccountReference: expect.stringMatching(/DryRun/) as string,
  });
  expect(await post('create.ps1', 'create')).toMatchObject({ Success: true, AccountReference: 'SC-100234' });
  expect(await post('enable.ps1', 'enable')).toMatchObject({ Success: true });
  expect(await post(`${roles}/subPermissions.ps1`, 'subpermissions-grant')).toMatchObject({ Success: true });
  expect(await post(`${roles}/subPermissions.ps1`, 'subpermissions-update')).toMatchObject({
    SubPermissions: [{ Reference: { Id: 'D0420|INK-MED' } }, { Reference: { Id: 'D0500|MGR-INK' } }],
  });
  expect(await post(`${catalogue}/grantPermission.ps1`, 'grant')).toMatchObject({ Success: true });
  expect(await post('uniqueness.ps1', 'uniqueness')).toMatchObject({ NonUniqueFields: ['gebruikersnaam'] });

  const imported = readSample('import') as unknown as { emitted: { AccountReference: string }[] };
  expect(await post('import.ps1', 'import')).toEqual({
    items: imported.emitted.filter(({ AccountReference }) => AccountReference === 'SC-100234'),
    next: null,
  });
  expect(await post(`${roles}/importSubPermissions.ps1`, 'import-subpermissions')).toMatchObject({
    items: [{ SubPermissionReference: { Id: 'D0420|INK-MED' } }, { SubPermissionReference: { Id: 'D0500|MGR-INK' } }],
  });
  expect(await post(`${catalogue}/import.ps1`, 'import-permissions')).toMatchObject({
    items: [{ AccountReferences: ['SC-100234'] }],
  });

  expect(await post(`${catalogue}/revokePermission.ps1`, 'revoke')).toMatchObject({ Success: true });
  expect(await post(`${roles}/subPermissions.ps1`, 'subpermissions-revoke')).toMatchObject({
    Success: true,
    SubPermissions: [],
  });
  expect(await post('disable.ps1', 'disable')).toMatchObject({ Success: true });
  expect(await post('delete.ps1', 'delete')).toMatchObject({ Success: true });
  expect(await post('import.ps1', 'import')).toEqual({ items: [], next: null });
});

test('somebody who left is revived by the create of HelloID: the same reference, no correlation, access by the enable script', async () => {
  const server = await started();
  const post = (path: string, name: string) => run(server, path, name);
  await post('create.ps1', 'create');
  await post('enable.ps1', 'enable');
  await post('delete.ps1', 'delete');

  expect(await post('create.ps1', 'create-dryrun')).toMatchObject({
    Success: true,
    AccountReference: 'SC-100234',
    AccountCorrelated: false,
    AuditLogs: [{ Action: 'CreateAccount', Message: expect.stringMatching(/^\[DryRun\] Would revive/) as string }],
  });
  expect(await post('create.ps1', 'create')).toMatchObject({
    Success: true,
    AccountReference: 'SC-100234',
    AccountCorrelated: false,
    Data: { externalId: '100234', gebruikersnaam: 'rvdbrink', achternaam: 'Brink - de Vries' },
    AuditLogs: [{ Action: 'CreateAccount', Message: expect.stringMatching(/^Revived deleted person/) as string }],
  });
  expect((await server.get('accounts/SC-100234')).json).toMatchObject({ enabled: false });
  expect(await post('enable.ps1', 'enable')).toMatchObject({ Success: true });
  expect((await server.get('accounts/SC-100234')).json).toMatchObject({ enabled: true });
});

test.each([
  ['update.ps1', 'update-username'],
  ['enable.ps1', 'enable'],
  ['disable.ps1', 'disable'],
  ['delete.ps1', 'delete'],
  ['permissions/contract-roles/subPermissions.ps1', 'subpermissions-grant'],
  ['permissions/catalogue/grantPermission.ps1', 'grant'],
])('before the first grant the preview of %s says what both guides say', async (path, name) => {
  const server = await started();
  const { References, ...others } = readSample(name).actionContext as { References: object };
  for (const Account of [null, '']) {
    const actionContext = { ...others, DryRun: true, References: { ...References, Account } };
    const output = await run(server, path, { ...readSample(name), actionContext });
    expect(output).toMatchObject({ Success: false, AuditLogs: [{ IsError: true }] });
    const [{ Message }] = output.AuditLogs as [{ Message: string }];
    expect(Message).toMatch(new RegExp(`(^|: )${noReference}$`, 'i'));
  }
  for (const guide of guides) expect(guide.replace(/\s+/g, ' ')).toContain(`"${noReference}"`);
});

/** Posts what a script of the kit would for a sample. */
async function run(server: TestServer, path: string, of: string | Sample): Promise<Record<string, unknown>> {
  const given = typeof of === 'string' ? readSample(of) : of;
  const script = kitScripts.find((candidate) => candidate.path === path);
  if (!script) throw new Error(`there is no script ${path}`);
  const { status, json, text } = await server.post(`helloid/${script.action}`, kitBody(script, given));
  expect(status, text).toBe(200);
  return json;
}
