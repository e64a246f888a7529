import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { writeTo } from '../../shared/backup/make-backup.ts';
import { restore as restoreBackup, type Restored } from '../../shared/backup/restore.ts';
import { silent } from '../../shared/log.ts';
import { migrate } from '../../shared/store/migrations.ts';
import { databasePath, openDatabase } from '../../shared/store/open.ts';
import { command, sqlite3 } from '../command.ts';
import { runNow } from '../actions.ts';
import { clockAt, createBody, temporaryFolder, testServer, updateBody } from '../helpers.ts';
import { oldFiles, personRow, roleRow } from '../legacy/old-files.ts';
import { startProgram, type Program } from '../process.ts';

const decider = { by: 'Fenna', reason: 'disk failure' };
const why = ['--by', decider.by, '--reason', decider.reason];

async function backUp(dataDir: string): Promise<string> {
  const file = join(temporaryFolder(), 'spendcloud.db.gz');
  return (await writeTo(databasePath(dataDir), file)).file;
}

function restore(dataDir: string, file: string): Promise<Restored> {
  return restoreBackup({ dataDir, file, fromBlob: false, blobs: null, decider, now: new Date(), log: silent });
}

async function create(program: Pick<Program, 'post'>, ...numbers: number[]): Promise<void> {
  for (const number of numbers) await program.post('helloid/create', createBody(number));
}

async function delivers(
  program: Pick<Program, 'post' | 'get'>,
  state: string,
): Promise<{ id: number; reasons: string[]; effect: unknown }> {
  const { id } = (await program.post('exports')).json as { id: number };
  await expect
    .poll(async () => (await program.get(`exports/${id}`)).json, { timeout: 20_000 })
    .toMatchObject({ state });
  return (await program.get(`exports/${id}`)).json;
}

/** A data folder with people, and its database closed. */
async function dataOf(people: number): Promise<string> {
  const { post, app } = await testServer();
  for (let number = 1; number <= people; number += 1) await post('helloid/create', createBody(number));
  await app.close();
  return app.config.dataDir;
}

test('backup, destroy, restore, release, deliver', async () => {
  const DATA_DIR = temporaryFolder();
  const before = await startProgram(DATA_DIR);
  await create(before, 1, 2, 3);
  await delivers(before, 'delivered');
  const made = await command(['backup', '--json'], { DATA_DIR });
  const { file: backup } = JSON.parse(made.stdout) as { file: string };
  const { head } = (await before.get('audit/verify')).json as { head: string };
  await create(before, 4); // after the backup: this person is lost, and Spend Cloud has her
  await before.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'p1.new' }));
  await delivers(before, 'delivered');
  await before.end('SIGKILL');
  for (const end of ['', '-wal', '-shm']) rmSync(join(DATA_DIR, `spendcloud.db${end}`), { force: true });

  const done = await command(['restore', backup, ...why, '--json'], { DATA_DIR });
  expect(done.code, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({
    accounts: 3,
    trail: { entry: 4 },
    replaced: null,
    replacedTrail: null,
    baseline: '2',
  });
  const after = await startProgram(DATA_DIR);
  expect((await after.get(`audit/verify?entry=4&head=${head}`)).json).toMatchObject({ ok: true });
  expect((await after.get('audit?action=restore')).json).toMatchObject({
    entries: [
      {
        entry: 5,
        by: 'Fenna',
        reason: 'disk failure',
        messages: [
          expect.stringContaining('spendcloud-'),
          expect.any(String),
          expect.stringContaining('run 2'),
          expect.stringContaining('Fenna decided'),
        ],
      },
    ],
  });
  const held = await delivers(after, 'held');
  expect(held.id).toBe(3); // the number of a run that the backup did not know is not used again
  expect(held.reasons).toEqual([expect.stringMatching(/restored from a backup/)]);
  expect(held.effect).toMatchObject({ persons: { total: 3, deactivated: 1 }, who: { deactivated: [{ key: 'p4' }] } });
  expect(readFileSync(join(DATA_DIR, 'outbox', 'Users.csv'), 'utf8')).toContain('"p4"');

  await create(after, 4); // HelloID creates again whom the backup did not know
  const again = await delivers(after, 'held');
  expect(again.effect).toMatchObject({ persons: { total: 4, deactivated: 0 } });
  await after.post(`exports/${again.id}/release`, { by: 'Fenna', reason: 'compared' });
  await expect.poll(async () => (await after.get(`exports/${again.id}`)).json).toMatchObject({ state: 'delivered' });
  await create(after, 5);
  await delivers(after, 'delivered'); // not held any more
  expect((await after.get('audit/verify')).json).toMatchObject({ ok: true });
});

