import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sample, temporaryFolder, testServer, type Sample, type TestServer } from '../helpers.ts';

/** The rows of the contract's table: the answer must equal HelloID's expected output, messages may be worded otherwise. */
async function expectAnswer(server: TestServer, action: string, request: object, output: string): Promise<void> {
  const { status, json, headers } = await server.post(`helloid/${action}`, request);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const expected = (await sample(output)).outputContext;
  const AuditLogs = (expected.AuditLogs as Sample['outputContext']['AuditLogs'] | undefined)?.map((line) => ({
    ...line,
    Message: expect.stringMatching(/\S/) as string,
  }));
  expect(json).toEqual({ ...expected, ...(AuditLogs && { AuditLogs }) });
}

const create = () => sample('create');

test('create answers as HelloID expects and stores one role per contract in conditions', async () => {
  const server = await testServer();
  await expectAnswer(server, 'create', await create(), 'output-create');
  const { json } = await server.get('accounts/SC-100234');
  expect(json).toMatchObject({
    gebruikersnaam: 'rvdbrink',
    enabled: true,
    roles: [
      { ou: 'Thuiszorg Noord', oucode: 'D0310', functiecode: 'TL-ZORG', contract: '100234-1' },
      { ou: 'Inkoop & Facilitair', oucode: 'D0420', functiecode: 'INK-MED', contract: '100234-2' },
    ],
    delivered: null,
    pendingUsername: null,
    history: [
      {
        action: 'create',
        outcome: 'created',
        key: 'AGENT_KEY',
        origin: 'enforcement',
        externalId: '100234',
        before: null,
      },
    ],
  });
});

test('create in a preview answers a placeholder and writes nothing', async () => {
  const server = await testServer();
  await expectAnswer(server, 'create', await sample('create-dryrun'), 'output-create-dryrun');
  expect((await server.get('accounts')).json).toEqual({ accounts: [], next: null });
});

test('correlate answers the account that is there', async () => {
  const server = await testServer();
  await server.post('helloid/create', await sample('correlate'));
  await expectAnswer(server, 'create', await sample('correlate'), 'output-correlate');
});

test('an update with a new username answers both states', async () => {
  const server = await testServer({ policy: { accounts: { username: 'follow' } } });
  await server.post('helloid/create', await create());
  await expectAnswer(server, 'update', await sample('update-username'), 'output-update-username');
});

test('an update of an unknown person is a failure', async () => {
  await expectAnswer(await testServer(), 'update', await sample('update-username'), 'output-update-notfound');
});

test('a delete of an unknown person in reconciliation, without person or data, succeeds', async () => {
  await expectAnswer(await testServer(), 'delete', await sample('delete-reconciliation'), 'output-delete-notfound');
});

test('a correlation value that finds two persons is an error', async () => {
  const server = await testServer({ policy: { accounts: { duplicateEmail: 'report' } } });
  for (const number of ['1', '2']) {
    const body = await create();
    Object.assign(body.actionContext.Data ?? {}, {
      externalId: number,
      gebruikersnaam: `balie${number}`,
      email: 'balie@waterrijk-zorg.example',
    });
    body.actionContext.CorrelationConfiguration = { Enabled: false };
    await server.post('helloid/create', body);
  }
  const request = await sample('correlate');
  Object.assign(request.actionContext.CorrelationConfiguration, {
    AccountField: 'email',
    PersonFieldValue: 'balie@waterrijk-zorg.example',
  });
  await expectAnswer(server, 'create', request, 'output-error');
});

test('contracts that changed replace the roles', async () => {
  const server = await testServer();
  await server.post('helloid/create', await create());
  const { json } = await server.post('helloid/update', await sample('update-contracts'));
  expect(json).toMatchObject({ Success: true, AuditLogs: [{ Action: 'UpdateAccount', IsError: false }] });
  const account = (await server.get('accounts/SC-100234')).json as { roles: { contract: string }[] };
  expect(account.roles.map((role) => role.contract)).toEqual(['100234-2', '100234-3']);
});

test('the update that follows a correlation changes nothing and says so', async () => {
  const server = await testServer();
  await server.post('helloid/create', await sample('correlate'));
  const { json } = await server.post('helloid/update', await sample('update-after-correlate'));
  expect(json).toMatchObject({
    Success: true,
    AuditLogs: [{ Action: 'UpdateAccount', Message: 'No changes for person [SC-100871]', IsError: false }],
  });
});

test('disable, enable and delete with empty data answer what was and what is', async () => {
  const server = await testServer();
  const created = (await server.post('helloid/create', await create())).json as { Data: object };
  const was = { ...created.Data, geslacht: 'V' } as Record<string, unknown>;
  delete was.gender;
  for (const [action, Action] of [
    ['disable', 'DisableAccount'],
    ['enable', 'EnableAccount'],
  ] as const) {
    const { json } = await server.post(`helloid/${action}`, await sample(action));
    expect(json).toMatchObject({
      Success: true,
      AccountReference: 'SC-100234',
      PreviousData: was,
      Data: was,
      AuditLogs: [{ Action, IsError: false }],
    });
    expect((await server.get('accounts/SC-100234')).json).toMatchObject({ enabled: action === 'enable' });
  }
  const { json } = await server.post('helloid/delete', await sample('delete'));
  expect(json).toMatchObject({
    Success: true,
    Data: null,
    PreviousData: created.Data,
    AuditLogs: [{ Action: 'DeleteAccount', IsError: false }],
  });
  expect((await server.get('accounts')).json).toEqual({ accounts: [], next: null });
});

