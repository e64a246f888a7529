import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../../shared/app.ts';
import { silent } from '../../shared/log.ts';
import { migrate } from '../../shared/store/migrations.ts';
import { act, rolesOf } from '../actions.ts';
import { contract, createBody, temporaryFolder, testConfig, testServer, updateBody } from '../helpers.ts';

interface Output {
  Success: boolean;
  AccountReference: string;
  AccountCorrelated: boolean;
  AuditLogs: { Message: string }[];
}

test('a username, address or number that differs by what nobody sees is the same one', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(700));
  for (const data of [
    { gebruikersnaam: 'P700\u200b' },
    { gebruikersnaam: ' p700' },
    { email: 'p700@waterrijk-zorg.example ' },
  ])
    expect(await act<Output>(server, 'create', createBody(701, data))).toMatchObject({ Success: false });
  for (const number of ['700 ', '\ufeff700', '700\r\n'])
    expect(await act<Output>(server, 'create', createBody(number))).toMatchObject({
      AccountCorrelated: true,
      AccountReference: 'SC-700',
    });
  await act(server, 'delete', updateBody('SC-700', null));
  expect(await act<Output>(server, 'create', createBody('700 '))).toMatchObject({ AccountReference: 'SC-700' });
});

test('something invisible inside a username or number fails the action that brings it, and no later one', async () => {
  const server = await testServer();
  for (const data of [{ gebruikersnaam: 'p\u00ad1' }, { gebruikersnaam: 'p\n1' }, { externalId: '1\u200b0' }]) {
    const { Success, AuditLogs } = await act<Output>(server, 'create', createBody(1, data));
    expect(Success).toBe(false);
    expect(AuditLogs[0]?.Message).toMatch(/invisible character U\+/);
  }
  await act(server, 'create', createBody(1));
  expect(await act<Output>(server, 'update', updateBody('SC-1', { gebruikersnaam: 'p\u200b1' }))).toMatchObject({
    Success: false,
  });
  expect(await act<Output>(server, 'create', createBody(2, { gebruikersnaam: '\u200b' }))).toMatchObject({
    Success: false,
  });
});

test('two accounts of before that differ by a blank open, and each can be changed', async () => {
  const dataDir = temporaryFolder();
  const config = testConfig({ environment: { DATA_DIR: dataDir } });
  const db = new Database(join(dataDir, 'spendcloud.db'));
  migrate(db, 6);
  const add = db.prepare(
    `INSERT INTO accounts (id, reference, external_id, username, username_key, extra, enabled, created_at, changed_at, touched_at)
     VALUES (?, ?, ?, ?, ?, '{}', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`,
  );
  add.run(1, 'SC-1', '1', 'jan', 'jan');
  add.run(2, 'SC-2', '1 ', 'jan ', 'jan ');
  add.run(3, 'SC-3', '3 ', 'Piet\u200b', 'piet\u200b');
  db.close();

  const app = await openApp(config, { log: silent });
  const caller = { action: 'update' as const, key: 'test', origin: null, requestId: null, dryRun: false };
  const { updateAccount } = await import('../../shared/lifecycle/update.ts');
  for (const reference of ['SC-1', 'SC-2', 'SC-3']) {
    const request = { reference, wanted: { firstName: 'Bea' }, contracts: null, dryRun: false };
    expect(await updateAccount(app, request, caller)).toMatchObject({ success: true, kind: 'updated' });
  }
  expect((await app.accounts.claims(null, { externalId: '9', username: 'PIET' })).map(({ holder }) => holder)).toEqual([
    'SC-3',
  ]);
  expect((await app.accounts.claims('SC-1', { externalId: '3' })).map(({ holder }) => holder)).toEqual(['SC-3']);
  await app.close();
});

test('lists and dates as Windows PowerShell wraps them are read, and a list of references is refused', async () => {
  const server = await testServer();
  const two = [contract('1-1'), contract('1-2', ['Inkoop', 'D2'])];
  await act(server, 'create', createBody(1, {}, two));
  await act(server, 'update', updateBody('SC-1', {}, { value: two, Count: 2 }));
  expect(await rolesOf(server, 'SC-1')).toHaveLength(2);
  const dated = {
    ...contract('1-1'),
    StartDate: { value: '/Date(1577836800000)/', DisplayHint: 2, DateTime: '1 januari 2020' },
  };
  expect(await act<Output>(server, 'update', updateBody('SC-1', {}, [dated]))).toMatchObject({ Success: true });
  const { roles } = (await server.get('accounts/SC-1')).json as { roles: { startDate: string }[] };
  expect(roles.map(({ startDate }) => startDate)).toEqual(['2020-01-01T00:00:00Z']);
  const list = await server.post('helloid/delete', updateBody(['SC-1'], null));
  expect(list.status).toBe(422);
  expect(list.text).toContain('References.Account is a list');
});

test('contracts that do not say whether they are in conditions take no role away', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  const { Context: _, ...bare } = contract('1-1');
  for (const contracts of [[bare], [{ ...bare, Context: null }], [{ ...bare, Context: {} }]]) {
    const { Success, AuditLogs } = await act<Output>(server, 'update', updateBody('SC-1', {}, contracts));
    expect(Success).toBe(false);
    expect(AuditLogs[0]?.Message).toContain('contract(s) [1-1] do not say');
  }
  expect(await rolesOf(server, 'SC-1')).toHaveLength(1);
  expect(await act<Output>(server, 'delete', updateBody('SC-1', null, [bare]))).toMatchObject({ Success: true });
});

test('a unit of blanks is no unit', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1, {}, [contract('1-1', ['  ', ' \u200b'])]));
  expect(await rolesOf(server, 'SC-1')).toEqual([]);
});
