import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runLock } from '../../shared/store/run-lock.ts';
import { command } from '../command.ts';
import { clockAt, createBody, temporaryFolder, testServer, type TestServer } from '../helpers.ts';

const monday = '2026-11-23T10:00:00.000Z';
const tuesdayDue = '2026-11-24T04:30:00.000Z';

const backupsOf = ({ app }: Pick<TestServer, 'app'>) => list(join(app.config.dataDir, 'backups'));

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Unpacks a backup and asks the sqlite3 command about it. */
function ask(backup: string, sql: string): string {
  const database = join(temporaryFolder(), 'copy.db');
  writeFileSync(database, gunzipSync(readFileSync(backup)));
  return execFileSync('sqlite3', [database, sql], { encoding: 'utf8' }).trim();
}

/** Why health is bad, as somebody with a key reads it. */
async function reasonsOf({ get }: TestServer): Promise<string[]> {
  const { health } = (await get('overview')).json as { health: { reasons: { reason: string }[] } };
  return health.reasons.map(({ reason }) => reason);
}

async function serverWith(people: number, options = {}): Promise<TestServer> {
  const server = await testServer(options);
  for (let number = 1; number <= people; number += 1) await server.post('helloid/create', createBody(number));
  return server;
}

test('a backup is made of a database in use, is whole, one file, and only for this user', async () => {
  const server = await serverWith(20);
  const writing = new AbortController();
  const storm = (async () => {
    for (let number = 1000; !writing.signal.aborted; number += 1)
      await server.post('helloid/create', createBody(number));
    return (await server.app.accounts.count()).living;
  })();
  const { dataDir: DATA_DIR } = server.app.config;
  const { code, stdout } = await command(['backup', '--json'], { DATA_DIR });
  writing.abort();
  const living = await storm;
  expect(code).toBe(0);
  const made = JSON.parse(stdout) as { file: string; bytes: number };
  expect(backupsOf(server)).toEqual([expect.stringMatching(/^spendcloud-\d{8}T\d{6}Z\.db\.gz$/)]);
  expect(statSync(made.file)).toMatchObject({ size: made.bytes, mode: 0o100600 });
  expect(ask(made.file, 'PRAGMA integrity_check; PRAGMA journal_mode')).toBe('ok\ndelete');
  const kept = Number(ask(made.file, 'SELECT count(*) FROM accounts'));
  expect(kept).toBeGreaterThanOrEqual(20);
  expect(kept).toBeLessThanOrEqual(living);
  expect(ask(made.file, 'SELECT (SELECT count(*) FROM audit) - (SELECT count(*) FROM accounts)')).toBe('0');
});

test('a backup in a file of its own leaves the daily ones alone', async () => {
  const server = await serverWith(1);
  const file = join(temporaryFolder(), 'before upgrade.db.gz');
  const { code, stdout } = await command(['backup', file], { DATA_DIR: server.app.config.dataDir });
  expect([code, stdout]).toEqual([0, expect.stringContaining(file)]);
  expect(ask(file, 'SELECT count(*) FROM accounts')).toBe('1');
  expect(backupsOf(server)).toEqual([]);
});

test('the backup of the day is made when the due run has ended, and once', async () => {
  const clock = clockAt(monday);
  const server = await serverWith(1, { now: clock.now });
  const { backups, daily } = server.app;
  await backups.tick();
  expect(backupsOf(server)).toEqual([]);
  clock.set('2026-11-24T04:31:00.000Z');
  await backups.tick();
  expect(backupsOf(server)).toEqual([]); // the run has not even begun
  await daily.tick();
  await Promise.all([backups.tick(), backups.tick()]);
  await backups.tick();
  expect(backupsOf(server)).toEqual(['spendcloud-20261124T043100Z.db.gz']);
  expect(await server.app.backups.newest()).toMatchObject({ at: new Date('2026-11-24T04:31:00Z') });
});

test('a run that failed has ended, too', async () => {
  const clock = clockAt(monday);
  const DATA_DIR = temporaryFolder();
  writeFileSync(join(DATA_DIR, 'outbox'), 'a file where the folder should be');
  const server = await serverWith(1, { now: clock.now, environment: { DATA_DIR } });
  clock.set(tuesdayDue);
  await server.app.daily.tick();
  await server.app.backups.tick();
  expect(backupsOf(server)).toHaveLength(1);
});

test('an hour after the due time the backup is made, whatever became of the run', async () => {
  const clock = clockAt(monday);
  const server = await serverWith(1, { now: clock.now });
  clock.set('2026-11-24T05:29:59.999Z');
  await server.app.backups.tick();
  expect(backupsOf(server)).toEqual([]);
  clock.set('2026-11-24T05:30:00.000Z');
  await server.app.backups.tick();
  expect(backupsOf(server)).toHaveLength(1);
});

