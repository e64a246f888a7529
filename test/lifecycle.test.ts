import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contract, createBody, eventCount, testServer, updateBody, type TestServer } from './helpers.ts';

interface Output {
  Success: boolean;
  AccountReference: string;
  AccountCorrelated: boolean;
  Data: Record<string, unknown> | null;
  PreviousData: Record<string, unknown> | null;
  AuditLogs: { Action: string; Message: string; IsError: boolean }[];
}

async function act(server: TestServer, action: string, body: unknown): Promise<Output> {
  const { status, json, text } = await server.post(`helloid/${action}`, body);
  expect(status, text).toBe(200);
  return json;
}

async function accountOf(server: TestServer, reference: string) {
  return (await server.get(`accounts/${encodeURIComponent(reference)}`)).json as Record<string, unknown> & {
    roles: { contract: string }[];
    history: { outcome: string }[];
  };
}

function correlatedOn(body: ReturnType<typeof createBody>, field: string, value: unknown) {
  const CorrelationConfiguration = {
    Enabled: true,
    PersonField: 'Person.X',
    PersonFieldValue: value,
    AccountField: field,
    AccountFieldValue: null,
  };
  return { ...body, actionContext: { ...body.actionContext, CorrelationConfiguration } };
}

test('a retried create finds what the first call made, also with correlation off', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  expect(await act(server, 'create', createBody(1))).toMatchObject({
    Success: true,
    AccountReference: 'SC-1',
    AccountCorrelated: true,
  });
  expect((await server.get('accounts')).json).toMatchObject({ accounts: [{ reference: 'SC-1' }], next: null });
});

test('correlating writes nothing and answers what is stored', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  const output = await act(server, 'create', createBody(1, { voornaam: 'Bea', gebruikersnaam: 'other' }));
  expect(output).toMatchObject({
    AccountCorrelated: true,
    Data: { voornaam: 'Anna', gebruikersnaam: 'p1' },
    PreviousData: null,
  });
  expect(await accountOf(server, 'SC-1')).toMatchObject({ voornaam: 'Anna', gebruikersnaam: 'p1' });
});

test('correlation looks at username and e-mail without regard to case', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  expect(await act(server, 'create', correlatedOn(createBody(9), 'gebruikersnaam', 'P1'))).toMatchObject({
    AccountReference: 'SC-1',
    AccountCorrelated: true,
  });
  expect(await act(server, 'create', correlatedOn(createBody(9), 'EMAIL', 'P1@Waterrijk-Zorg.example'))).toMatchObject({
    AccountReference: 'SC-1',
  });
});

test.each([
  ['an empty value', 'externalId', null],
  ['a blank value', 'externalId', '  '],
  ['no field', '', '1'],
  ['a field that is not allowed', 'achternaam', 'Jansen'],
])('correlation with %s fails the action', async (_what, field, value) => {
  const server = await testServer();
  expect(await act(server, 'create', correlatedOn(createBody(1), field, value))).toMatchObject({
    Success: false,
    AccountReference: 'Currently not available',
    AuditLogs: [{ Action: 'CreateAccount', IsError: true }],
  });
  expect((await server.get('accounts')).json).toMatchObject({ accounts: [] });
});

test('a correlation value and an external id that find different accounts fail, and both references are named', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2));
  const output = await act(server, 'create', correlatedOn(createBody(1), 'gebruikersnaam', 'p2'));
  expect(output.Success).toBe(false);
  expect(output.AuditLogs[0]?.Message).toMatch(/SC-2.*SC-1/);
});

test('with correlation aimed elsewhere and no hit, the same external id still correlates', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  expect(
    await act(server, 'create', correlatedOn(createBody(1), 'email', 'nobody@waterrijk-zorg.example')),
  ).toMatchObject({ AccountReference: 'SC-1', AccountCorrelated: true });
});

test('a deleted person is revived under the same reference, with the data and roles of the request', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'delete', updateBody('SC-1', null));
  const output = await act(
    server,
    'create',
    createBody(1, { voornaam: 'Bea', tussenvoegsel: 'van', email: undefined }, [contract('1-9')]),
  );
  expect(output).toMatchObject({
    Success: true,
    AccountReference: 'SC-1',
    AccountCorrelated: false,
    PreviousData: null,
    AuditLogs: [{ Action: 'CreateAccount' }],
  });
  expect(await accountOf(server, 'SC-1')).toMatchObject({
    voornaam: 'Bea',
    tussenvoegsel: 'van',
    email: null,
    enabled: true,
    deletedAt: null,
    roles: [{ contract: '1-9' }],
  });
});

test('a revived person starts as initiallyEnabled says', async () => {
  const server = await testServer({ policy: { accounts: { initiallyEnabled: false } } });
  await act(server, 'create', createBody(1));
  await act(server, 'enable', updateBody('SC-1', {}));
  await act(server, 'delete', updateBody('SC-1', null));
  await act(server, 'create', createBody(1));
  expect(await accountOf(server, 'SC-1')).toMatchObject({ enabled: false });
});

