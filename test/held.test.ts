import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databasePath } from '../shared/store/open.ts';
import { runNow, type RunJson } from './actions.ts';
import {
  clockAt,
  createBody,
  temporaryFolder,
  testServer,
  updateBody,
  viewerKey,
  type TestOptions,
  type TestServer,
} from './helpers.ts';

const why = { by: 'Fenna', reason: 'checked with HR' };

async function runOf(server: TestServer, id: number): Promise<RunJson> {
  return (await server.get(`exports/${id}`)).json;
}

/** A server that has delivered a number of people once. */
async function delivered(people: number, options: TestOptions = {}): Promise<TestServer> {
  const server = await testServer(options);
  for (let number = 1; number <= people; number += 1) await server.post('helloid/create', createBody(number));
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  return server;
}

const outbox = (server: TestServer) => readFile(join(server.app.config.dataDir, 'outbox', 'Users.csv'), 'utf8');

test('a mass deactivation is held, nothing is sent, and health says so', async () => {
  const server = await delivered(11);
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  const run = await runNow(server);
  expect(run).toMatchObject({
    state: 'held',
    effect: { persons: { total: 6, deactivated: 5 }, roles: { removed: 5 } },
  });
  expect(run.reasons).toEqual([expect.stringMatching(/5 person\(s\) would be deactivated, of 11/)]);
  expect(run.effect.who).toMatchObject({ deactivated: [{ reference: 'SC-1', key: 'p1' }, {}, {}, {}, {}] });
  expect(await outbox(server)).toContain('"p5"');
  const health = await server.get('health', null);
  expect([health.status, health.json]).toMatchObject([503, { reasons: [expect.stringMatching(/is held/)] }]);
});

test('release sends exactly the bytes that were shown, with name and reason on record', async () => {
  const server = await delivered(11);
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  const held = await runNow(server);
  await server.post('helloid/enable', updateBody('SC-1', null)); // after it was shown
  expect((await server.post(`exports/${held.id}/release`, {})).status).toBe(422);
  expect((await server.post(`exports/${held.id}/release`, why, { key: viewerKey })).status).toBe(403);
  expect((await server.post(`exports/${held.id}/release`, why)).status).toBe(200);
  await server.app.daily.settled();
  expect(await runOf(server, held.id)).toMatchObject({
    state: 'delivered',
    files: held.files,
    decisions: [{ decision: 'release', ...why }],
  });
  expect(await outbox(server)).toContain('"p1";"Ja"');
  expect((await server.post(`exports/${held.id}/release`, why)).status).toBe(409);
});

test('a discarded run never goes, and the next due time makes another', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await delivered(11, { now: clock.now });
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  const held = await runNow(server);
  expect((await server.post(`exports/${held.id}/discard`, why)).json).toMatchObject({ state: 'discarded' });
  await server.app.daily.tick();
  expect(await outbox(server)).toContain('"p5"');
  expect((await server.get('health', null)).status).toBe(200);
  clock.set('2026-11-24T04:30:00.000Z');
  await server.app.daily.tick();
  expect((await server.get('exports')).json).toMatchObject({
    exports: [{ id: held.id + 1, state: 'held' }, { state: 'discarded' }, { state: 'delivered' }],
  });
});

test('a newer held run supersedes the earlier one, and a delivery supersedes both', async () => {
  const server = await delivered(11);
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  const [first, second] = [await runNow(server), await runNow(server)];
  expect((await runOf(server, first.id)).state).toBe('superseded');
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/enable', updateBody(`SC-${number}`, null));
  expect((await runNow(server)).state).toBe('delivered');
  expect((await runOf(server, second.id)).state).toBe('superseded');
  expect((await server.post(`exports/${second.id}/release`, why)).status).toBe(409);
});

