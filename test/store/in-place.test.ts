import Database from 'better-sqlite3';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { silent } from '../../shared/log.ts';
import { checkpoint } from '../../shared/store/checkpoint.ts';
import { openDatabase, openReading, vacuum } from '../../shared/store/open.ts';
import { writer } from '../../shared/store/writer.ts';
import { temporaryFolder } from '../helpers.ts';

/** A database with a log, some facts in the file and one in the log. */
function started(folder = temporaryFolder()) {
  const warnings: string[] = [];
  const database = openDatabase(folder, { ...silent, warn: (_facts, message) => warnings.push(message) });
  onTestFinished(() => database.close());
  const { path, files } = database;
  const put = database.writing.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)');
  const { write } = writer(database.writing, { files });
  const add = (name: string) => write(() => put.run(name, 'x'.repeat(2000)).changes);
  const fill = async () => {
    for (let number = 0; number < 20; number += 1) await add(String(number));
    checkpointBy(path);
    await add('in the log');
  };
  return { ...database, add, fill, warnings, folder };
}

/** What another process of ours does, such as a command. */
function checkpointBy(path: string): void {
  checkpoint(path);
}

function namesIn(path: string): unknown[] {
  const db = openReading(path);
  try {
    return db.prepare('SELECT name FROM facts ORDER BY name').pluck().all();
  } finally {
    db.close();
  }
}

const overwriteWith = (other: string) => (path: string) => writeFileSync(path, readFileSync(other));

test.each<[string, (path: string) => void, RegExp]>([
  ['is cut to nothing', (path) => truncateSync(path, 0), /spendcloud\.db was cut from \d+ to 0 bytes/],
  ['is cut in the middle', (path) => truncateSync(path, 8192), /spendcloud\.db was cut from \d+ to 8192 bytes/],
  ['is overwritten', (path) => overwriteWith(path)(path), /spendcloud\.db was overwritten/],
  ['is removed', (path) => rmSync(path), /spendcloud\.db was removed/],
  ['loses the content of its log', (path) => truncateSync(`${path}-wal`, 0), /-wal was cut to 0 of/],
  ['loses the end of its log', (path) => truncateSync(`${path}-wal`, 40), /-wal was cut to 40 of/],
  [
    'has its log overwritten',
    (path) => writeFileSync(`${path}-wal`, Buffer.alloc(statSync(`${path}-wal`).size)),
    /-wal was overwritten/,
  ],
  [
    'has its log replaced',
    (path) => {
      copyFileSync(`${path}-wal`, `${path}-wal.copy`);
      renameSync(`${path}-wal.copy`, `${path}-wal`);
    },
    /-wal was replaced by another file/,
  ],
  [
    'has the index of its log replaced',
    (path) => {
      copyFileSync(`${path}-shm`, `${path}-shm.copy`);
      renameSync(`${path}-shm.copy`, `${path}-shm`);
    },
    /-shm was replaced by another file/,
  ],
])('a change is refused once the database %s', async (_how, harm, says) => {
  const { path, add, fill } = started();
  await fill();
  harm(path);
  for (const name of ['lost', 'lost too'])
    await expect(add(name)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(says) as string,
    });
});

