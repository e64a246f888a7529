import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { act, permissionBody, rolesOf } from '../actions.ts';
import { contract, createBody, eventCount, temporaryFolder, testServer, updateBody } from '../helpers.ts';

const table = `reference,unit,profile,name
approver,Directie & Staf,FIAT,Fiatteur
reader,Inkoop & Facilitair,LEZER,
`;

/** A server with a catalogue of two roles and one account, SC-1. */
async function started(policy: object = {}) {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(catalogue, table);
  const server = await testServer({ policy: { roles: { catalogue, ...policy } } });
  await act(server, 'create', createBody(1, {}, []));
  return { server, catalogue };
}

test.each(['account', 'permissions'])('in role mode "%s" a static role is granted and revoked', async (assignedBy) => {
  const { server } = await started({ assignedBy });
  expect(await act(server, 'grant-permission', permissionBody({ Reference: 'approver' }))).toEqual({
    Success: true,
    AuditLogs: [{ Action: 'GrantPermission', Message: 'Granted role [Fiatteur]', IsError: false }],
  });
  expect((await server.get('accounts/SC-1')).json).toMatchObject({
    roles: [
      { ou: 'Directie & Staf', functiecode: 'FIAT', contract: '', permission: 'approver', assignedBy: 'catalogue' },
    ],
  });
  expect(await act(server, 'revoke-permission', permissionBody({ Reference: 'approver' }))).toEqual({
    Success: true,
    AuditLogs: [
      { Action: 'RevokePermission', Message: 'Revoked role [A role]. Origin: [enforcement]', IsError: false },
    ],
  });
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
});

test('granting twice and revoking twice succeed and write once', async () => {
  const { server } = await started();
  const outcomes = [];
  for (const action of ['grant-permission', 'grant-permission', 'revoke-permission', 'revoke-permission'])
    outcomes.push((await act(server, action, permissionBody('reader'))).Success);
  expect(outcomes).toEqual([true, true, true, true]);
  const { history } = (await server.get('accounts/SC-1')).json as { history: { outcome: string }[] };
  expect(history.map(({ outcome }) => outcome)).toEqual(['unchanged', 'revoked', 'unchanged', 'granted', 'created']);
});

test('a role that contracts lead to as well stays until both have let it go', async () => {
  const { server } = await started();
  await act(
    server,
    'update',
    updateBody('SC-1', {}, [contract('1-1', ['Directie & Staf', 'D0500'], ['Fiatteur', 'FIAT'])]),
  );
  await act(server, 'grant-permission', permissionBody('approver'));
  await act(server, 'revoke-permission', permissionBody('approver'));
  expect(await rolesOf(server, 'SC-1')).toEqual(['D0500|FIAT by account']);
  await act(server, 'grant-permission', permissionBody('approver'));
  await act(server, 'update', updateBody('SC-1', {}, []));
  expect(await rolesOf(server, 'SC-1')).toEqual(['Directie & Staf|FIAT by catalogue']);
});

test('a person who comes back has none of the former static roles', async () => {
  const { server } = await started();
  await act(server, 'grant-permission', permissionBody('approver'));
  await act(server, 'delete', updateBody('SC-1', null));
  expect(await act(server, 'revoke-permission', permissionBody('approver'))).toMatchObject({ Success: true });
  await act(server, 'create', createBody(1, {}, []));
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
});

test('granting to an unknown person fails, revoking from one succeeds', async () => {
  const { server } = await started();
  expect(await act(server, 'grant-permission', permissionBody('approver', 'SC-404'))).toMatchObject({
    Success: false,
    AuditLogs: [{ Action: 'GrantPermission', IsError: true, Message: expect.stringContaining('[SC-404]') as string }],
  });
  expect(await act(server, 'revoke-permission', permissionBody('approver', 'SC-404'))).toMatchObject({
    Success: true,
    AuditLogs: [{ Action: 'RevokePermission', IsError: false }],
  });
});

test.each([
  ['another system', 'CN=Finance,OU=Groups', /\[CN=Finance,OU=Groups\].*catalogue/],
  ['the roles per contract', 'contract-roles', /\[contract-roles\]/],
  ['nothing', null, /References\.Permission/],
  ['a blank', { Reference: ' ' }, /References\.Permission/],
])('a grant with the permission reference of %s fails and says so', async (_what, permission, message) => {
  const { server } = await started();
  expect(await act(server, 'grant-permission', permissionBody(permission))).toMatchObject({
    Success: false,
    AuditLogs: [{ IsError: true, Message: expect.stringMatching(message) as string }],
  });
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
});

