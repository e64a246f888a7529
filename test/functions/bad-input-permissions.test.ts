import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { act, permissionBody, rolesOf, subPermissionsBody } from '../actions.ts';
import {
  agentKey,
  contract,
  createBody,
  eventCount,
  operatorKey,
  temporaryFolder,
  testServer,
  viewerKey,
  type TestServer,
} from '../helpers.ts';

const writing = ['grant-permission', 'revoke-permission', 'sub-permissions', 'resources'];
const reading = ['uniqueness', 'permissions', 'import-accounts', 'import-permissions', 'import-sub-permissions'];

/** A server in role mode "permissions" where SC-1 holds one role per contract and one static role. */
async function started(): Promise<TestServer> {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(catalogue, 'reference,unit,profile,name\nreader,Zorg,LEZER,Lezer\n');
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions', catalogue } } });
  await act(server, 'create', createBody(1));
  await act(server, 'sub-permissions', subPermissionsBody('grant', [contract('1-1')]));
  await act(server, 'grant-permission', permissionBody('reader'));
  return server;
}

async function expectRefusal(server: TestServer, action: string, body: unknown, status: number, message: RegExp) {
  const before = eventCount(server.app.config.dataDir);
  const reply = await server.post(`helloid/${action}`, body);
  expect([action, reply.status], reply.text).toEqual([action, status]);
  expect(reply.json).toEqual({
    message: expect.stringMatching(message) as string,
    code: expect.any(String) as string,
  });
  expect(await rolesOf(server, 'SC-1')).toEqual(['Zorg|LEZER by catalogue', 'D0310|TL-ZORG by permissions']);
  expect(eventCount(server.app.config.dataDir)).toBe(before);
}

/** A body for sub-permissions with other members in its actionContext. */
function withContext(members: object) {
  const body = subPermissionsBody('update', []);
  return { ...body, actionContext: { ...body.actionContext, ...members } };
}

test('every action refuses what is no body of HelloID, in a sentence and without a trace', async () => {
  const server = await started();
  for (const action of [...writing, ...reading]) {
    await expectRefusal(server, action, '', 400, /no body/);
    await expectRefusal(server, action, '{"actionContext":', 400, /not JSON/);
    await expectRefusal(server, action, Buffer.from('{"actionContext":{"x":"\xe9"}}', 'latin1'), 400, /UTF8\.GetBytes/);
    await expectRefusal(server, action, [], 422, /must be a JSON object/);
    await expectRefusal(server, action, {}, 422, /actionContext/);
    await expectRefusal(server, action, { actionContext: '@{DryRun=False}' }, 422, /actionContext.*-Depth/);
    await expectRefusal(server, action, { actionContext: 5 }, 422, /actionContext must be an object/);
  }
});

test.each<[string, unknown, RegExp]>([
  ['no operation', withContext({ Operation: null }), /Operation must be grant, update or revoke/],
  ['the operation of account scripts', withContext({ Operation: 'undefined' }), /Operation must be/],
  [
    'a truncated sub-permission',
    withContext({ CurrentPermissions: ['@{DisplayName=x; Reference=}'] }),
    /CurrentPermissions\.0.*-Depth/,
  ],
  ['a truncated list', withContext({ CurrentPermissions: 'System.Object[]' }), /CurrentPermissions.*-Depth/],
  [
    'a truncated key',
    withContext({ CurrentPermissions: [{ DisplayName: 'x', Reference: '@{Id=x}' }] }),
    /Reference.*-Depth/,
  ],
  ['a list as a key', withContext({ CurrentPermissions: [{ Reference: { Id: ['x'] } }] }), /Id must be text/],
  ['truncated references', withContext({ References: '@{Account=SC-1}' }), /References.*-Depth/],
  ['a truncated account reference', withContext({ References: { Account: '@{id=SC-1}' } }), /Account.*-Depth/],
  [
    'a truncated permission reference',
    withContext({ References: { Account: 'SC-1', Permission: '@{Reference=x}' } }),
    /Permission.*-Depth/,
  ],
  ['a preview flag that is neither', withContext({ DryRun: 'maybe' }), /DryRun must be true or false/],
  ['a member in two casings', withContext({ dryrun: true }), /DryRun twice/],
  ['truncated contracts', subPermissionsBody('update', 'System.Object[]'), /Contracts.*-Depth/],
  ['a truncated contract', subPermissionsBody('update', ['@{Context=; ExternalId=1}']), /Contracts\.0.*-Depth/],
  [
    'a truncated department',
    subPermissionsBody('update', [{ ...contract('1'), Department: '@{DisplayName=x}' }]),
    /Department.*-Depth/,
  ],
  ['an emptied condition', subPermissionsBody('update', [{ ...contract('1'), Context: '' }]), /Context.*-Depth/],
  ['a number that lost digits', withContext({ References: { Account: 2 ** 60 } }), /too large to be exact/],
])('sub-permissions with %s are refused and change nothing', async (_what, body, message) => {
  await expectRefusal(await started(), 'sub-permissions', body, 422, message);
});

