import { expect, test } from 'vitest';
import { sample, testServer, type TestServer } from '../helpers.ts';

/** The rows of the contract's table: the answer must equal HelloID's expected output, messages may be worded otherwise. */
async function expectAnswer(server: TestServer, action: string, request: object, output: string): Promise<void> {
  const { status, json, headers } = await server.post(`helloid/${action}`, request);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const expected = (await sample(output)).outputContext;
  const AuditLogs = expected.AuditLogs.map((line) => ({ ...line, Message: expect.stringMatching(/\S/) as string }));
  expect(json).toEqual({ ...expected, AuditLogs });
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