test('who left since the backup is told as active again, and rows of inactive people are no first time after a restore', async () => {
  const OUTBOX_DIR = temporaryFolder();
  const server = await testServer({ environment: { OUTBOX_DIR } });
  const { dataDir: DATA_DIR } = server.app.config;
  const release = async () => {
    const { id } = await delivers(server, 'held');
    await server.post(`exports/${id}/release`, decider);
    await expect.poll(async () => (await server.get(`exports/${id}`)).json).toMatchObject({ state: 'delivered' });
  };
  await create(server, 1, 2, 3);
  await release();
  const backup = await backUp(DATA_DIR);
  await server.post('helloid/delete', updateBody('SC-3', null));
  await release();
  await server.app.close();
  await restore(DATA_DIR, backup);

  const restored = await testServer({ environment: { DATA_DIR, OUTBOX_DIR } });
  await restored.post('helloid/disable', updateBody('SC-1', null));
  expect(await delivers(restored, 'held')).toMatchObject({
    reasons: [expect.stringMatching(/restored from a backup/)],
    effect: {
      persons: { total: 2, added: 0, reactivated: 1, deactivated: 1 },
      who: { reactivated: [{ reference: 'SC-3', key: 'p3' }], deactivated: [{ key: 'p1' }] },
    },
  });
});

test('a restore that is taken back leaves a trail that verifies: the heads of the time in between are known to be lost', async () => {
  const DATA_DIR = temporaryFolder();
  const live = await testServer({ environment: { DATA_DIR } });
  await create(live, 1);
  const older = await backUp(DATA_DIR);
  await create(live, 2, 3, 4);
  await runNow(live);
  const newer = await backUp(DATA_DIR);
  await live.app.close();

  await restore(DATA_DIR, older);
  const between = await testServer({ environment: { DATA_DIR } });
  const { id } = await runNow(between);
  await between.post(`exports/${id}/release`, decider);
  await between.app.daily.settled();
  await between.app.close();

  await restore(DATA_DIR, newer);
  const { get } = await testServer({ environment: { DATA_DIR } });
  expect((await get('audit/verify')).json).toMatchObject({ ok: true, heads: { same: 1, replaced: 1 } });
});

test('a restore asks for no share of the machine that was lost', async () => {
  const server = await testServer();
  await create(server, 1);
  await server.app.facts.set({ 'outbox-place': '{}' });
  await server.app.close();
  const { dataDir } = server.app.config;
  await restore(dataDir, await backUp(dataDir));
  expect(sqlite3(dataDir, "SELECT count(*) FROM facts WHERE name = 'outbox-place'").trim()).toBe('0');
});

test('a pair from when the clock ran ahead is not taken for newer than one that came after it', async () => {
  const clock = clockAt('2027-11-24T10:00:00.000Z');
  const server = await testServer({ now: clock.now });
  const { dataDir } = server.app.config;
  await create(server, 1, 2);
  expect(await runNow(server)).toMatchObject({ id: 1, state: 'delivered' });
  clock.set('2026-11-24T10:00:00.000Z');
  await create(server, 3);
  expect(await runNow(server)).toMatchObject({ id: 2, state: 'delivered' });
  await server.app.close();
  expect(await restore(dataDir, await backUp(dataDir))).toMatchObject({ baseline: '2' });
});

test('usernames that went out after the backup are known again: a change of one waits for an operator', async () => {
  const DATA_DIR = await dataOf(2);
  const backup = await backUp(DATA_DIR);
  const server = await testServer({ environment: { DATA_DIR } });
  await delivers(server, 'delivered');
  await server.app.close();
  await restore(DATA_DIR, backup);
  const restored = await testServer({ environment: { DATA_DIR } });
  await restored.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'p1.new' }));
  expect((await restored.get('accounts/SC-1')).json).toMatchObject({
    delivered: { gebruikersnaam: 'p1', run: 1 },
    pendingUsername: 'p1.new',
  });
});