test('a run that was held stays so when what follows cannot be written, and never goes by itself', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await delivered(11, { now: clock.now });
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  const earlier = await runNow(server);
  const db = new Database(databasePath(server.app.config.dataDir));
  db.exec(
    "CREATE TRIGGER broken BEFORE UPDATE ON runs WHEN NEW.state = 'superseded' BEGIN SELECT RAISE(ABORT, 'broken'); END",
  );
  const held = await runNow(server);
  db.exec('DROP TRIGGER broken');
  db.close();
  clock.set('2026-11-23T12:00:00.000Z');
  await server.app.daily.tick();
  expect([await runOf(server, earlier.id), await runOf(server, held.id)]).toMatchObject([
    { state: 'held' },
    { state: 'held', reasons: [expect.stringMatching(/would be deactivated/)] },
  ]);
  expect(await outbox(server)).toContain('"p5"');
});

test('the first delivery to a folder with files of another program is held', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'Users.csv'), 'from the old connector');
  const server = await testServer({ environment: { OUTBOX_DIR: folder } });
  await server.post('helloid/create', createBody(1));
  const run = await runNow(server);
  expect(run).toMatchObject({ state: 'held', reasons: [expect.stringMatching(/first delivery.*Users\.csv/)] });
  expect(await readFile(join(folder, 'Users.csv'), 'utf8')).toBe('from the old connector');
  await server.post(`exports/${run.id}/release`, why);
  await server.app.daily.settled();
  expect(await readFile(join(folder, 'Users.csv'), 'utf8')).toContain('"p1"');
  expect((await runNow(server)).state).toBe('delivered');
});

const column = (field: string) => ({ header: field, field });
/** Both files with both keys, so that each of these changes comes alone. */
const files = {
  persons: { columns: ['achternaam', 'gebruikersnaam', 'externalId'].map(column) },
  roles: { columns: ['ou', 'gebruikersnaam', 'externalId'].map(column) },
};
const otherColumns = { files: { ...files, persons: { columns: files.persons.columns.toReversed() } } };
const otherNames = { files: { ...files, roles: { ...files.roles, fileName: 'roles.csv' } } };
const otherKey = { files, spendCloud: { personKey: 'externalId' } };

test.each<[string, () => TestOptions, RegExp]>([
  ['columns', () => ({ policy: otherColumns }), /^The names or columns of the files changed$/],
  ['file name', () => ({ policy: otherNames }), /^The names or columns of the files changed$/],
  ['key', () => ({ policy: otherKey }), /^spendCloud.personKey changed from gebruikersnaam to externalId$/],
  ['destination', () => ({ policy: { files }, environment: { OUTBOX_DIR: temporaryFolder() } }), /^The destination/],
])('a change of %s is held once', async (_what, changed, reason) => {
  const first = await delivered(1, { policy: { files } });
  const { policy = {}, environment = {} } = changed();
  const server = await testServer({ policy, environment: { DATA_DIR: first.app.config.dataDir, ...environment } });
  const held = await runNow(server);
  expect(held).toMatchObject({ state: 'held', reasons: [expect.stringMatching(reason)] });
  await server.post(`exports/${held.id}/release`, why);
  await server.app.daily.settled();
  expect(await runOf(server, held.id)).toMatchObject({ state: 'delivered' });
  expect(await runNow(server)).toMatchObject({ state: 'delivered', reasons: [] });
});

test('a run that was held for one destination is judged again for another', async () => {
  const first = await delivered(1, { policy: { files } });
  const environment = { DATA_DIR: first.app.config.dataDir };
  const run = await runNow(await testServer({ policy: otherColumns, environment }));
  const elsewhere = { ...environment, OUTBOX_DIR: temporaryFolder() };
  const moved = await testServer({ policy: otherColumns, environment: elsewhere });
  expect((await moved.post(`exports/${run.id}/release`, why)).status).toBe(200);
  await moved.app.daily.settled();
  expect(await runOf(moved, run.id)).toMatchObject({
    state: 'held',
    reasons: [expect.stringMatching(/destination/), expect.stringMatching(/columns/)],
  });
});

test.each(['.persons.jsonl', '.manifest.json'])(
  'a held run whose %s was lost is rendered and judged again, and not sent without knowing whose rows it has',
  async (name) => {
    const server = await delivered(1);
    await server.post('helloid/update', updateBody('SC-1', {}, []));
    const held = await runNow(server);
    await server.post('helloid/create', createBody(2, {}, []));
    const path = join(server.app.config.dataDir, 'archive', String(held.id), name);
    writeFileSync(path, '');
    await server.post(`exports/${held.id}/release`, why);
    await server.app.daily.settled();
    expect(await runOf(server, held.id)).toMatchObject({ state: 'held', effect: { persons: { total: 2 } } });
    expect(await readFile(path, 'utf8')).toContain(name === '.manifest.json' ? 'Users.csv' : 'SC-2');
  },
);