test.each<[string, string, unknown, RegExp]>([
  ['grant-permission', 'a truncated permission', permissionBody('@{Reference=reader}'), /Permission.*-Depth/],
  [
    'grant-permission',
    'a list as a permission',
    permissionBody(['reader']),
    /Permission is a list; send the one reference/,
  ],
  ['revoke-permission', 'a truncated account', permissionBody('reader', '@{id=SC-1}'), /Account.*-Depth/],
  [
    'revoke-permission',
    'a preview flag that is neither',
    permissionBody('reader', 'SC-1', 'perhaps' as never),
    /DryRun/,
  ],
  ['permissions', 'an unknown kind', { actionContext: {}, kind: 'both' }, /kind must be dynamic or static/],
  ['import-permissions', 'an unknown kind', { actionContext: {}, kind: 7 }, /kind must be dynamic or static/],
  [
    'import-accounts',
    'truncated fields',
    { actionContext: { ImportFields: 'System.Object[]' } },
    /ImportFields.*-Depth/,
  ],
  ['import-accounts', 'a field that is none', { actionContext: { ImportFields: ['x'.repeat(201)] } }, /ImportFields/],
  ['import-accounts', 'too many fields', { actionContext: { ImportFields: Array(201).fill('x') } }, /more than 200/],
  ['uniqueness', 'truncated data', { actionContext: { Data: '@{email=x}' } }, /Data.*-Depth/],
  [
    'resources',
    'a truncated context',
    { actionContext: {}, resourceContext: '@{SourceData=}' },
    /resourceContext.*-Depth/,
  ],
])('%s with %s is refused and changes nothing', async (action, _what, body, message) => {
  await expectRefusal(await started(), action, body, 422, message);
});

test.each([
  ['no key', null, 401],
  ['a wrong key', 'wrong-key-wrong-key-wrong', 401],
  ["a viewer's key", viewerKey, 403],
])('every action with %s is refused before its body is looked at', async (_what, key, status) => {
  const server = await testServer();
  for (const action of [...writing, ...reading])
    expect([action, (await server.post(`helloid/${action}`, '{', { key })).status]).toEqual([action, status]);
});

test('an agent and an operator may call every action', async () => {
  const server = await testServer();
  for (const action of [...writing, ...reading])
    for (const key of [agentKey, operatorKey]) {
      const body = { ...subPermissionsBody('revoke', null), kind: 'static' };
      expect([action, (await server.post(`helloid/${action}`, body, { key })).status]).toEqual([action, 200]);
    }
});

test('keys in any casing, bare objects, numbers, typed dates and nulls are understood', async () => {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  await act(server, 'create', createBody(1));
  const { Context, StartDate, ...rest } = contract('1-1', ['Zorg', 'D1'], ['Lezer', 'L1']);
  const sent = {
    ...rest,
    Department: { DISPLAYNAME: 'Zorg', externalid: 310 },
    startdate: '/Date(1551398400000)/',
    context: { inconditions: 'True' },
  };
  const body = {
    ACTIONCONTEXT: {
      operation: ' UPDATE ',
      dryrun: null,
      references: { ACCOUNT: 'SC-1', permission: null },
      currentpermissions: { displayname: 'Oud', reference: { ID: '310|L1' } },
      Origin: null,
    },
    PersonContext: { PERSON: { CONTRACTS: sent } },
  };
  expect([Context.InConditions, StartDate]).toEqual([true, '2019-03-01T00:00:00Z']);
  expect(await act(server, 'sub-permissions', body)).toMatchObject({
    Success: true,
    SubPermissions: [{ DisplayName: 'Zorg - L1', Reference: { Id: '310|L1' } }],
  });
  expect((await server.get('accounts/SC-1')).json).toMatchObject({
    roles: [{ oucode: '310', startDate: '2019-03-01T00:00:00Z' }],
  });
});

test('a list of sub-permissions without keys is passed over, and one without a list is nothing', async () => {
  const server = await started();
  for (const CurrentPermissions of [
    null,
    undefined,
    [],
    [{}],
    [{ Reference: null }],
    [{ DisplayName: 'x', Reference: {} }],
  ]) {
    const body = subPermissionsBody('update', [contract('1-1')]);
    const output = await act(server, 'sub-permissions', {
      ...body,
      actionContext: { ...body.actionContext, CurrentPermissions },
    });
    expect(output.SubPermissions.map(({ Reference }) => Reference.Id)).toEqual(['D0310|TL-ZORG']);
  }
});

test('a person whose contracts have all ended, though in conditions, keeps what HelloID says', async () => {
  const server = await started();
  const ended = { ...contract('1-1'), EndDate: '2020-01-01T00:00:00Z' };
  expect(
    await act(server, 'sub-permissions', subPermissionsBody('update', [ended], { current: ['D0310|TL-ZORG'] })),
  ).toMatchObject({
    Success: true,
    SubPermissions: [{ Reference: { Id: 'D0310|TL-ZORG' } }],
  });
});

test('a name of sub-permissions that fills the body is cut in the log', async () => {
  const server = await started();
  const current: [string, string][] = [['gone|x', 'x'.repeat(3_000_000)]];
  const output = await act(server, 'sub-permissions', subPermissionsBody('update', [], { current }));
  expect(output.AuditLogs[0]?.Message).toBe(`Revoked role [Thuiszorg Noord - TL-ZORG]`);
  expect(output.AuditLogs[1]?.Message).toBe(`Revoked role [${'x'.repeat(100)}]`);
});
