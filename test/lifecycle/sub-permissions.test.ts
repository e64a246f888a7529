import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { act, permissionBody, rolesOf, subPermissionsBody } from '../actions.ts';
import {
  contract,
  createBody,
  eventCount,
  temporaryFolder,
  testServer,
  updateBody,
  type TestServer,
} from '../helpers.ts';

const noord = contract('1-1');
const inkoop = contract('1-2', ['Inkoop & Facilitair', 'D0420'], ['Medewerker inkoop', 'INK-MED']);
const staf = contract('1-3', ['Directie & Staf', 'D0500'], ['Manager inkoop', 'MGR-INK']);
const noordKey = 'D0310|TL-ZORG';
const inkoopKey = 'D0420|INK-MED';
const nobody = [{ DisplayName: 'No roles defined', Reference: { Id: 'No roles defined' } }];

const outOfConditions = <Sent extends object>(sent: Sent) => ({ ...sent, Context: { InConditions: false } });

/** A server in role mode "permissions" with one account, SC-1, that has no roles yet. */
async function started(policy: object = {}): Promise<TestServer> {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions', ...policy } } });
  await act(server, 'create', createBody(1));
  return server;
}

/** The same data in the other role mode, as after a restart with another connector.json. */
function switched(server: TestServer, assignedBy: string): Promise<TestServer> {
  return testServer({ policy: { roles: { assignedBy } }, environment: { DATA_DIR: server.app.config.dataDir } });
}

const keys = (output: { SubPermissions: { Reference: { Id: string } }[] }) =>
  output.SubPermissions.map(({ Reference }) => Reference.Id);
const lines = (output: { AuditLogs: { Action: string; Message: string }[] }) =>
  output.AuditLogs.map(({ Action, Message }) => `${Action}: ${Message}`);

test('a grant gives one role per contract in conditions and logs each', async () => {
  const server = await started();
  const output = await act(
    server,
    'sub-permissions',
    subPermissionsBody('grant', [noord, inkoop, outOfConditions(staf)]),
  );
  expect(output).toEqual({
    Success: true,
    SubPermissions: [
      { DisplayName: 'Thuiszorg Noord - TL-ZORG', Reference: { Id: noordKey } },
      { DisplayName: 'Inkoop & Facilitair - INK-MED', Reference: { Id: inkoopKey } },
    ],
    AuditLogs: [
      { Action: 'GrantPermission', Message: 'Granted role [Thuiszorg Noord - TL-ZORG]', IsError: false },
      { Action: 'GrantPermission', Message: 'Granted role [Inkoop & Facilitair - INK-MED]', IsError: false },
    ],
  });
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by permissions`, `${inkoopKey} by permissions`]);
});

test('a renamed department keeps its key, and an update tells the new name once', async () => {
  const server = await started();
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
  const renamed = contract('1-1', ['Thuiszorg Noord-West', 'D0310']);
  const current: [string, string][] = [[noordKey, 'Thuiszorg Noord - TL-ZORG']];
  const output = await act(server, 'sub-permissions', subPermissionsBody('update', [renamed], { current }));
  expect(output).toMatchObject({
    SubPermissions: [{ DisplayName: 'Thuiszorg Noord-West - TL-ZORG', Reference: { Id: noordKey } }],
  });
  expect(lines(output)).toEqual([
    'UpdatePermission: Renamed role [Thuiszorg Noord - TL-ZORG] to [Thuiszorg Noord-West - TL-ZORG]',
  ]);
  const again: [string, string][] = [[noordKey, 'Thuiszorg Noord-West - TL-ZORG']];
  expect(
    lines(await act(server, 'sub-permissions', subPermissionsBody('update', [renamed], { current: again }))),
  ).toEqual(['UpdatePermission: No changes for person [SC-1] with 1 role(s)']);
});

test('a grant refreshes no names', async () => {
  const server = await started();
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
  const output = await act(server, 'sub-permissions', subPermissionsBody('grant', [noord], { current: [noordKey] }));
  expect(lines(output)).toEqual(['GrantPermission: No changes for person [SC-1] with 1 role(s)']);
});

test('codes with a | or a \\ inside cannot be taken for another pair', async () => {
  const server = await started();
  const some = contract('1-1', ['A', 'X|Y'], ['P', 'Z']);
  const other = contract('1-2', ['A', 'X'], ['P', 'Y|Z']);
  const third = contract('1-3', ['A', 'X\\'], ['P', 'Y']);
  const output = await act(server, 'sub-permissions', subPermissionsBody('grant', [some, other, third]));
  expect(keys(output)).toEqual(['X\\|Y|Z', 'X|Y\\|Z', 'X\\\\|Y']);
});

test('two contracts with the same unit and profile are one sub-permission', async () => {
  const server = await started();
  const output = await act(server, 'sub-permissions', subPermissionsBody('grant', [noord, contract('1-9')]));
  expect(keys(output)).toEqual([noordKey]);
  expect(output.AuditLogs).toHaveLength(1);
  const later = await act(
    server,
    'sub-permissions',
    subPermissionsBody('update', [contract('1-9')], { current: [noordKey] }),
  );
  expect(keys(later)).toEqual([noordKey]);
  expect(later.AuditLogs).not.toContainEqual(expect.objectContaining({ Action: 'RevokePermission' }));
});

test.each([
  ['believes too little', [], ['GrantPermission: Granted role [Thuiszorg Noord - TL-ZORG]']],
  [
    'believes too much',
    [noordKey, 'D9|X'],
    [
      'RevokePermission: Revoked role [D9|X]',
      'UpdatePermission: Renamed role [D0310|TL-ZORG] to [Thuiszorg Noord - TL-ZORG]',
    ],
  ],
])('where HelloID %s, the stored roles are right all the same', async (_what, current, expected) => {
  const server = await started();
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
  const output = await act(server, 'sub-permissions', subPermissionsBody('update', [noord], { current }));
  expect(keys(output)).toEqual([noordKey]);
  expect(lines(output)).toEqual(expected);
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by permissions`]);
});

