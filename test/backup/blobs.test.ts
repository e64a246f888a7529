import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { localBackups } from '../../shared/backup/ageing.ts';
import { blobBackups } from '../../shared/backup/blobs.ts';
import { startAzurite, type Azurite } from '../azurite.ts';
import { backupName } from '../../shared/backup/names.ts';
import { command } from '../command.ts';
import { clockAt, createBody, temporaryFolder, testServer, updateBody } from '../helpers.ts';
import { traces } from '../privacy/traces.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

async function names(container: Awaited<ReturnType<Azurite['container']>>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of container.listBlobsFlat()) found.push(name);
  return found.sort();
}

test('the backup of the day is copied to the container, old ones there go, the newest and foreign blobs stay', async () => {
  const container = await azurite.container();
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const { app, post, get } = await testServer({
    now: clock.now,
    policy: { retention: { backupDays: 30 } },
    environment: { BACKUP_BLOB_CONNECTION: azurite.connection, BACKUP_BLOB_CONTAINER: container.containerName },
  });
  for (const name of ['spendcloud-20261001T060000Z.db.gz', 'spendcloud-20261120T060000Z.db.gz', 'spendcloud-notes.txt'])
    await container.uploadBlockBlob(name, 'x', 1);
  await post('helloid/create', createBody(1));
  clock.set('2026-11-24T06:00:00.000Z');
  await app.backups.tick();
  expect(await names(container)).toEqual([
    'spendcloud-20261120T060000Z.db.gz',
    'spendcloud-20261124T060000Z.db.gz',
    'spendcloud-notes.txt',
  ]);
  const copy = await container.getBlobClient('spendcloud-20261124T060000Z.db.gz').downloadToBuffer();
  expect(gunzipSync(copy).subarray(0, 15).toString()).toBe('SQLite format 3');
  expect((await get('health', null)).json).not.toMatchObject({
    reasons: expect.arrayContaining([expect.stringMatching(/backup/)]) as string[],
  });
});

test('an old backup that the container keeps is told as that, and the new one is in both places', async () => {
  const container = await azurite.container();
  const { app, post } = await testServer();
  await post('helloid/create', createBody(1));
  const old = 'spendcloud-20200101T060000Z.db.gz';
  await container.uploadBlockBlob(old, 'x', 1);
  await container.getBlobClient(old).getBlobLeaseClient().acquireLease(-1);
  const { code, stderr } = await command(['backup'], {
    DATA_DIR: app.config.dataDir,
    BACKUP_BLOB_CONNECTION: azurite.connection,
    BACKUP_BLOB_CONTAINER: container.containerName,
  });
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/is here and in the container, but what is past its days stays there\. Azure answered 412/),
  ]);
  const copied = (await names(container)).filter((name) => name !== old);
  expect(copied).toEqual((await localBackups(join(app.config.dataDir, 'backups'))).map(({ name }) => name));
});

test('by command: back up, lose the machine, restore from the container, release, deliver; who was erased is so again', async () => {
  const container = await azurite.container();
  const { app, post } = await testServer();
  for (const number of [1, 2, 'ZW-3']) await post('helloid/create', createBody(number));
  await post('helloid/delete', updateBody('SC-ZW-3', null));
  await app.close();
  const environment = { BACKUP_BLOB_CONNECTION: azurite.connection, BACKUP_BLOB_CONTAINER: container.containerName };
  const made = await command(['backup', '--json'], { DATA_DIR: app.config.dataDir, ...environment });
  const { blob } = JSON.parse(made.stdout) as { blob: string };
  expect(await names(container)).toEqual([blob]);
  const erase = ['person', 'erase', 'ZW-3', '--by', 'Fenna', '--reason', 'asked for it'];
  expect(await command(erase, { DATA_DIR: app.config.dataDir })).toMatchObject({ code: 0 });
  await expect.poll(() => backupName(new Date())).not.toBe(blob); // one of the same second would take its place
  await command(['backup', '--json'], { DATA_DIR: app.config.dataDir, ...environment });
  expect(await names(container)).toContain('erasures.jsonl'); // goes along, because it must outlive the machine
  const vault = readFileSync(join(app.config.dataDir, 'erasure.key'));
  rmSync(app.config.dataDir, { recursive: true });

  const DATA_DIR = temporaryFolder();
  const listed = await command(['backup', '--list'], { DATA_DIR, ...environment });
  expect(listed.stdout).toContain(`--from-blob ${blob}\n`);
  const why = ['--by', 'Fenna', '--reason', 'new machine'];
  const wrong = await command(['restore', '--from-blob', 'spendcloud-none.db.gz', ...why], {
    DATA_DIR,
    ...environment,
  });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('backup --list') as string });
  const withoutKey = await command(['restore', '--from-blob', blob, ...why], { DATA_DIR, ...environment });
  expect(withoutKey).toMatchObject({ code: 1, stderr: expect.stringContaining('erasure.key is missing') as string });
  writeFileSync(join(DATA_DIR, 'erasure.key'), vault);
  const done = await command(['restore', '--from-blob', blob, ...why], { DATA_DIR, ...environment });
  expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('2 living account(s)')]);
  expect(done.stdout).toContain('1 person(s) who had been erased since were erased again');
  expect(traces(DATA_DIR, ['ZW-3'])).toEqual([]);
  const restored = await testServer({ environment: { DATA_DIR } });
  expect((await restored.get('accounts/SC-2')).status).toBe(200);
  const { id } = (await restored.post('exports')).json as { id: number };
  await restored.app.daily.settled();
  expect((await restored.get(`exports/${id}`)).json).toMatchObject({ state: 'held' });
  await restored.post(`exports/${id}/release`, { by: 'Fenna', reason: 'compared' });
  await restored.app.daily.settled();
  expect((await restored.get(`exports/${id}`)).json).toMatchObject({ state: 'delivered' });
  expect(readFileSync(join(DATA_DIR, 'outbox', 'Users.csv'), 'utf8')).toContain('"p2"');
  expect((await restored.get('audit/verify')).json).toMatchObject({ ok: true });
});

