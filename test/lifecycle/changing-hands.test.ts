import { expect, test } from 'vitest';
import { act, permissionBody, rolesOf, runNow, subPermissionsBody } from '../actions.ts';
import { spendcloud } from '../cli/command.ts';
import { contract, createBody, testServer, updateBody, type TestServer } from '../helpers.ts';

interface Output {
  Success: boolean;
  AccountReference: string;
  AuditLogs: { Message: string; IsError: boolean }[];
}

const byNumber = {
  spendCloud: { personKey: 'externalId' },
  files: {
    persons: {
      columns: [
        { header: 'nr', field: 'externalId' },
        { header: 'gebruikersnaam', field: 'gebruikersnaam' },
      ],
    },
    roles: {
      columns: [
        { header: 'nr', field: 'externalId' },
        { header: 'ou', field: 'ou' },
        { header: 'f', field: 'functiecode' },
      ],
    },
  },
};
const why = { by: 'F. Bakker', reason: 'number given out again' };

/** The same body, sent for a person of HelloID's. */
function asPerson<Body extends object>(ExternalId: string, body: Body): Body {
  const { personContext } = body as { personContext?: { Person?: object } | null };
  return { ...body, personContext: { ...personContext, Person: { ...personContext?.Person, ExternalId } } };
}

async function said(
  server: TestServer,
  action: string,
  body: object,
): Promise<{ ok: boolean; text: string; reference: string }> {
  const { Success, AuditLogs, AccountReference } = await act<Output>(server, action, body);
  return { ok: Success, text: AuditLogs.map(({ Message }) => Message).join('; '), reference: AccountReference };
}

async function findingsOf(server: TestServer): Promise<string[]> {
  return (await runNow(server)).findings.map(({ code, reference }) => `${code} ${reference ?? ''}`);
}

test('a number that is in the files for somebody else is taken until Spend Cloud has the new one, and then like a username', async () => {
  const server = await testServer({ policy: byNumber });
  for (const number of [1, 2, 3]) await act(server, 'create', createBody(number));
  await runNow(server);
  await act(server, 'update', updateBody('SC-1', { externalId: '900' }));

  expect(await said(server, 'create', createBody(1, { gebruikersnaam: 'new', email: null }))).toMatchObject({
    ok: false,
    text: expect.stringContaining('externalId [1] is in the files for [SC-1]') as string,
  });
  expect((await said(server, 'update', updateBody('SC-2', { externalId: '1' }))).ok).toBe(false);
  expect(await act(server, 'uniqueness', createBody(1, { gebruikersnaam: 'new', email: null }))).toMatchObject({
    NonUniqueFields: ['externalId'],
  });

  await server.post('accounts/SC-1/accept-username', why);
  await runNow(server);
  const refused = await said(server, 'create', createBody(1, { gebruikersnaam: 'new', email: null }));
  expect(refused.text).toContain('was delivered to Spend Cloud before for [SC-1]');
  await server.post('usernames/new/allow', { externalId: '1', ...why });
  expect(await said(server, 'create', createBody(1, { gebruikersnaam: 'new', email: null }))).toMatchObject({
    ok: true,
    reference: 'SC-1.2',
  });
});

test('where Spend Cloud knows people by their usernames, a number in the files is free after the next delivery', async () => {
  const { files } = byNumber;
  const withName = [...files.roles.columns, { header: 'g', field: 'gebruikersnaam' }];
  const server = await testServer({ policy: { files: { ...files, roles: { columns: withName } } } });
  await act(server, 'create', createBody(1));
  await runNow(server);
  await act(server, 'update', updateBody('SC-1', { externalId: '900' }));
  const another = createBody(1, { gebruikersnaam: 'new', email: null });
  expect((await said(server, 'create', another)).ok).toBe(false);
  await runNow(server);
  expect(await said(server, 'create', another)).toMatchObject({ ok: true, reference: 'SC-1.2' });
});

test.each(['disable', 'delete'])(
  '%s by the number of another account, or by an earlier one, changes nothing',
  async (action) => {
    const server = await testServer();
    await act(server, 'create', createBody(1));
    await act(server, 'create', createBody(2));
    const ofAnother = await said(server, action, updateBody('SC-1', { externalId: '2' }));
    expect(ofAnother).toMatchObject({
      ok: false,
      text: expect.stringContaining('[2], which is that of [SC-2]') as string,
    });
    expect(ofAnother.text).toContain('unmanage');

    await act(server, 'update', updateBody('SC-1', { externalId: '900' }));
    const earlier = await said(server, action, updateBody('SC-1', { externalId: '1' }));
    expect(earlier).toMatchObject({
      ok: false,
      text: expect.stringContaining('[1], which [SC-1] had before') as string,
    });
    expect(earlier.text).toContain('number [900]');
    const { enabled, deletedAt, history } = (await server.get('accounts/SC-1')).json as {
      enabled: boolean;
      deletedAt: string | null;
      history: { outcome: string; success: boolean }[];
    };
    expect({ enabled, deletedAt }).toEqual({ enabled: true, deletedAt: null });
    expect(history[0]).toMatchObject({ outcome: 'other-number', success: false });
    expect(await findingsOf(server)).toContain('other-number SC-1');

    expect((await said(server, action, updateBody('SC-1', { externalId: 'never seen' }))).ok).toBe(true);
  },
);