test('a stored role that HelloID knows nothing of is taken where no contract asks for it, and one it took for granted comes back', async () => {
  const server = await started();
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
  const output = await act(server, 'sub-permissions', subPermissionsBody('update', [inkoop], { current: [inkoopKey] }));
  expect(lines(output)).toEqual([
    'RevokePermission: Revoked role [Thuiszorg Noord - TL-ZORG]',
    'GrantPermission: Granted role [Inkoop & Facilitair - INK-MED]',
  ]);
  expect(await rolesOf(server, 'SC-1')).toEqual([`${inkoopKey} by permissions`]);
});

test('with nothing wanted grant and update answer the placeholder, and it is nothing when it comes back', async () => {
  const server = await started();
  const current = ['No roles defined'];
  const empty = await act(server, 'sub-permissions', subPermissionsBody('grant', [outOfConditions(noord)]));
  expect(empty).toMatchObject({ Success: true, SubPermissions: nobody });
  expect(lines(empty)).toEqual([
    'GrantPermission: No changes for person [SC-1] with 0 role(s), because no contract is in conditions',
  ]);
  expect(await act(server, 'sub-permissions', subPermissionsBody('update', [], { current }))).toMatchObject({
    SubPermissions: nobody,
    AuditLogs: [{ Action: 'UpdatePermission', IsError: false }],
  });
  const filled = await act(server, 'sub-permissions', subPermissionsBody('update', [noord], { current }));
  expect(keys(filled)).toEqual([noordKey]);
  expect(lines(filled)).toEqual(['GrantPermission: Granted role [Thuiszorg Noord - TL-ZORG]']);
  expect(await act(server, 'sub-permissions', subPermissionsBody('revoke', [], { current }))).toMatchObject({
    Success: true,
    SubPermissions: [],
    AuditLogs: [{ Message: 'Revoked role [Thuiszorg Noord - TL-ZORG]' }],
  });
});