test('references are fixed for life and never given twice', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'update', updateBody('SC-1', { externalId: '7' }));
  expect(await act(server, 'create', createBody(1, { email: 'a@b.example', gebruikersnaam: 'a' }))).toMatchObject({
    AccountReference: 'SC-1.2',
    AccountCorrelated: false,
  });
  await act(server, 'update', updateBody('SC-1.2', { externalId: '8' }));
  expect(await act(server, 'create', createBody(1, { email: 'c@b.example', gebruikersnaam: 'c' }))).toMatchObject({
    AccountReference: 'SC-1.3',
  });
  expect(await accountOf(server, 'SC-1')).toMatchObject({ externalId: '7' });
});

test('no call resolves by a present username', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  expect(await act(server, 'delete', updateBody('p1', null))).toMatchObject({
    Success: true,
    AuditLogs: [{ Message: expect.stringContaining('not found') as string }],
  });
  expect(await accountOf(server, 'SC-1')).toMatchObject({ deletedAt: null });
});

test.each([
  ['username in another casing', { gebruikersnaam: 'P1' }, 'gebruikersnaam'],
  ['e-mail address', { email: 'p1@waterrijk-zorg.example' }, 'email'],
])('create with the %s of another living account fails and names its holder', async (_what, data, field) => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  const output = await act(server, 'create', createBody(2, data));
  expect(output).toMatchObject({ Success: false, Data: null });
  expect(output.AuditLogs[0]?.Message).toContain(field);
  expect(output.AuditLogs[0]?.Message).toContain('[SC-1]');
});

test('a taken value fails an update only where it changes that field', async () => {
  const server = await testServer({ policy: { accounts: { duplicateEmail: 'report' } } });
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2, { email: 'p1@waterrijk-zorg.example' }));
  const strict = await testServer({ environment: { DATA_DIR: server.app.config.dataDir } });
  expect(
    await act(strict, 'update', updateBody('SC-2', { email: 'p1@waterrijk-zorg.example', voornaam: 'Bea' })),
  ).toMatchObject({ Success: true });
  expect(await act(strict, 'update', updateBody('SC-2', { gebruikersnaam: 'p1' }))).toMatchObject({ Success: false });
  expect(await act(strict, 'update', updateBody('SC-2', { externalId: '1' }))).toMatchObject({ Success: false });
  expect(await accountOf(strict, 'SC-2')).toMatchObject({ voornaam: 'Bea', gebruikersnaam: 'p2', externalId: '2' });
});

test("values of a deleted account are free again, and an empty address is nobody's", async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1, { email: '' }));
  await act(server, 'create', createBody(2, { email: '' }));
  await act(server, 'delete', updateBody('SC-1', null));
  expect(await act(server, 'create', createBody(3, { gebruikersnaam: 'p1', email: null }))).toMatchObject({
    Success: true,
    AccountReference: 'SC-3',
  });
});

test('a username that was ever delivered for somebody else is refused, and usernameReuse "report" lets it pass', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await server.app.runs.rememberDelivered(1, '2026-01-01T00:00:00.000Z', [
    {
      account: (await server.app.accounts.find('SC-1'))?.id ?? 0,
      username: 'p1',
      externalId: '1',
      isActive: true,
    },
  ]);
  await act(server, 'delete', updateBody('SC-1', null));
  const refused = await act(server, 'create', createBody(2, { gebruikersnaam: 'P1' }));
  expect(refused.Success).toBe(false);
  expect(refused.AuditLogs[0]?.Message).toContain('username allow');
  const lenient = await testServer({
    policy: { accounts: { usernameReuse: 'report' } },
    environment: { DATA_DIR: server.app.config.dataDir },
  });
  expect(await act(lenient, 'create', createBody(2, { gebruikersnaam: 'P1' }))).toMatchObject({ Success: true });
});

test('absent members stay, null empties, and an empty externalId or username stays and is logged', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1, { tussenvoegsel: 'van' }));
  const output = await act(
    server,
    'update',
    updateBody('SC-1', { tussenvoegsel: null, externalId: null, gebruikersnaam: '' }),
  );
  expect(output.AuditLogs[0]?.Message).toMatch(/externalId.*gebruikersnaam.*stays/);
  expect(await accountOf(server, 'SC-1')).toMatchObject({
    tussenvoegsel: null,
    voornaam: 'Anna',
    externalId: '1',
    gebruikersnaam: 'p1',
  });
});

test('contracts that were not sent keep the roles, none in conditions leaves none', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'update', updateBody('SC-1', { voornaam: 'Bea' }));
  await act(server, 'update', updateBody('SC-1', {}, null));
  expect(await accountOf(server, 'SC-1')).toMatchObject({ voornaam: 'Bea', roles: [{ contract: '1-1' }] });
  const output = await act(server, 'update', updateBody('SC-1', {}, [contract('1-1', undefined, undefined, false)]));
  expect(output.AuditLogs[0]?.Message).toContain('no contract is in conditions');
  expect(await accountOf(server, 'SC-1')).toMatchObject({ roles: [] });
});