test('a run that arrived at one destination, and is made again for another, is sent there too', async () => {
  const first = await delivered(1);
  await first.post('helloid/update', updateBody('SC-1', {}, []));
  const { id } = await runNow(first);
  const { runs } = first.app;
  await runs.endAttempt(id, await runs.startAttempt(id), null); // and stopped before that was settled
  const OUTBOX_DIR = temporaryFolder();
  const moved = await testServer({ environment: { DATA_DIR: first.app.config.dataDir, OUTBOX_DIR } });
  await moved.post(`exports/${id}/release`, why);
  await moved.app.daily.settled();
  expect(await runOf(moved, id)).toMatchObject({ state: 'held' });
  await moved.post(`exports/${id}/release`, why);
  await moved.app.daily.settled();
  expect(await runOf(moved, id)).toMatchObject({ state: 'delivered' });
  expect(await readFile(join(OUTBOX_DIR, 'Users.csv'), 'utf8')).toContain('"p1"');
});

test.each([
  ['columns', otherColumns, /columns/],
  ['file name', otherNames, /names/],
  ['key', otherKey, /personKey/],
])(
  'a run released under another %s goes out as it was shown, and the next one is held for the change',
  async (_what, policy, reason) => {
    const first = await delivered(1, { policy: { files } });
    await first.post('helloid/update', updateBody('SC-1', {}, []));
    const held = await runNow(first);
    expect(held).toMatchObject({ state: 'held', reasons: [expect.stringMatching(/roles file is empty/)] });
    const server = await testServer({ policy, environment: { DATA_DIR: first.app.config.dataDir } });
    await server.post(`exports/${held.id}/release`, why);
    await server.app.daily.settled();
    expect(await runOf(server, held.id)).toMatchObject({ state: 'delivered', files: held.files });
    expect(await outbox(server)).toContain('"achternaam";"gebruikersnaam";"externalId"');
    expect(await runNow(server)).toMatchObject({ state: 'held', reasons: [expect.stringMatching(reason)] });
  },
);

test('an empty roles file after a filled one is held', async () => {
  const server = await delivered(1);
  await server.post('helloid/update', updateBody('SC-1', {}, []));
  expect(await runNow(server)).toMatchObject({
    state: 'held',
    reasons: [expect.stringMatching(/roles file is empty/)],
  });
});

test('paused, a run is made and checked but waits; at resume the newest due time goes', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await delivered(3, { now: clock.now });
  expect((await server.post('pause', why)).status).toBe(200);
  expect((await server.post('pause', why)).status).toBe(409);
  expect((await server.get('health', null)).json).toMatchObject({
    status: 'ok',
    pausedSince: '2026-11-23T10:00:00.000Z',
  });
  for (const day of ['24', '25']) {
    clock.set(`2026-11-${day}T04:30:00.000Z`);
    await server.post('helloid/create', createBody(`new${day}`));
    await server.app.daily.tick();
  }
  expect((await server.get('exports')).json).toMatchObject({
    exports: [
      { id: 3, state: 'waiting', files: [{ rows: 5 }, {}] },
      { id: 2, state: 'superseded' },
      { id: 1, state: 'delivered' },
    ],
  });
  expect(await outbox(server)).not.toContain('new24');
  await server.post('resume', why);
  await server.app.daily.settled();
  expect((await runOf(server, 3)).state).toBe('delivered');
  expect(await outbox(server)).toContain('new25');
  expect((await server.post('resume', why)).status).toBe(409);
});

test('while paused a held run cannot be released', async () => {
  const server = await delivered(1);
  await server.post('helloid/update', updateBody('SC-1', {}, []));
  const held = await runNow(server);
  await server.post('pause', why);
  expect((await server.post(`exports/${held.id}/release`, why)).status).toBe(409);
  expect((await server.post(`exports/${held.id}/discard`, why)).status).toBe(200);
});