test('a revoke takes all roles per contract, whatever its contracts say, and no static role', async () => {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(catalogue, 'reference,unit,profile,name\nreader,Inkoop,LEZER,Lezer\n');
  const server = await started({ catalogue });
  await act(server, 'grant-permission', permissionBody('reader'));
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord, inkoop]));
  const output = await act(
    server,
    'sub-permissions',
    subPermissionsBody('revoke', [noord], { current: [noordKey, inkoopKey] }),
  );
  expect(output).toMatchObject({ Success: true, SubPermissions: [] });
  expect(output.AuditLogs).toHaveLength(2);
  expect(await rolesOf(server, 'SC-1')).toEqual(['Inkoop|LEZER by catalogue']);
});

test.each([null, undefined])(
  'contracts that were not sent (%s) leave the roles as they are, and these are answered',
  async (contracts) => {
    const server = await started();
    await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
    const output = await act(server, 'sub-permissions', subPermissionsBody('update', contracts, { current: [] }));
    expect(output).toMatchObject({
      Success: true,
      SubPermissions: [{ DisplayName: 'Thuiszorg Noord - TL-ZORG', Reference: { Id: noordKey } }],
      AuditLogs: [{ Action: 'UpdatePermission', Message: expect.stringContaining('No contracts were sent') as string }],
    });
    expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by permissions`]);
  },
);

test('a hundred roles are taken, a hundred and one fail the action and change nothing', async () => {
  const server = await started();
  const contracts = Array.from({ length: 101 }, (_, index) =>
    contract(`1-${index}`, [`Afdeling ${index}`, `D${index}`]),
  );
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
  const refused = await act(
    server,
    'sub-permissions',
    subPermissionsBody('update', contracts, { current: [noordKey] }),
  );
  expect(refused).toMatchObject({
    Success: false,
    AuditLogs: [{ Action: 'UpdatePermission', IsError: true, Message: expect.stringMatching(/101.*100/) as string }],
  });
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by permissions`]);
  const taken = await act(
    server,
    'sub-permissions',
    subPermissionsBody('update', contracts.slice(1), { current: [noordKey] }),
  );
  expect(taken.Success).toBe(true);
  expect(taken.SubPermissions).toHaveLength(100);
  expect(await rolesOf(server, 'SC-1')).toHaveLength(100);
});

test('a hundred and one contracts that lead to a hundred roles are taken', async () => {
  const server = await started();
  const contracts = Array.from({ length: 101 }, (_, index) => contract(`1-${index}`, ['Afdeling', `D${index % 100}`]));
  const output = await act(server, 'sub-permissions', subPermissionsBody('grant', contracts));
  expect(output.SubPermissions).toHaveLength(100);
});

test('a contract without unit or profile gives no role, and the log names it', async () => {
  const server = await started();
  const output = await act(
    server,
    'sub-permissions',
    subPermissionsBody('grant', [noord, { ...inkoop, Department: null }, { ...staf, Title: {} }]),
  );
  expect(keys(output)).toEqual([noordKey]);
  expect(lines(output)).toEqual([
    'GrantPermission: Granted role [Thuiszorg Noord - TL-ZORG]',
    'GrantPermission: There is no role for contract(s) [1-2, 1-3], which name no unit or no profile',
  ]);
});

test('in a preview every contract is shown and nothing is written', async () => {
  const server = await started();
  const events = eventCount(server.app.config.dataDir);
  const output = await act(
    server,
    'sub-permissions',
    subPermissionsBody('grant', [outOfConditions(noord), outOfConditions(inkoop)], { dryRun: true }),
  );
  expect(keys(output)).toEqual([noordKey, inkoopKey]);
  expect(output.AuditLogs[0]?.Message).toBe('[DryRun] Would grant role [Thuiszorg Noord - TL-ZORG]');
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
  expect(eventCount(server.app.config.dataDir)).toBe(events);
});

test.each(['grant', 'update'])('%s for an unknown person fails, a revoke succeeds', async (operation) => {
  const server = await started();
  const unknown = { account: 'SC-404' };
  expect(await act(server, 'sub-permissions', subPermissionsBody(operation, [noord], unknown))).toMatchObject({
    Success: false,
    SubPermissions: [],
    AuditLogs: [{ IsError: true, Message: expect.stringContaining('[SC-404] was not found') as string }],
  });
  expect(
    await act(server, 'sub-permissions', subPermissionsBody('revoke', [], { ...unknown, current: [noordKey] })),
  ).toMatchObject({ Success: true, SubPermissions: [], AuditLogs: [{ Action: 'RevokePermission', IsError: false }] });
});

