import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  clockAt,
  createBody,
  temporaryFolder,
  testServer,
  updateBody,
  viewerKey,
  type TestServer,
} from '../helpers.ts';

const why = { by: 'Fenna', reason: 'checked with HR' };
const overviewOf = async (server: TestServer) =>
  (await server.get('overview', viewerKey)).json as Record<string, Record<string, unknown>>;

test('before the first action it says that nothing ever came, and who asks', async () => {
  const server = await testServer({ now: clockAt('2026-11-23T10:00:00.000Z').now });
  const overview = await overviewOf(server);
  expect(overview).toMatchObject({
    me: { name: 'VIEWER_KEY', scope: 'viewer' },
    now: '2026-11-23T10:00:00.000Z',
    settings: { language: 'auto', personKey: 'gebruikersnaam', files: ['Users.csv', 'Roles.csv'] },
    paused: null,
    nextDueAt: '2026-11-24T04:30:00.000Z',
    lastDelivered: null,
    current: null,
    health: { status: 'ok', reasons: [] },
    waiting: { runs: [], usernames: { total: 0, first: [] }, findings: { run: null, unseen: 0, total: 0 } },
    accounts: { enabled: 0, disabled: 0 },
    roles: 0,
    helloId: { lastCall: null, everCreated: false },
    backup: null,
  });
  expect((await server.get('overview')).json).toMatchObject({ me: { name: 'OPERATOR_KEY', scope: 'operator' } });
});

test('after a delivery it says what went out, whom a changed username waits for, and what nobody has looked at', async () => {
  const server = await testServer({ now: clockAt('2026-11-23T10:00:00.000Z').now });
  for (const number of [1, 2, 3]) await server.post('helloid/create', createBody(number, { email: null }));
  await server.post('helloid/disable', updateBody('SC-3', {}));
  await server.post('exports');
  await server.app.daily.settled();
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'other' }));
  const [finding] = (await server.app.runs.find(1))?.findings ?? [];
  await server.post('findings/seen', { ...finding, by: 'Fenna' });
  await server.post('pause', why);
  expect(await overviewOf(server)).toMatchObject({
    paused: why,
    lastDelivered: { id: 1, trigger: 'manual', persons: 2, roles: 2, effect: { persons: { added: 2 } } },
    waiting: {
      usernames: { total: 1, first: [{ reference: 'SC-1', before: 'p1', after: 'other' }] },
      findings: { run: 1, unseen: 1, total: 2 },
    },
    accounts: { enabled: 2, disabled: 1 },
    roles: 3,
    helloId: { lastCall: '2026-11-23T10:00:00.000Z', everCreated: true },
  });
});

test('a run that a pause keeps here is told as such, and one that is being made goes before it', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  await server.post('pause', why);
  await server.post('exports');
  await server.app.daily.settled();
  expect((await overviewOf(server)).current).toMatchObject({ id: 1, state: 'waiting', phase: 'paused' });
  const second = await server.app.runs.create('manual', null);
  expect((await overviewOf(server)).current).toMatchObject({ id: second?.id, phase: 'waiting' });
  await server.app.runs.move(2, ['waiting'], { state: 'delivering' });
  expect((await overviewOf(server)).current).toMatchObject({ id: 1, phase: 'paused' });
  await server.app.runs.startAttempt(2);
  expect((await overviewOf(server)).current).toMatchObject({ id: 2, phase: 'sending' });
});

test('a failed run is told with what to do next, and health tells the same', async () => {
  const DATA_DIR = temporaryFolder();
  writeFileSync(join(DATA_DIR, 'outbox'), 'a file where the folder should be');
  const server = await testServer({ environment: { DATA_DIR } });
  await server.post('helloid/create', createBody(1));
  await server.post('exports');
  await server.app.daily.settled();
  const { health, waiting } = await overviewOf(server);
  expect(waiting).toMatchObject({ runs: [{ id: 1, state: 'failed' }] });
  expect(health).toMatchObject({ status: 'unhealthy', reasons: [{ code: 'run', run: 1, at: null }] });
  const [{ reason, next }] = health?.reasons as [{ reason: string; next: string }];
  expect(next).toContain('spendcloud');
  expect(reason).toMatch(/^Run 1 is failed: \S/); // the whole of it, for those with a key
  expect((await server.get('health', null)).json).toMatchObject({
    status: 'unhealthy',
    reasons: ['Run 1 is failed; see /api/exports/1'],
  });
});