test('quiet time: a due dump waits until HelloID is silent, but no longer than an hour', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await testServer({ now: clock.now, policy: { schedule: { quietMinutes: 30 } } });
  const stateAt = async (time: string) => {
    clock.set(`2026-11-24T${time}:00.000Z`);
    await server.app.daily.tick();
    return ((await server.get('exports')).json as { exports: { state: string }[] }).exports[0]?.state;
  };
  clock.set('2026-11-24T04:29:00.000Z');
  await server.post('helloid/create', createBody(1));
  expect(await stateAt('04:30')).toBe('waiting');
  expect(await stateAt('04:58')).toBe('waiting');
  await server.post('helloid/create', createBody(2));
  expect(await stateAt('05:25')).toBe('waiting');
  await server.post('helloid/create', createBody(3));
  expect(await stateAt('05:30')).toBe('delivered');
});

test('an accepted username goes out, is no mass effect, and is said with who decided', async () => {
  const server = await delivered(3);
  for (const number of [1, 2, 3])
    await server.post('helloid/update', updateBody(`SC-${number}`, { gebruikersnaam: `n${number}` }));
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { persons: { renamed: 0 } } });
  const pending = await server.get('accounts/SC-1');
  expect(pending.json).toMatchObject({ pendingUsername: 'n1', delivered: { gebruikersnaam: 'p1' } });
  expect((await server.post('accounts/SC-1/accept-username', why)).json).toMatchObject({ pendingUsername: null });
  expect((await server.post('accounts/SC-1/accept-username', why)).status).toBe(409);
  expect((await server.post('accounts/SC-404/accept-username', why)).status).toBe(404);
  expect(await runNow(server)).toMatchObject({
    state: 'delivered',
    effect: { persons: { renamed: 1 }, who: { renamed: [{ before: 'p1', after: 'n1' }] } },
  });
  expect((await server.get('accounts/SC-1')).json).toMatchObject({
    delivered: { gebruikersnaam: 'n1' },
    history: expect.arrayContaining([
      expect.objectContaining({
        action: 'accept-username',
        messages: expect.arrayContaining([expect.stringMatching(/Fenna/)]) as string[],
      }),
    ]) as object[],
  });
});

test('a username that was changed again since it was shown is not accepted', async () => {
  const server = await delivered(1);
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'anna' }));
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'hanna' }));
  const late = await server.post('accounts/SC-1/accept-username', { ...why, pending: 'anna' });
  expect([late.status, late.json]).toMatchObject([409, { code: 'conflict' }]);
  expect((await server.get('accounts/SC-1')).json).toMatchObject({ pendingUsername: 'hanna' });
  const meant = await server.post('accounts/SC-1/accept-username', { ...why, pending: 'hanna' });
  expect([meant.status, meant.json]).toMatchObject([200, { pendingUsername: null }]);
});

test('a username of a former holder may be allowed for one number', async () => {
  const server = await delivered(2);
  await server.post('helloid/delete', updateBody('SC-1', null));
  const rehired = createBody(9, { gebruikersnaam: 'P1' });
  expect((await server.post('helloid/create', rehired)).json).toMatchObject({ Success: false });
  expect((await server.post('usernames/p1/allow', { externalId: '8', ...why })).status).toBe(200);
  expect((await server.post('helloid/create', rehired)).json).toMatchObject({ Success: false });
  expect((await server.post('usernames/p1/allow', { externalId: '9', by: 'x' })).status).toBe(422);
  expect((await server.post('usernames/p1/allow', { externalId: '9', ...why })).status).toBe(200);
  expect((await server.post('helloid/create', rehired)).json).toMatchObject({ Success: true });
});

test('an operator disables, enables and deletes whom HelloID no longer manages', async () => {
  const server = await delivered(2);
  expect((await server.post('accounts/SC-1/disable', why)).json).toMatchObject({
    enabled: false,
    history: [
      { action: 'disable', origin: 'operator', messages: [expect.any(String), expect.stringMatching(/Fenna.*HR/)] },
      {},
    ],
  });
  expect((await server.post('accounts/SC-1/enable', why)).json).toMatchObject({ enabled: true });
  expect((await server.post('accounts/SC-1/delete', why)).json).toMatchObject({
    deletedAt: expect.any(String) as string,
  });
  expect((await server.post('accounts/SC-1/disable', why)).status).toBe(404);
  expect((await server.post('accounts/SC-2/delete', {})).status).toBe(422);
});