test('a deleted person is unknown', async () => {
  const server = await started();
  await act(server, 'delete', updateBody('SC-1', null));
  expect(await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]))).toMatchObject({ Success: false });
  expect(await act(server, 'sub-permissions', subPermissionsBody('revoke', []))).toMatchObject({ Success: true });
});

test.each(['grant', 'update', 'revoke'])(
  '%s without an account reference fails instead of guessing',
  async (operation) => {
    const server = await started();
    const output = await act(server, 'sub-permissions', subPermissionsBody(operation, [noord], { account: null }));
    expect(output).toMatchObject({ Success: false, AuditLogs: [{ IsError: true }] });
  },
);

test('a permission reference of another system is named and changes nothing', async () => {
  const server = await started();
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
  const foreign = { permission: { Reference: 'group-42' }, current: [noordKey] };
  expect(await act(server, 'sub-permissions', subPermissionsBody('update', [inkoop], foreign))).toMatchObject({
    Success: false,
    AuditLogs: [{ Message: expect.stringContaining('[group-42]') as string }],
  });
  expect(await act(server, 'sub-permissions', subPermissionsBody('revoke', [], foreign))).toMatchObject({
    Success: true,
  });
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by permissions`]);
});

test('the permission may come as text, in any casing of its member, or not at all', async () => {
  const server = await started();
  for (const permission of ['contract-roles', { reference: 'contract-roles' }, { REFERENCE: 'contract-roles' }, null])
    expect(await act(server, 'sub-permissions', subPermissionsBody('update', [noord], { permission }))).toMatchObject({
      Success: true,
    });
});

test("text that the files' encoding cannot hold fails the action", async () => {
  const files = { persons: { encoding: 'windows-1252' }, roles: { encoding: 'windows-1252' } };
  const server = await testServer({ policy: { files, roles: { assignedBy: 'permissions' } } });
  await act(server, 'create', createBody(1));
  const output = await act(
    server,
    'sub-permissions',
    subPermissionsBody('grant', [noord, contract('1-2', ['Łódź', 'D2'])]),
  );
  expect(output).toMatchObject({
    Success: false,
    AuditLogs: [{ Message: expect.stringMatching(/unit.*encoding/) as string }],
  });
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
});

test('in role mode "account" grant and update fail naming the setting, and a revoke succeeds and takes nothing', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  for (const operation of ['grant', 'update'])
    expect(await act(server, 'sub-permissions', subPermissionsBody(operation, [inkoop]))).toMatchObject({
      Success: false,
      SubPermissions: [],
      AuditLogs: [{ IsError: true, Message: expect.stringContaining('roles.assignedBy') as string }],
    });
  for (const account of ['SC-1', 'SC-404', null])
    expect(
      await act(server, 'sub-permissions', subPermissionsBody('revoke', [], { account, current: [noordKey] })),
    ).toMatchObject({ Success: true, SubPermissions: [], AuditLogs: [{ Action: 'RevokePermission', IsError: false }] });
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by account`]);
});

test('from "account" to "permissions" roles stay until the first sub-permissions call, which replaces them', async () => {
  const before = await testServer();
  await act(before, 'create', createBody(1, {}, [noord, inkoop]));
  const server = await switched(before, 'permissions');
  await act(server, 'update', updateBody('SC-1', { voornaam: 'Bea' }, []));
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by account`, `${inkoopKey} by account`]);
  const output = await act(server, 'sub-permissions', subPermissionsBody('grant', [noord, staf]));
  expect(lines(output)).toEqual([
    'RevokePermission: Revoked role [Inkoop & Facilitair - INK-MED]',
    'GrantPermission: Granted role [Thuiszorg Noord - TL-ZORG]',
    'GrantPermission: Granted role [Directie & Staf - MGR-INK]',
  ]);
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by permissions`, 'D0500|MGR-INK by permissions']);
});