test.each([
  ['the files of a later baseline are what counts', false, 'baseline'],
  ['a pair that was compressed since is read, where a baseline of an earlier release left no mark', true, '1'],
])('after a restore %s', async (_what, isEarlier, baseline) => {
  const policy = { spendCloud: { leavers: 'absent' } }; // as in the files of the baseline
  const server = await testServer({ policy });
  const { dataDir: DATA_DIR } = server.app.config;
  await create(server, 1, 2);
  await delivers(server, 'delivered');
  const [persons, roles] = oldFiles([personRow(1), personRow(2), personRow(3)], [roleRow('p1'), roleRow('p2')]);
  await server.app.daily.baseline({ persons, roles, again: true, decider });
  await server.app.tick();
  expect(existsSync(join(DATA_DIR, 'archive', '1', 'Users.csv.gz'))).toBe(true);
  await server.app.close();
  if (isEarlier) rmSync(join(DATA_DIR, 'archive', 'baseline', '.delivered.json'));
  expect(await restore(DATA_DIR, await backUp(DATA_DIR))).toMatchObject({ baseline });
  const restored = await testServer({ policy, environment: { DATA_DIR } });
  expect(await delivers(restored, 'held')).toMatchObject({
    effect: { persons: { total: 2, added: 0, deactivated: isEarlier ? 0 : 1 } },
  });
});

test('what was on its way when the backup was made does not go out by itself', async () => {
  const DATA_DIR = temporaryFolder();
  const outbox = join(DATA_DIR, 'outbox');
  writeFileSync(outbox, 'a file where the folder should be');
  const server = await testServer({ environment: { DATA_DIR } });
  await create(server, 1);
  await delivers(server, 'failed');
  await server.app.runs.move(1, ['failed'], { state: 'delivering' });
  await server.app.close();
  const backup = await backUp(DATA_DIR);
  await restore(DATA_DIR, backup);
  rmSync(outbox);
  const restored = await testServer({ environment: { DATA_DIR } });
  await restored.app.daily.tick();
  expect((await restored.get('exports/1')).json).toMatchObject({ state: 'superseded' });
  expect(existsSync(outbox)).toBe(false);
});

test('a restore is refused while a server has the database open, and goes on once that was killed', async () => {
  const DATA_DIR = temporaryFolder();
  const program = await startProgram(DATA_DIR);
  await create(program, 1, 2);
  const backup = await backUp(DATA_DIR);
  await create(program, 3);
  expect(await command(['restore', backup, ...why], { DATA_DIR })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/in use; stop the server/) as string,
  });
  expect((await program.get('accounts/SC-3')).status).toBe(200);
  await create(program, 4); // and it still writes
  await program.end('SIGKILL');
  const { replaced, replacedTrail } = await restore(DATA_DIR, backup);
  expect(replacedTrail).toMatchObject({ entry: 4 });
  expect(execFileSync('sqlite3', [replaced ?? '', 'SELECT count(*) FROM accounts'], { encoding: 'utf8' })).toBe('4\n');
  expect(sqlite3(DATA_DIR, 'SELECT count(*) FROM accounts')).toBe('2\n');
});

test('a restore is refused while another program reads the database', async () => {
  const DATA_DIR = await dataOf(1);
  const backup = await backUp(DATA_DIR);
  const reader = new Database(databasePath(DATA_DIR), { readonly: true });
  onTestFinished(() => void reader.close());
  reader.prepare('SELECT 1 FROM accounts').get();
  await expect(restore(DATA_DIR, backup)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('another program') as string,
  });
});

test('a damaged database is kept as it was, with its write-ahead log, and replaced', async () => {
  const DATA_DIR = await dataOf(3);
  const backup = await backUp(DATA_DIR);
  const database = databasePath(DATA_DIR);
  const bytes = readFileSync(database).fill(0x55, 0, 200);
  writeFileSync(database, bytes);
  writeFileSync(`${database}-wal`, 'what was in it');
  const { replaced, replacedTrail, accounts } = await restore(DATA_DIR, backup);
  expect([accounts, replacedTrail]).toEqual([3, null]);
  expect(readFileSync(replaced ?? '').equals(bytes)).toBe(true);
  expect(readFileSync(`${replaced ?? ''}-wal`, 'utf8')).toBe('what was in it');
  expect(existsSync(`${database}-wal`)).toBe(false);
  expect((await command(['audit', 'verify'], { DATA_DIR })).code).toBe(0);
});

test('without an archive there is nothing to compare with, and the next delivery is held all the same', async () => {
  const server = await testServer();
  const { dataDir: DATA_DIR } = server.app.config;
  await create(server, 1);
  await delivers(server, 'delivered');
  await server.app.close();
  const backup = await backUp(DATA_DIR);
  rmSync(join(DATA_DIR, 'archive'), { recursive: true });
  expect(await restore(DATA_DIR, backup)).toMatchObject({ baseline: null });
  const restored = await testServer({ environment: { DATA_DIR } });
  expect(await delivers(restored, 'held')).toMatchObject({ effect: { persons: { added: 1 } } });
});

