import { expect, test } from 'vitest';
import { act } from '../actions.ts';
import { createBody, eventCount, testServer, updateBody, type TestServer } from '../helpers.ts';

interface Uniqueness {
  Success: boolean;
  NonUniqueFields: string[];
}

async function nonUnique(server: TestServer, Data: object, account: unknown = null): Promise<string[]> {
  const body = { actionContext: { Data, References: { Account: account }, Operation: 'create' } };
  const output = await act<Uniqueness>(server, 'uniqueness', body);
  expect(Object.keys(output)).toEqual(['Success', 'NonUniqueFields']);
  expect(output.Success).toBe(true);
  return output.NonUniqueFields;
}

/** Marks the username of an account as delivered, as the daily job does. */
async function delivered(server: TestServer, reference: string, username: string): Promise<void> {
  const id = (await server.app.accounts.find(reference))?.id ?? 0;
  await server.app.runs.rememberDelivered(1, '2026-01-01T00:00:00.000Z', [
    { account: id, username, externalId: '1', isActive: true },
  ]);
}

test('nothing is reported of values that nobody has, nor of empty ones', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1, { email: null }));
  expect(await nonUnique(server, createBody(2).actionContext.Data)).toEqual([]);
  expect(await nonUnique(server, { externalId: '2', email: null, gebruikersnaam: '' })).toEqual([]);
  expect(await nonUnique(server, {})).toEqual([]);
});

test('usernames and addresses of others are reported without regard to case, by the names of the request', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  expect(
    await nonUnique(server, { ExternalID: '2', EMAIL: 'P1@Waterrijk-Zorg.example', Gebruikersnaam: 'P1' }),
  ).toEqual(['Gebruikersnaam', 'EMAIL']);
});

test("one's own row is that of the reference, else that of the external id, living or deleted", async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2));
  const own = createBody(1).actionContext.Data;
  expect(await nonUnique(server, own, 'SC-1')).toEqual([]);
  expect(await nonUnique(server, own)).toEqual([]);
  expect(await nonUnique(server, own, 'SC-2')).toEqual(['externalId', 'gebruikersnaam', 'email']);
  await delivered(server, 'SC-1', 'p1');
  await act(server, 'delete', updateBody('SC-1', null));
  expect(await nonUnique(server, own)).toEqual([]);
  expect(await nonUnique(server, { gebruikersnaam: 'p1' }, 'SC-1')).toEqual([]);
  expect(await nonUnique(server, { gebruikersnaam: 'p1' }, 'SC-2')).toEqual(['gebruikersnaam']);
});

test('a name that is still the delivered one, and one ever delivered for someone else, are reported', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await delivered(server, 'SC-1', 'p1');
  await act(server, 'update', updateBody('SC-1', { gebruikersnaam: 'renamed' }));
  for (const gebruikersnaam of ['P1', 'renamed'])
    expect(await nonUnique(server, { externalId: '2', gebruikersnaam })).toEqual(['gebruikersnaam']);
  await act(server, 'delete', updateBody('SC-1', null));
  expect(await nonUnique(server, { externalId: '2', gebruikersnaam: 'P1' })).toEqual(['gebruikersnaam']);
  expect(await nonUnique(server, { externalId: '2', gebruikersnaam: 'renamed' })).toEqual([]);
});

test('what the settings only report is not refused here either', async () => {
  const accounts = { usernameReuse: 'report', duplicateEmail: 'report' };
  const server = await testServer({ policy: { accounts } });
  await act(server, 'create', createBody(1));
  await delivered(server, 'SC-1', 'p1');
  expect(await nonUnique(server, { externalId: '2', email: 'p1@waterrijk-zorg.example' })).toEqual([]);
  expect(await nonUnique(server, { externalId: '2', gebruikersnaam: 'p1' })).toEqual(['gebruikersnaam']);
  await act(server, 'delete', updateBody('SC-1', null));
  expect(await nonUnique(server, { externalId: '2', gebruikersnaam: 'p1' })).toEqual([]);
});

test('it reports exactly what create refuses', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  await delivered(server, 'SC-1', 'p1');
  await act(server, 'delete', updateBody('SC-1', null));
  await act(server, 'create', createBody(2));
  for (const data of [
    { gebruikersnaam: 'p1' },
    { gebruikersnaam: 'P2' },
    { email: 'p2@waterrijk-zorg.example' },
    { email: 'p1@waterrijk-zorg.example' },
    { gebruikersnaam: 'free' },
  ]) {
    const body = createBody(3, data);
    const fields = await nonUnique(server, body.actionContext.Data);
    const created = await act(server, 'create', { ...body, actionContext: { ...body.actionContext } });
    expect([data, created.Success]).toEqual([data, fields.length === 0]);
    for (const field of fields) expect(created.AuditLogs[0]?.Message).toContain(field);
    if (created.Success) await act(server, 'delete', updateBody('SC-3', null));
  }
});

test('it is a read and leaves no event', async () => {
  const server = await testServer();
  await nonUnique(server, createBody(1).actionContext.Data);
  expect(eventCount(server.app.config.dataDir)).toBe(0);
});