test('a person of HelloID is compared with the persons this account was called for, never with its number', async () => {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  await act(server, 'create', asPerson('HR-7', createBody(1)));
  await act(server, 'create', asPerson('1', createBody(2)));
  await act(server, 'sub-permissions', asPerson('HR-7', subPermissionsBody('grant', [contract('1-1')])));

  const changed = await said(server, 'update', asPerson('HR-8', updateBody('SC-1', { voornaam: 'Bea' })));
  expect(changed.text).toContain('for person [HR-7] before and for person [HR-8] now');
  expect(await said(server, 'disable', asPerson('HR-7', updateBody('SC-1', null)))).toMatchObject({ ok: false });
  expect(await said(server, 'disable', asPerson('1', updateBody('SC-1', null)))).toMatchObject({ ok: false });

  const revoked = await said(server, 'sub-permissions', asPerson('HR-7', subPermissionsBody('revoke', [])));
  expect(revoked).toMatchObject({ ok: false, text: expect.stringContaining('[HR-7]') as string });
  expect(await rolesOf(server, 'SC-1')).toHaveLength(1);
  expect((await said(server, 'sub-permissions', asPerson('HR-8', subPermissionsBody('revoke', [])))).ok).toBe(true);
  expect((await said(server, 'revoke-permission', asPerson('HR-7', permissionBody('any')))).ok).toBe(false);

  await act(server, 'update', asPerson('HR-7', updateBody('SC-1', { voornaam: 'Anna' })));
  expect(await findingsOf(server)).toContain('shared-account SC-1');
  expect((await said(server, 'delete', updateBody('SC-1', null))).ok).toBe(true); // reconciliation names nobody
});

test('an operator disables and deletes whatever HelloID was refused', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'update', updateBody('SC-1', { externalId: '900' }));
  await act(server, 'delete', updateBody('SC-1', { externalId: '1' }));
  expect((await server.post('accounts/SC-1/disable', why)).json).toMatchObject({ enabled: false });
  expect(await findingsOf(server)).not.toContain('other-number SC-1');
});

test('a leaver with a reference that nobody ever had is a finding while the number has an account', async () => {
  const server = await testServer();
  await act(server, 'create', asPerson('P1', createBody(1)));
  await act(server, 'create', asPerson('P2', createBody(2)));
  expect(await said(server, 'delete', updateBody('S-OLD-1', { externalId: '1' }))).toMatchObject({ ok: true });
  expect(await said(server, 'disable', asPerson('P2', updateBody('S-OLD-2', null)))).toMatchObject({ ok: true });
  expect((await said(server, 'delete', updateBody('S-OLD-3', { externalId: '3' }))).text).not.toContain('has account');
  const found = await findingsOf(server);
  expect(found).toEqual(expect.arrayContaining(['unknown-leaver SC-1', 'unknown-leaver SC-2']));
  await server.post('accounts/SC-1/disable', why);
  await act(server, 'update', asPerson('P2', updateBody('SC-2', { voornaam: 'Bea' }))); // HelloID knows the account after all
  expect((await findingsOf(server)).filter((finding) => finding.startsWith('unknown-leaver'))).toEqual([]);
});

test('a number that was given out again makes a new account once an operator says so', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2));
  await act(server, 'update', updateBody('SC-1', { achternaam: 'de Wit' }));
  await runNow(server);
  await act(server, 'delete', updateBody('SC-1', null));

  const stranger = createBody(1, { voornaam: 'Bo', achternaam: 'Visser', gebruikersnaam: 'bvisser', email: null });
  const refused = await said(server, 'create', stranger);
  expect(refused).toMatchObject({ ok: false, text: expect.stringContaining('spendcloud account renew 1') as string });
  expect((await server.post('accounts/SC-2/renew', why)).status).toBe(409);
  expect((await server.post('accounts/SC-1/renew', why)).status).toBe(200);
  expect((await server.post('accounts/SC-1/renew', why)).status).toBe(409);

  expect(await said(server, 'create', stranger)).toMatchObject({ ok: true, reference: 'SC-1.2' });
  expect((await server.get('accounts/SC-1')).json).toMatchObject({ deletedAt: expect.any(String) as string });
  const again = createBody(3, { gebruikersnaam: 'p1', email: null });
  expect((await said(server, 'create', again)).text).toContain('delivered to Spend Cloud before for [SC-1]');
});

test('the command gives a number free once, and names what stays closed', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'delete', updateBody('SC-1', null));
  const words = ['account', 'renew', '1', '--by', why.by, '--reason', why.reason];
  const done = await spendcloud(server.app.config.dataDir, words);
  expect([done.code, done.output]).toEqual([0, expect.stringContaining('SC-1 stays closed') as string]);
  expect(await spendcloud(server.app.config.dataDir, words)).toMatchObject({ code: 2 });
  expect((await server.get('audit?action=renew-account')).json).toMatchObject({
    entries: [{ reference: 'SC-1', externalId: '1', ...why }],
  });
});

test.each([
  ['username', { voornaam: 'Bo', achternaam: 'Visser', gebruikersnaam: 'P1 ' }],
  ['first name', { achternaam: 'Visser', gebruikersnaam: 'other' }],
  ['last name of long ago', { voornaam: 'Bo', achternaam: 'Jansen 1', gebruikersnaam: 'other' }],
])('who comes back with the same %s is the same person', async (_what, data) => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'update', updateBody('SC-1', { achternaam: 'de Wit' }));
  await act(server, 'delete', updateBody('SC-1', null));
  expect(await said(server, 'create', createBody(1, data))).toMatchObject({ ok: true, reference: 'SC-1' });
});