test('a backup of an earlier release is brought up to date, and one may be restored uncompressed', async () => {
  const DATA_DIR = temporaryFolder();
  const plain = join(temporaryFolder(), 'copy.db');
  const old = new Database(plain);
  migrate(old, 1);
  old.exec(`INSERT INTO accounts (id, reference, external_id, username, username_key, extra, enabled, created_at, changed_at, touched_at)
    VALUES (1, 'SC-1', '1', 'p1', 'p1', '{}', 1, '', '', '')`);
  old.close();
  expect(await restore(DATA_DIR, plain)).toMatchObject({ accounts: 1, replaced: null });
  expect((await command(['audit', 'verify'], { DATA_DIR })).code).toBe(0);
});

test('what is not a backup is named, and everything stays as it was', async () => {
  const DATA_DIR = await dataOf(20);
  const good = await backUp(DATA_DIR);
  const whole = readFileSync(good);
  const database = gunzipSync(whole);
  const folder = temporaryFolder();
  const put = (name: string, bytes: Buffer | string) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const changed = (name: string, sql: string) => {
    const path = put(name, database);
    execFileSync('sqlite3', [path, sql]);
    return path;
  };
  const flipped = Buffer.from(database);
  flipped.writeUInt8(flipped.readUInt8(4096 * 3) ^ 0xff, 4096 * 3);
  const emptyFolder = temporaryFolder();
  openDatabase(emptyFolder, silent).close();
  const other = put('other.db', '');
  execFileSync('sqlite3', [other, 'CREATE TABLE a (b); INSERT INTO a VALUES (1)']);

  const cases: [file: string, message: RegExp][] = [
    [join(folder, 'none.db.gz'), /no file/],
    [folder, /no file/],
    [put('empty.db', ''), /no SQLite database/],
    [put('text.db.gz', 'not a backup'), /no SQLite database/],
    [put('packed-text.db.gz', gzipSync('not a backup')), /no SQLite database is in it/],
    [put('half.db.gz', whole.subarray(0, whole.length / 2)), /cut off or damaged/],
    [put('last-byte.db.gz', whole.subarray(0, -1)), /cut off or damaged/],
    [put('half.db', database.subarray(0, 4096 * 5)), /damaged/],
    [put('flipped.db', flipped), /damaged/],
    [put('flipped.db.gz', gzipSync(flipped)), /damaged/],
    [changed('newer.db', 'PRAGMA user_version = 99'), /newer release/],
    [other, /another program/],
    [
      changed(
        'trigger.db',
        'CREATE TRIGGER stay AFTER UPDATE OF deleted_at ON accounts BEGIN UPDATE accounts SET deleted_at = NULL; END',
      ),
      /trigger stay on accounts was added/,
    ],
    [changed('view.db', 'CREATE VIEW v AS SELECT 1'), /view v was added/],
    [changed('table.db', 'CREATE TABLE notes (t)'), /table notes was added/],
    [changed('guard.db', 'DROP TRIGGER audit_keeps_values'), /trigger audit_keeps_values on audit is missing/],
    [changed('column.db', 'ALTER TABLE roles ADD COLUMN more TEXT'), /table roles was changed/],
    [changed('older.db', 'PRAGMA user_version = 3'), /not as the release of version 3 made it/],
    [databasePath(emptyFolder), /holds no account/],
  ];
  for (const [file, message] of cases) await expect(restore(DATA_DIR, file), file).rejects.toThrow(message);
  const text = await command(['restore', join(folder, 'text.db.gz'), ...why], { DATA_DIR });
  expect(text).toMatchObject({ code: 2, stderr: expect.stringContaining('no SQLite database') as string });
  expect((await command(['restore', good, '--by', ' ', '--reason', 'x'], { DATA_DIR })).code).toBe(2);
  expect((await command(['restore', good], { DATA_DIR })).code).toBe(2);
  expect(existsSync(join(DATA_DIR, 'backups'))).toBe(false);
  expect(readdirSync(DATA_DIR).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(sqlite3(DATA_DIR, 'SELECT count(*) FROM accounts; SELECT count(*) FROM audit')).toBe('20\n20\n');
});

test('a restore that was killed leaves a mess that the next one clears, and the database as it was', async () => {
  const DATA_DIR = await dataOf(1);
  const backup = await backUp(DATA_DIR);
  mkdirSync(join(DATA_DIR, '.restore-abc123'));
  copyFileSync(databasePath(DATA_DIR), join(DATA_DIR, '.restore-abc123', 'spendcloud.db'));
  await restore(DATA_DIR, backup);
  expect(readdirSync(DATA_DIR).filter((name) => name.startsWith('.'))).toEqual([]);
});