test('while nobody is in the database no backup is due or overdue', async () => {
  const clock = clockAt(monday);
  const server = await testServer({ now: clock.now });
  clock.set('2026-11-27T12:00:00.000Z');
  await server.app.backups.tick();
  expect(backupsOf(server)).toEqual([]);
  expect((await server.get('health', null)).status).toBe(200);
});

test('of two processes one makes the backup', async () => {
  const clock = clockAt(monday);
  const server = await serverWith(1, { now: clock.now });
  clock.set('2026-11-24T06:00:00.000Z');
  const lock = runLock(server.app.config.dataDir, 'backup.lock');
  const release = lock.take();
  await server.app.backups.tick();
  expect(backupsOf(server)).toEqual([]);
  release?.();
  lock.close();
  await server.app.backups.tick();
  expect(backupsOf(server)).toHaveLength(1);
});

test('backups past their days go, replaced databases and unfinished ones too, the newest and foreign files never', async () => {
  const clock = clockAt('2026-12-30T10:00:00.000Z');
  const server = await serverWith(1, { now: clock.now, policy: { retention: { backupDays: 30 } } });
  const folder = join(server.app.config.dataDir, 'backups');
  clock.set('2026-12-31T06:00:00.000Z');
  await server.app.backups.tick();
  for (const name of [
    'spendcloud-20261130T060000Z.db.gz',
    'spendcloud-20261201T060001Z.db.gz',
    'replaced-20261130T060000Z.db',
    'replaced-20261130T060000Z.db-wal',
    'replaced-20261230T060000Z.db',
    '.spendcloud-20261229T060000Z.db.gz.0a1b2c3d.copy',
    '.spendcloud-20261231T060001Z.db.gz.0a1b2c3d.partial',
    'spendcloud-2026.db.gz',
    'notes.txt',
  ])
    writeFileSync(join(folder, name), '');
  clock.set('2027-01-01T06:00:00.000Z');
  await server.app.backups.tick();
  expect(list(folder)).toEqual([
    '.spendcloud-20261231T060001Z.db.gz.0a1b2c3d.partial',
    'notes.txt',
    'replaced-20261230T060000Z.db',
    'spendcloud-2026.db.gz',
    'spendcloud-20261231T060000Z.db.gz',
    'spendcloud-20270101T060000Z.db.gz',
  ]);
});

test('a backup that fails shows in health, is tried again after a while, and health recovers', async () => {
  const clock = clockAt(monday);
  const server = await serverWith(1, { now: clock.now });
  const folder = join(server.app.config.dataDir, 'backups');
  writeFileSync(folder, 'a file where the folder should be');
  clock.set(tuesdayDue);
  await server.app.daily.tick();
  await server.app.backups.tick();
  expect(await reasonsOf(server)).toEqual([
    expect.stringMatching(/The backup failed at 2026-11-24.*check that folder/),
  ]);
  expect((await server.get('health', null)).json).toEqual({
    status: 'unhealthy',
    reasons: ['The newest backup failed or is missing; see /api/overview or run: spendcloud doctor'], // no folder, no host
  });
  rmSync(folder);
  clock.set('2026-11-24T04:59:59.000Z');
  await server.app.backups.tick();
  expect(list(folder)).toEqual([]);
  clock.set('2026-11-24T05:00:00.000Z');
  await server.app.backups.tick();
  expect(list(folder)).toHaveLength(1);
  expect((await server.get('health', null)).status).toBe(200);
});

test('a missing backup becomes overdue', async () => {
  const clock = clockAt(monday);
  const server = await serverWith(1, { now: clock.now });
  clock.set('2026-11-24T04:30:00.000Z');
  await server.app.daily.tick();
  clock.set('2026-11-24T07:29:59.000Z');
  expect((await server.get('health', null)).status).toBe(200);
  clock.set('2026-11-24T07:30:00.000Z');
  expect((await server.get('health', null)).status).toBe(503);
  expect(await reasonsOf(server)).toEqual([expect.stringMatching(/no backup since/)]);
});

test('a missing backup becomes overdue with due times closer together than that, too', async () => {
  const clock = clockAt(monday);
  const server = await serverWith(1, { now: clock.now, policy: { schedule: { cron: '0 0 * * * *' } } });
  const health = async (time: string) => {
    clock.set(time);
    await server.app.daily.tick();
    return reasonsOf(server);
  };
  expect(await health('2026-11-23T13:59:59.000Z')).toEqual([]);
  expect(await health('2026-11-23T14:00:00.000Z')).toEqual([expect.stringMatching(/no backup since 2026-11-23T11:00/)]);
});

test('a damaged database, and none at all, are named and leave nothing behind', async () => {
  const DATA_DIR = temporaryFolder();
  expect(await command(['backup'], { DATA_DIR })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no database') as string,
  });
  writeFileSync(join(DATA_DIR, 'spendcloud.db'), 'not a database at all '.repeat(500));
  expect(await command(['backup'], { DATA_DIR })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/damaged/) as string,
  });
  expect(list(join(DATA_DIR, 'backups'))).toEqual([]);
});