test('a preview shows the effect, sends nothing and keeps nothing', async () => {
  const server = await delivered(11);
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  expect((await server.post('exports', { dryRun: true })).json).toMatchObject({
    becomes: 'held',
    effect: { persons: { deactivated: 5 } },
    reasons: [expect.any(String)],
  });
  expect((await server.get('exports')).json).toMatchObject({ exports: [{ id: 1 }], next: null });
  expect(existsSync(join(server.app.config.dataDir, 'archive', '2'))).toBe(false);
});

test('the effect is measured against what arrived last, not against what was held', async () => {
  const server = await delivered(3);
  await server.post('helloid/update', updateBody('SC-1', { achternaam: 'De Vries' }));
  expect((await runNow(server)).effect.persons).toMatchObject({ changed: 1, total: 3 });
  expect((await runNow(server)).effect.persons).toMatchObject({ changed: 0, total: 3 });
});

test.each(['refuse', 'report'] as const)(
  'a username that a waiting run delivered for its former holder after somebody else got it: %s',
  async (usernameReuse) => {
    const server = await delivered(3, { policy: { accounts: { usernameReuse } } });
    const roles = join(server.app.config.dataDir, 'outbox', 'Roles.csv');
    rmSync(roles);
    mkdirSync(roles); // in the way of the next run
    await server.post('helloid/create', createBody(4));
    const waiting = await runNow(server);
    expect(waiting.state).toBe('failed');
    await server.post('helloid/update', updateBody('SC-4', { gebruikersnaam: 'p4.new' }));
    const create = await server.post('helloid/create', createBody(5, { gebruikersnaam: 'p4' }));
    expect(create.json).toMatchObject({ Success: true });
    rmSync(roles, { recursive: true });
    await server.post(`exports/${waiting.id}/retry`, why);
    await server.app.daily.settled();
    expect(await runOf(server, waiting.id)).toMatchObject({ state: 'delivered' });

    const next = await runNow(server);
    if (usernameReuse === 'report') {
      expect(next.state).toBe('delivered');
      return;
    }
    expect(next).toMatchObject({
      state: 'held',
      reasons: [expect.stringMatching(/^1 person\(s\) would get a username that was delivered for somebody else/)],
      findings: [{ code: 'reused-username', reference: 'SC-5' }],
    });
    await server.post('usernames/p4/allow', { externalId: '5', ...why });
    expect(await runNow(server)).toMatchObject({ state: 'delivered' });
    expect(await runNow(server)).toMatchObject({ state: 'delivered', reasons: [] });
  },
);

test('a run without the connector.json of the last delivery is held; settings that changed are named, and hold nothing', async () => {
  const DATA_DIR = temporaryFolder();
  const CONFIG_FILE = join(temporaryFolder(), 'connector.json');
  writeFileSync(CONFIG_FILE, '{}'); // that there is one; what it says comes from the test
  const under = async (policy: object, environment: Record<string, string>) => {
    const server = await testServer({ policy, environment: { DATA_DIR, ...environment } });
    await server.post('helloid/create', createBody(1));
    const run = await runNow(server);
    await server.app.close();
    return run;
  };
  const policy = { roles: { endedContracts: 'drop' } };
  expect(await under(policy, { CONFIG_FILE })).toMatchObject({ state: 'delivered', findings: [] });

  const bare = await under({}, {});
  expect([bare.state, bare.reasons]).toEqual([
    'held',
    [expect.stringMatching(/^There is no connector\.json, and there was one at the last delivery: /)],
  ]);
  const changed = await under({ ...policy, accounts: { username: 'freeze' } }, { CONFIG_FILE });
  expect([changed.state, changed.findings.map(({ code, message }) => [code, message])]).toEqual([
    'delivered',
    [['settings-changed', 'Settings that shape the files have changed since the last delivery: accounts.username']],
  ]);
});