test('a contract without unit or profile gives no role and the log names it', async () => {
  const server = await testServer();
  const output = await act(
    server,
    'create',
    createBody(1, {}, [contract('1-1'), { ...contract('1-2'), Department: null }]),
  );
  expect(output.AuditLogs[0]?.Message).toContain('[1-2]');
  expect((await accountOf(server, 'SC-1')).roles.map((role) => role.contract)).toEqual(['1-1']);
});

test('unit and profile are read by the paths of connector.json', async () => {
  const unit = { name: 'CostCenter.Name', code: 'CostCenter.Code' };
  const server = await testServer({
    policy: { roles: { unit, profile: { name: 'Custom.Rol', code: 'custom.rolcode' } } },
  });
  const sent = {
    ...contract('1-1'),
    CostCenter: { Name: 'Inkoop', Code: 420 },
    Custom: { rol: 'Budgethouder', RolCode: 'BH' },
  };
  await act(server, 'create', createBody(1, {}, [sent]));
  expect(await accountOf(server, 'SC-1')).toMatchObject({
    roles: [{ ou: 'Inkoop', oucode: '420', functie: 'Budgethouder', functiecode: 'BH' }],
  });
});

test('in role mode "permissions" the account actions leave roles alone', async () => {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  await act(server, 'create', createBody(1));
  await act(server, 'update', updateBody('SC-1', {}, [contract('1-2')]));
  expect(await accountOf(server, 'SC-1')).toMatchObject({ roles: [] });
});

test('further fields of connector.json are stored, updated and answered', async () => {
  const server = await testServer({ policy: { fields: [{ name: 'kostenplaats' }] } });
  expect(await act(server, 'create', createBody(1, { Kostenplaats: '310' }))).toMatchObject({
    Data: { Kostenplaats: '310' },
  });
  await act(server, 'update', updateBody('SC-1', { voornaam: 'Bea' }));
  expect(await accountOf(server, 'SC-1')).toMatchObject({ kostenplaats: '310', voornaam: 'Bea' });
  expect(await act(server, 'update', updateBody('SC-1', { kostenplaats: null }))).toMatchObject({
    AuditLogs: [{ Message: 'Updated [kostenplaats]' }],
  });
});

test('text is stored in its composed form', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1, { voornaam: 'Rene\u0301e' }));
  expect(await accountOf(server, 'SC-1')).toMatchObject({ voornaam: 'Ren\u00E9e' });
});

test('a reference may come as an object, as other systems hold it', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  for (const reference of [{ id: 'SC-1' }, { Reference: 'SC-1' }, { value: 'SC-1' }]) {
    expect(await act(server, 'update', updateBody(reference, {}))).toMatchObject({
      Success: true,
      AccountReference: 'SC-1',
    });
  }
});

test.each(['update', 'enable', 'disable', 'delete'])(
  '%s without a reference fails instead of guessing',
  async (action) => {
    const server = await testServer();
    expect(await act(server, action, updateBody(null, {}))).toMatchObject({
      Success: false,
      AuditLogs: [{ IsError: true }],
    });
  },
);

test('every answered writing action leaves one event, a preview, a refusal and a read none', async () => {
  const server = await testServer();
  const events = () => eventCount(server.app.config.dataDir);
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2, { gebruikersnaam: '' }));
  await act(server, 'update', updateBody('SC-1', {}));
  await act(server, 'disable', updateBody('SC-404', {}));
  expect(events()).toBe(5);
  const preview = createBody(3);
  preview.actionContext.DryRun = true;
  await act(server, 'create', preview);
  await server.post('helloid/create', '{');
  await server.post('helloid/create', { actionContext: '@{Data=}' });
  await server.get('accounts');
  expect(events()).toBe(5);
  expect((await accountOf(server, 'SC-1')).history.map((entry) => entry.outcome)).toEqual([
    'unchanged',
    'correlated',
    'created',
  ]);
});

test('nothing that is not delivered is stored', async () => {
  const server = await testServer();
  const body = { ...createBody(1), script: 'create' } as Record<string, unknown> & ReturnType<typeof createBody>;
  Object.assign(body.actionContext, { Configuration: { key: 'marked-secret' } });
  Object.assign(body.personContext.Person, {
    Details: { BirthDate: 'marked-birth' },
    Custom: { x: 'marked-custom' },
    Contact: { Personal: { Address: { Street: 'marked-street' } } },
  });
  await act(server, 'create', body);
  await server.app.close();
  const folder = server.app.config.dataDir;
  const bytes = readdirSync(folder)
    .filter((name) => name.startsWith('spendcloud.db'))
    .map((name) => readFileSync(`${folder}/${name}`, 'latin1'))
    .join('');
  expect(bytes).toContain('Jansen 1');
  expect(bytes).not.toContain('marked-');
});