test('enabling an unknown person fails, disabling one succeeds', async () => {
  const server = await testServer();
  expect((await server.post('helloid/enable', await sample('enable'))).json).toMatchObject({
    Success: false,
    AuditLogs: [{ IsError: true }],
  });
  expect((await server.post('helloid/disable', await sample('disable-reconciliation'))).json).toMatchObject({
    Success: true,
    AuditLogs: [{ IsError: false }],
  });
});

const permissionsMode = { policy: { roles: { assignedBy: 'permissions' } } };

test('sub-permissions revoke and grant one by one and answer the whole new state', async () => {
  const server = await testServer(permissionsMode);
  await server.post('helloid/create', await create());
  const granted = await server.post('helloid/sub-permissions', await sample('subpermissions-grant'));
  expect(granted.json).toMatchObject({
    Success: true,
    SubPermissions: [{ Reference: { Id: 'D0310|TL-ZORG' } }, { Reference: { Id: 'D0420|INK-MED' } }],
    AuditLogs: [{ Action: 'GrantPermission' }, { Action: 'GrantPermission' }],
  });
  await expectAnswer(server, 'sub-permissions', await sample('subpermissions-update'), 'output-subpermissions-update');
  expect((await server.get('accounts/SC-100234')).json).toMatchObject({
    roles: [
      { oucode: 'D0420', functiecode: 'INK-MED', assignedBy: 'permissions' },
      { oucode: 'D0500', functiecode: 'MGR-INK', assignedBy: 'permissions' },
    ],
  });
});

test('sub-permissions of nobody in conditions answer the placeholder', async () => {
  const server = await testServer(permissionsMode);
  await server.post('helloid/create', await create());
  const grant = await sample('subpermissions-grant');
  for (const contract of grant.personContext.Person.Contracts)
    contract.Context.InConditions = contract.ExternalId === '100234-2';
  await server.post('helloid/sub-permissions', grant);
  const update = await sample('subpermissions-update');
  for (const contract of update.personContext.Person.Contracts) contract.Context.InConditions = false;
  update.actionContext.CurrentPermissions = (update.actionContext.CurrentPermissions as unknown[]).slice(1);
  await expectAnswer(server, 'sub-permissions', update, 'output-subpermissions-empty');
  expect((await server.get('accounts/SC-100234')).json).toMatchObject({ roles: [] });
});

test('sub-permissions that are revoked leave nothing, also not the placeholder', async () => {
  const server = await testServer(permissionsMode);
  await server.post('helloid/create', await create());
  await server.post('helloid/sub-permissions', await sample('subpermissions-grant'));
  await server.post('helloid/sub-permissions', await sample('subpermissions-update'));
  const { json } = await server.post('helloid/sub-permissions', await sample('subpermissions-revoke'));
  expect(json).toEqual({
    Success: true,
    SubPermissions: [],
    AuditLogs: [
      { Action: 'RevokePermission', Message: 'Revoked role [Inkoop & Facilitair - INK-MED]', IsError: false },
      { Action: 'RevokePermission', Message: 'Revoked role [Directie & Staf - MGR-INK]', IsError: false },
    ],
  });
  expect((await server.get('accounts/SC-100234')).json).toMatchObject({ roles: [] });
});

test('the list of permissions holds the one for roles per contract', async () => {
  await expectAnswer(
    await testServer(permissionsMode),
    'permissions',
    { ...(await sample('permissions')), kind: 'dynamic' },
    'output-permissions',
  );
});

test('resources are answered item by item', async () => {
  await expectAnswer(await testServer(), 'resources', await sample('resources'), 'output-resources');
});

test("uniqueness names the fields that are somebody else's, as the request names them", async () => {
  const server = await testServer();
  await server.post('helloid/create', await create());
  await expectAnswer(server, 'uniqueness', await sample('uniqueness'), 'output-uniqueness');
});

test('a static permission is granted, imported and revoked with the payloads of HelloID', async () => {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(
    catalogue,
    'reference,unit,profile,name\nD0420|INK-MED,Inkoop & Facilitair,INK-MED,Inkoop & Facilitair - INK-MED\n',
  );
  const server = await testServer({ policy: { roles: { catalogue } } });
  await server.post('helloid/create', await create());
  expect((await server.post('helloid/grant-permission', await sample('grant'))).json).toEqual({
    Success: true,
    AuditLogs: [{ Action: 'GrantPermission', Message: 'Granted role [Inkoop & Facilitair - INK-MED]', IsError: false }],
  });
  expect(
    (await server.post('helloid/import-permissions', { ...(await sample('import-permissions')), kind: 'static' })).json,
  ).toEqual({
    items: [
      {
        PermissionReference: { Reference: 'D0420|INK-MED' },
        Description: 'Rol INK-MED op Inkoop & Facilitair',
        DisplayName: 'Inkoop & Facilitair - INK-MED',
        AccountReferences: ['SC-100234'],
      },
    ],
    next: null,
  });
  for (const [name, found] of [
    ['revoke', /^Revoked role/],
    ['revoke-reconciliation', /SC-100999.*not found.*Origin: \[reconciliation\]/],
  ] as const) {
    expect((await server.post('helloid/revoke-permission', await sample(name))).json).toEqual({
      Success: true,
      AuditLogs: [{ Action: 'RevokePermission', Message: expect.stringMatching(found) as string, IsError: false }],
    });
  }
});