test.each<[string, (path: string, other: string) => void]>([
  ['the database is cut', (path) => truncateSync(path, 0)],
  ['the database is overwritten by an older one', (path, older) => overwriteWith(older)(path)],
  ['the log is cut', (path) => truncateSync(`${path}-wal`, 0)],
  ['the log is overwritten by an older one', (path, older) => overwriteWith(`${older}-wal`)(`${path}-wal`)],
])('a change during which %s is not told as done', async (_how, harm) => {
  const { path, folder, fill, writing, files } = started();
  await fill();
  const older = `${folder}/older.db`;
  for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${older}${end}`);
  checkpointBy(path);
  const { write } = writer(writing, { files });
  const put = writing.prepare('INSERT INTO facts (name, value) VALUES (?, ?)');
  await write(() => put.run('after', 'a')); // the log begins again
  const change = write(() => {
    harm(path, older);
    return put.run('lost', 'x'.repeat(2000));
  });
  await expect(change).rejects.toMatchObject({ code: 'unavailable' });
});

test.each([['log'], ['log', 'index']])(
  'a removed %s %s is saved: what it held is in the database, and the next log is used',
  async (...what) => {
    const { path, add, fill, warnings, close } = started();
    await fill();
    for (const end of what) rmSync(end === 'log' ? `${path}-wal` : `${path}-shm`);
    await add('after');
    expect(warnings).toEqual([expect.stringMatching(/log of the database was removed.*nothing was lost/)]);
    expect(namesIn(path)).toEqual(expect.arrayContaining(['in the log', 'after']));
    await add('later');
    expect(namesIn(path)).toContain('later');
    close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(namesIn(path)).toHaveLength(23);
  },
);

test('a log that is removed while a change is made is saved before the change is told', async () => {
  const { path, fill, writing, reading, files } = started();
  await fill();
  const { write } = writer(writing, { files });
  const put = writing.prepare('INSERT INTO facts (name, value) VALUES (?, ?)');
  const read = reading.prepare('SELECT count(*) FROM facts').pluck();
  await write(() => {
    rmSync(`${path}-wal`);
    return put.run('told', 'a');
  });
  expect(namesIn(path)).toContain('told');
  expect(read.get()).toBe(22);
});

test('while another thread reads by way of a removed log nothing is told, and afterwards all goes on', async () => {
  const { path, add, fill, withoutCheckpoints, files } = started();
  await fill();
  const reader = openReading(path);
  reader.exec('BEGIN; SELECT count(*) FROM facts');
  await expect(
    withoutCheckpoints(async () => {
      rmSync(`${path}-wal`);
      expect(files.isSure()).toBe(false);
      reader.close();
    }),
  ).resolves.toBeUndefined();
  await add('after');
  expect(namesIn(path)).toContain('after');
});

test('a long read is refused where the files are not those that are written to', async () => {
  const { path, fill, withoutCheckpoints } = started();
  await fill();
  const harmedMeanwhile = withoutCheckpoints(async () => truncateSync(path, 0));
  await expect(harmedMeanwhile).rejects.toThrow(/was cut/);
  await expect(withoutCheckpoints(async () => 'read')).rejects.toThrow(/was cut/);
});

test('what other processes of ours do raises no alarm', async () => {
  const { path, add, fill, writing, files } = started();
  await fill();
  const other = new Database(path);
  onTestFinished(() => void other.close());
  const put = other.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)');
  const acts = [
    () => put.run('other', 'a'),
    () => checkpointBy(path),
    () => other.pragma('wal_checkpoint(TRUNCATE)'),
    () => vacuum(other),
    () => other.pragma('wal_checkpoint(TRUNCATE)'),
    () => other.exec("DELETE FROM facts WHERE name < '5'; VACUUM"),
    () => other.pragma('wal_checkpoint(RESTART)'),
    () => Array.from({ length: 1200 }, (_, number) => put.run(`many ${number}`, 'b'.repeat(2000))),
    () => other.exec('DELETE FROM facts; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'),
    () =>
      other.exec(
        "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO facts VALUES ('last', '')",
      ),
    () => other.close(),
  ];
  for (const act of acts) {
    act();
    expect(files.isSure(), String(act)).toBe(true);
    await add('ours');
  }
  const moved = files.moving();
  writing.pragma('wal_checkpoint(TRUNCATE)');
  vacuum(writing);
  writing.pragma('wal_checkpoint(TRUNCATE)');
  moved();
  expect(files.isSure()).toBe(true);
});

test('a database that was harmed leaves its log as it is when it is closed', async () => {
  const { path, add, fill, close } = started();
  await fill();
  const log = readFileSync(`${path}-wal`);
  truncateSync(path, 0);
  await expect(add('lost')).rejects.toThrow(/was cut/);
  close();
  expect(statSync(path).size).toBe(0);
  expect(readFileSync(`${path}-wal`)).toEqual(log);
});

test.each([
  ['was cut to nothing', (path: string) => truncateSync(path, 0)],
  ['is gone', (path: string) => rmSync(path)],
])('a log whose database %s is kept, and no new database is begun beside it', async (_what, harm) => {
  const { path, folder, fill, close, add } = started();
  await fill();
  truncateSync(path, 0);
  await expect(add('lost')).rejects.toThrow();
  close();
  harm(path);
  expect(() => openDatabase(folder, silent)).toThrow(/spendcloud\.db is empty or gone.*restore/);
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
});