test.each<[string, { container?: string; connection?: string }, RegExp]>([
  ['a container that is not there', { container: 'not-there' }, /no container \[not-there\]/],
  ['a key that is not that of the account', { connection: 'KEY' }, /refused BACKUP_BLOB_CONNECTION/],
  ['an address where nobody listens', { connection: 'PORT' }, /cannot be reached/],
  ['half a connection string', { connection: 'AccountName=devstoreaccount1' }, /not a whole connection string/],
])('%s is named, without the secret, and the backup stays here', async (_what, wrong, message) => {
  const key = /AccountKey=([^;]+)/.exec(azurite.connection)?.[1] ?? '';
  const connection = azurite.connection
    .replace(key, wrong.connection === 'KEY' ? Buffer.from('another key').toString('base64') : key)
    .replace(/:\d+\//, wrong.connection === 'PORT' ? ':1/' : '$&');
  const { app, post, get } = await testServer({
    now: clockAt('2026-11-23T10:00:00.000Z').now,
    environment: {
      BACKUP_BLOB_CONNECTION: wrong.connection?.startsWith('Account') ? wrong.connection : connection,
      BACKUP_BLOB_CONTAINER: wrong.container ?? (await azurite.container()).containerName,
    },
  });
  await post('helloid/create', createBody(1));
  await app.facts.set({ 'schedule-counted-from': '2026-11-01T00:00:00.000Z' });
  await app.backups.tick();
  expect(await app.backups.newest()).toBeDefined();
  const { text, json } = await get('overview');
  const { health } = json as { health: { reasons: { reason: string }[] } };
  const reasons = health.reasons.map(({ reason }) => reason);
  expect(reasons).toEqual([expect.stringMatching(/overdue/), expect.stringMatching(message)]);
  expect(text).not.toContain(key);
});

test('a copy that fails is made again, and health recovers', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const { app, post } = await testServer({
    now: clock.now,
    environment: { BACKUP_BLOB_CONNECTION: azurite.connection, BACKUP_BLOB_CONTAINER: 'made-later' },
  });
  await post('helloid/create', createBody(1));
  clock.set('2026-11-24T06:00:00.000Z');
  await app.backups.tick();
  expect(await app.backups.health()).toMatch(/made, but only here/);
  const { BlobServiceClient } = await import('@azure/storage-blob');
  await BlobServiceClient.fromConnectionString(azurite.connection).createContainer('made-later');
  clock.set('2026-11-24T06:30:00.000Z');
  await app.backups.tick();
  expect(await app.backups.health()).toBeUndefined();
  expect(await blobBackups({ connection: azurite.connection, container: 'made-later' }).list()).toMatchObject([
    { name: 'spendcloud-20261124T063000Z.db.gz' },
  ]);
});