test('a revoke under the new mode takes the roles of the former one, because HelloID wants none', async () => {
  const before = await testServer();
  await act(before, 'create', createBody(1));
  const server = await switched(before, 'permissions');
  expect(await act(server, 'sub-permissions', subPermissionsBody('revoke', []))).toMatchObject({ SubPermissions: [] });
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
});

test('a sub-permissions call without contracts does not carry roles, so those of the former mode stay', async () => {
  const before = await testServer();
  await act(before, 'create', createBody(1));
  const server = await switched(before, 'permissions');
  const output = await act(server, 'sub-permissions', subPermissionsBody('grant', null));
  expect(keys(output)).toEqual([noordKey]);
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by account`]);
});

test('from "permissions" to "account" roles stay until an update with contracts, and a late revoke takes nothing of those', async () => {
  const before = await started();
  await act(before, 'sub-permissions', subPermissionsBody('grant', [noord, inkoop]));
  const server = await switched(before, 'account');
  await act(server, 'update', updateBody('SC-1', { voornaam: 'Bea' }));
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by permissions`, `${inkoopKey} by permissions`]);
  await act(server, 'update', updateBody('SC-1', {}, [noord, staf]));
  const output = await act(server, 'sub-permissions', subPermissionsBody('revoke', [], { current: [noordKey] }));
  expect(lines(output)).toEqual([expect.stringMatching(/carry the roles.*no role had to be revoked/)]);
  expect(await rolesOf(server, 'SC-1')).toEqual([`${noordKey} by account`, 'D0500|MGR-INK by account']);
});

test('from "permissions" to "account" a revoke takes the roles that sub-permissions gave, and no static role', async () => {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(catalogue, 'reference,unit,profile,name\nreader,Inkoop,LEZER,Lezer\n');
  const before = await started({ catalogue });
  await act(before, 'grant-permission', permissionBody('reader'));
  await act(before, 'sub-permissions', subPermissionsBody('grant', [noord, inkoop]));
  const server = await switched(before, 'account');
  const revoke = (more: object = {}) => subPermissionsBody('revoke', [], { current: [noordKey], ...more });
  await act(server, 'sub-permissions', revoke({ permission: { Reference: 'group-42' } }));
  expect(await rolesOf(server, 'SC-1')).toHaveLength(3);
  const output = await act(server, 'sub-permissions', revoke());
  expect(lines(output)).toEqual([
    'RevokePermission: Revoked role [Thuiszorg Noord - TL-ZORG]',
    'RevokePermission: Revoked role [Inkoop & Facilitair - INK-MED]',
  ]);
  expect(await rolesOf(server, 'SC-1')).toEqual(['Inkoop|LEZER by catalogue']);
});

test('a revival under the other mode carries nothing over', async () => {
  const before = await started();
  await act(before, 'sub-permissions', subPermissionsBody('grant', [noord]));
  const server = await switched(before, 'account');
  await act(server, 'delete', updateBody('SC-1', null));
  await act(server, 'create', createBody(1, {}, [staf]));
  expect(await rolesOf(server, 'SC-1')).toEqual(['D0500|MGR-INK by account']);
});

test('each answered call leaves one event, a preview and a refused body none', async () => {
  const server = await started();
  const events = () => eventCount(server.app.config.dataDir);
  const before = events();
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord]));
  await act(server, 'sub-permissions', subPermissionsBody('update', [noord], { current: [noordKey] }));
  await act(server, 'sub-permissions', subPermissionsBody('update', [noord], { account: 'SC-404' }));
  await act(server, 'sub-permissions', subPermissionsBody('revoke', []));
  expect(events()).toBe(before + 4);
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord], { dryRun: true }));
  await server.post('helloid/sub-permissions', subPermissionsBody('replace', [noord]));
  expect(events()).toBe(before + 4);
  expect((await server.get('accounts/SC-1')).json).toMatchObject({
    history: [
      { action: 'sub-permissions', outcome: 'updated', before: { roles: [{ oucode: 'D0310' }] }, after: { roles: [] } },
      { outcome: 'unchanged', before: null },
      { outcome: 'updated', before: { roles: [] }, after: { roles: [{ oucode: 'D0310' }] } },
      { outcome: 'created' },
    ],
  });
});
