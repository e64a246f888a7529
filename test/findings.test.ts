import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow } from './actions.ts';
import { clockAt, contract, createBody, testServer, updateBody, viewerKey, type TestServer } from './helpers.ts';

const outbox = (server: TestServer, name: string) => readFileSync(join(server.app.config.dataDir, 'outbox', name));
const why = { by: 'Fenna', reason: 'checked' };

test('what is odd about single persons is found, and holds nothing', async () => {
  const server = await testServer({ policy: { accounts: { duplicateEmail: 'report', usernameReuse: 'report' } } });
  await server.post('helloid/create', createBody(1, { email: '', achternaam: null }));
  await server.post('helloid/create', createBody(2));
  await server.post(
    'helloid/create',
    createBody(3, { email: 'P2@waterrijk-zorg.example' }, [{ ...contract('3-1'), Department: null }]),
  );
  await server.post('helloid/create', createBody(4, { gebruikersnaam: 'former' }));
  expect((await runNow(server)).state).toBe('delivered');
  await server.post('helloid/delete', updateBody('SC-4', null));
  await server.post('helloid/create', createBody(5, { gebruikersnaam: 'Former', email: 'p4@waterrijk-zorg.example' }));
  await server.post('helloid/update', updateBody('SC-2', { gebruikersnaam: 'p2new' }));
  await server.post('helloid/enable', updateBody('SC-1', {}));
  const run = await runNow(server);
  expect(run.state).toBe('delivered');
  expect(run.findings.map(({ code, reference }) => `${code} ${reference ?? ''}`).sort()).toEqual([
    'contract-without-role SC-3',
    'empty-email SC-1',
    'empty-last-name SC-1',
    'enable-while-created-enabled ',
    'pending-username SC-2',
    'reused-username SC-5',
    'shared-email SC-2',
    'shared-email SC-3',
    'shared-email SC-5',
  ]);
});

test('a finding keeps the time since when it is there, and goes below the new ones once an operator has seen it', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await testServer({ now: clock.now });
  await server.post('helloid/create', createBody(1, { email: null }));
  const first = await runNow(server);
  expect(first.findings).toMatchObject([{ code: 'empty-email', since: '2026-11-23T10:00:00.000Z', seen: null }]);
  clock.set('2026-11-24T10:00:00.000Z');
  await server.post('helloid/create', createBody(2, { email: null }));
  const [finding] = first.findings;
  expect((await server.post('findings/seen', { ...finding, by: 'Fenna' }, { key: viewerKey })).status).toBe(403);
  expect((await server.post('findings/seen', { code: 'x' })).status).toBe(422);
  expect((await server.post('findings/seen', { ...finding, by: 'Fenna' })).status).toBe(200);
  expect((await runNow(server)).findings).toMatchObject([
    { reference: 'SC-2', since: '2026-11-24T10:00:00.000Z', seen: null },
    { reference: 'SC-1', since: '2026-11-23T10:00:00.000Z', seen: { by: 'Fenna' } },
  ]);
});

test('a row that a changed encoding cannot hold goes out as delivered last, its roles too; who was never delivered is left out', async () => {
  const before = await testServer();
  await before.post('helloid/create', createBody(1, { voornaam: 'Renée', achternaam: 'Jansen' }));
  await before.post('helloid/create', createBody(2));
  expect((await runNow(before)).state).toBe('delivered');
  await before.post(
    'helloid/update',
    updateBody('SC-1', { voornaam: 'Łukasz', achternaam: 'Nieuw' }, [contract('1-9', ['Elders', 'D9'])]),
  );
  await before.post('helloid/create', createBody(3, { voornaam: 'Łucja' }));
  const files = { persons: { encoding: 'windows-1252' }, roles: { encoding: 'windows-1252' } };
  const server = await testServer({ policy: { files }, environment: { DATA_DIR: before.app.config.dataDir } });
  const run = await runNow(server);
  expect(run).toMatchObject({ state: 'delivered', effect: { persons: { total: 2, deactivated: 0 } } });
  expect(run.findings.map(({ code, reference }) => [code, reference])).toEqual(
    expect.arrayContaining([
      ['kept-row', 'SC-1'],
      ['cannot-be-written', 'SC-3'],
    ]),
  );
  expect(outbox(server, 'Users.csv').toString('latin1')).toContain('"Ren\xe9e";"";"Jansen"');
  expect(outbox(server, 'Roles.csv').toString('latin1')).toContain('"Thuiszorg Noord","p1","TL-ZORG"');
  await server.post('helloid/disable', updateBody('SC-1', null));
  expect(await runNow(server)).toMatchObject({ effect: { persons: { total: 1, deactivated: 1 } } });
});

const byNumber = {
  spendCloud: { personKey: 'externalId' },
  files: {
    persons: {
      columns: [
        { header: 'nummer', field: 'externalId' },
        { header: 'login', field: 'gebruikersnaam' },
      ],
    },
    roles: {
      columns: [
        { header: 'nummer', field: 'externalId' },
        { header: 'ou', field: 'ou' },
      ],
    },
  },
};

test('where Spend Cloud matches on the number, a changed number waits for an operator and a changed username does not', async () => {
  const server = await testServer({ policy: byNumber });
  await server.post('helloid/create', createBody(1));
  await server.post('helloid/create', createBody(2));
  expect((await runNow(server)).state).toBe('delivered');
  await server.post('helloid/update', updateBody('SC-1', { externalId: '91', gebruikersnaam: 'new1' }));
  const run = await runNow(server);
  expect(run).toMatchObject({
    state: 'delivered',
    effect: { persons: { changed: 1, renamed: 0 } },
    findings: [{ code: 'pending-external-id' }],
  });
  expect(outbox(server, 'Users.csv').toString()).toContain('"1";"new1"');
  expect((await server.get('accounts/SC-1')).json).toMatchObject({ pendingUsername: null, pendingExternalId: '91' });
  expect((await server.post('accounts/SC-1/accept-username', why)).json).toMatchObject({ pendingExternalId: null });
  expect(await runNow(server)).toMatchObject({
    state: 'delivered',
    effect: { persons: { renamed: 1, changed: 0 } },
    findings: [],
  });
  expect(outbox(server, 'Roles.csv').toString()).toContain('"91","Thuiszorg Noord"');
});

test('a frozen username cannot be accepted', async () => {
  const server = await testServer({ policy: { accounts: { username: 'freeze' } } });
  await server.post('helloid/create', createBody(1));
  await runNow(server);
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'new' }));
  const { status, json } = await server.post('accounts/SC-1/accept-username', why);
  expect([status, json]).toMatchObject([409, { message: expect.stringMatching(/freeze/) as string }]);
});