test('a copy that a stop cut short is owed: health tells, and the next start makes it', async () => {
  const container = await azurite.container();
  const silentServer = createServer(() => undefined).listen(0, '127.0.0.1'); // takes every request, and answers none
  onTestFinished(() => {
    silentServer.closeAllConnections();
    silentServer.close();
  });
  await once(silentServer, 'listening');
  const asked = once(silentServer, 'request');
  const { port } = silentServer.address() as AddressInfo;
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const environment = { DATA_DIR: temporaryFolder(), BACKUP_BLOB_CONTAINER: container.containerName };
  const cut = await testServer({
    now: clock.now,
    environment: { ...environment, BACKUP_BLOB_CONNECTION: azurite.connection.replace(/:\d+\//, `:${port}/`) },
  });
  await cut.post('helloid/create', createBody(1));
  clock.set('2026-11-24T04:30:00.000Z');
  await cut.app.daily.tick();
  const tick = cut.app.backups.tick();
  await asked;
  await cut.app.close();
  await tick;
  expect(await localBackups(join(environment.DATA_DIR, 'backups'))).toHaveLength(1);

  const next = await testServer({
    now: clock.now,
    environment: { ...environment, BACKUP_BLOB_CONNECTION: azurite.connection },
  });
  clock.set('2026-11-24T07:30:00.000Z');
  expect(await next.app.backups.health()).toMatch(/container has no whole copy/);
  await next.app.backups.tick();
  expect(await names(container)).toEqual(['spendcloud-20261124T073000Z.db.gz']);
  expect(await next.app.backups.health()).toBeUndefined();
  await next.app.backups.tick();
  expect(await names(container)).toHaveLength(1); // once
});

test('a backup by hand ends the alarm at once, unless the container lacks it', async () => {
  const clock = clockAt('2025-01-06T10:00:00.000Z');
  const BACKUP_BLOB_CONTAINER = `made-${randomUUID()}`;
  const { app, post } = await testServer({
    now: clock.now,
    environment: { BACKUP_BLOB_CONNECTION: azurite.connection, BACKUP_BLOB_CONTAINER },
  });
  await post('helloid/create', createBody(1));
  await app.facts.set({ 'schedule-counted-from': '2025-01-01T00:00:00.000Z' });
  await app.backups.tick();
  expect(await app.backups.health()).toMatch(/made, but only here/);
  const { dataDir: DATA_DIR } = app.config;
  expect(await command(['backup'], { DATA_DIR })).toMatchObject({ code: 0 }); // from a shell that knows of no container
  clock.set(new Date(Date.now() + 60_000).toISOString());
  expect(await app.backups.health()).toMatch(/made, but only here/);
  const { BlobServiceClient } = await import('@azure/storage-blob');
  await BlobServiceClient.fromConnectionString(azurite.connection).createContainer(BACKUP_BLOB_CONTAINER);
  const environment = { BACKUP_BLOB_CONNECTION: azurite.connection, BACKUP_BLOB_CONTAINER };
  expect(await command(['backup'], { DATA_DIR, ...environment })).toMatchObject({ code: 0 });
  expect(await app.backups.health()).toBeUndefined();
  expect(await app.backups.failure()).toBeUndefined();
});

test('whoever is on the list in the container is erased again by a restore from a file, and stays on it', async () => {
  const container = await azurite.container();
  const environment = { BACKUP_BLOB_CONNECTION: azurite.connection, BACKUP_BLOB_CONTAINER: container.containerName };
  const { app, post } = await testServer();
  for (const number of [1, 'ZW-3']) await post('helloid/create', createBody(number));
  await post('helloid/delete', updateBody('SC-ZW-3', null));
  await app.close();
  const { dataDir: DATA_DIR } = app.config;
  const taken = join(temporaryFolder(), 'taken.db.gz');
  expect(await command(['backup', taken], { DATA_DIR })).toMatchObject({ code: 0 });
  const why = ['--by', 'Fenna', '--reason', 'asked for it'];
  expect(await command(['person', 'erase', 'ZW-3', ...why], { DATA_DIR })).toMatchObject({ code: 0 });
  expect(await command(['backup'], { DATA_DIR, ...environment })).toMatchObject({ code: 0 });
  const listed = await container.getBlobClient('erasures.jsonl').downloadToBuffer();
  const fresh = temporaryFolder();
  copyFileSync(join(DATA_DIR, 'erasure.key'), join(fresh, 'erasure.key'));
  rmSync(DATA_DIR, { recursive: true });

  const unreachable = { ...environment, BACKUP_BLOB_CONNECTION: azurite.connection.replace(/:\d+\//, ':1/') };
  expect(await command(['restore', taken, ...why], { DATA_DIR: fresh, ...unreachable })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/may bring them back.*cannot be reached.*leave BACKUP_BLOB_CONNECTION out/) as string,
  });
  const done = await command(['restore', taken, ...why], { DATA_DIR: fresh, ...environment });
  expect(done.stdout).toContain('1 person(s) who had been erased since were erased again');
  expect(traces(fresh, ['ZW-3'])).toEqual([]);
  expect(await command(['backup'], { DATA_DIR: fresh, ...environment })).toMatchObject({ code: 0 }); // before any tick
  expect((await container.getBlobClient('erasures.jsonl').downloadToBuffer()).toString()).toContain(
    listed.toString().trim(),
  );
});

test('a backup that is larger than one block arrives whole', async () => {
  const container = await azurite.container();
  const blobs = blobBackups({ connection: azurite.connection, container: container.containerName });
  const folder = temporaryFolder();
  const bytes = Buffer.alloc(20 * 1024 * 1024 + 1, 'spend cloud ');
  writeFileSync(join(folder, 'large'), bytes);
  const seen: number[] = [];
  await blobs.put(join(folder, 'large'), 'spendcloud-20261124T063000Z.db.gz', (_step, done) => void seen.push(done));
  expect(seen.at(-1)).toBe(bytes.length);
  expect(await blobs.list()).toEqual([{ name: 'spendcloud-20261124T063000Z.db.gz', bytes: bytes.length }]);
});