test.each(['grant-permission', 'revoke-permission'])(
  '%s without an account reference fails instead of guessing',
  async (action) => {
    const { server } = await started();
    expect(await act(server, action, permissionBody('approver', null))).toMatchObject({
      Success: false,
      AuditLogs: [{ IsError: true }],
    });
  },
);

test('without a catalogue nothing can be granted', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  expect(await act(server, 'grant-permission', permissionBody('approver'))).toMatchObject({ Success: false });
});

test('references come as text or as an object in any casing', async () => {
  const { server } = await started();
  for (const permission of ['reader', { Reference: 'reader' }, { rEFERENCE: 'reader' }])
    expect(await act(server, 'grant-permission', permissionBody(permission, { id: 'SC-1' }))).toMatchObject({
      Success: true,
    });
  expect(await rolesOf(server, 'SC-1')).toEqual(['Inkoop & Facilitair|LEZER by catalogue']);
});

test('a preview writes nothing', async () => {
  const { server } = await started();
  const events = eventCount(server.app.config.dataDir);
  expect(await act(server, 'grant-permission', permissionBody('reader', 'SC-1', true))).toMatchObject({
    Success: true,
    AuditLogs: [{ Message: '[DryRun] Would grant role [Inkoop & Facilitair - LEZER]' }],
  });
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
  expect(eventCount(server.app.config.dataDir)).toBe(events);
});

test('a changed line is taken over by the next grant, and a role whose line is gone can still be revoked', async () => {
  const { server, catalogue } = await started();
  await act(server, 'grant-permission', permissionBody('approver'));
  writeFileSync(catalogue, table.replace('FIAT', 'FIAT-2'));
  expect(await act(server, 'grant-permission', permissionBody('approver'))).toMatchObject({
    AuditLogs: [{ Message: 'Changed role [Fiatteur] to what the catalogue says now' }],
  });
  expect(await rolesOf(server, 'SC-1')).toEqual(['Directie & Staf|FIAT-2 by catalogue']);
  writeFileSync(catalogue, 'reference,unit,profile,name\n');
  expect(await act(server, 'grant-permission', permissionBody('approver'))).toMatchObject({ Success: false });
  expect(await act(server, 'revoke-permission', permissionBody('approver'))).toMatchObject({ Success: true });
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
});

test('the list shows the catalogue, with a name for each', async () => {
  const { server } = await started();
  expect(await act(server, 'permissions', { actionContext: {}, kind: 'static' })).toEqual({
    Permissions: [
      { DisplayName: 'Fiatteur', Identification: { Reference: 'approver' } },
      { DisplayName: 'Inkoop & Facilitair - LEZER', Identification: { Reference: 'reader' } },
    ],
  });
  expect(await act(server, 'permissions', { actionContext: {} })).toEqual({ Permissions: [] });
});

test('a broken catalogue is told by file and line, stops what needs it and nothing else', async () => {
  const { server, catalogue } = await started();
  await act(server, 'grant-permission', permissionBody('approver'));
  const events = eventCount(server.app.config.dataDir);
  writeFileSync(catalogue, `${table}approver,Zorg,,Nog een\n`);
  for (const [action, body] of [
    ['permissions', { actionContext: {}, kind: 'static' }],
    ['import-permissions', { actionContext: {}, kind: 'static' }],
    ['grant-permission', permissionBody('reader')],
  ] as const) {
    const { status, json } = await server.post(`helloid/${action}`, body);
    expect([action, status]).toEqual([action, 503]);
    expect(json).toEqual({
      code: 'broken-table',
      message: expect.stringMatching(/rollen\.csv line 4: profile is empty; rollen\.csv line 4: .*line 2/) as string,
    });
  }
  expect(eventCount(server.app.config.dataDir)).toBe(events);
  expect(await act(server, 'revoke-permission', permissionBody('approver'))).toMatchObject({ Success: true });
  expect(await act(server, 'create', createBody(2))).toMatchObject({ Success: true });
  writeFileSync(catalogue, table);
  expect(await act(server, 'grant-permission', permissionBody('reader'))).toMatchObject({ Success: true });
  rmSync(catalogue);
  expect((await server.post('helloid/permissions', { actionContext: {}, kind: 'static' })).json).toMatchObject({
    message: expect.stringContaining('there is no file') as string,
  });
});

test('a connector starts with a broken catalogue, because accounts do not need it', async () => {
  const catalogue = join(temporaryFolder(), 'nowhere.csv');
  const server = await testServer({ policy: { roles: { catalogue } } });
  expect(await act(server, 'create', createBody(1))).toMatchObject({ Success: true });
  expect((await server.post('helloid/grant-permission', permissionBody('x'))).status).toBe(503);
});
