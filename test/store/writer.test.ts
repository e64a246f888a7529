import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { writer } from '../../shared/store/writer.ts';
import { temporaryFolder } from '../helpers.ts';

function table() {
  const db = new Database(join(temporaryFolder(), 'test.db'));
  onTestFinished(() => void db.close());
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE words (word TEXT PRIMARY KEY) STRICT');
  const insert = db.prepare('INSERT INTO words (word) VALUES (?)');
  return {
    db,
    add: (word: string) => insert.run(word).changes,
    words: () => db.prepare('SELECT word FROM words ORDER BY word').pluck().all(),
  };
}

test('changes that wait at the same moment are committed together', async () => {
  const { db, add, words } = table();
  const { write, counts } = writer(db);
  await Promise.all(['a', 'b', 'c'].map((word) => write(() => add(word))));
  expect(words()).toEqual(['a', 'b', 'c']);
  expect(counts).toEqual({ commits: 1, changes: 3 });
});

test("one caller's failure undoes all of its own work and nobody else's", async () => {
  const { db, add, words } = table();
  const { write } = writer(db);
  const results = await Promise.allSettled([
    write(() => add('a')),
    write(() => {
      add('b');
      add('a');
    }),
    write(() => add('c')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } });
  expect(words()).toEqual(['a', 'c']);
});

test('an answer comes only after the commit', async () => {
  const { db, add } = table();
  const { write } = writer(db);
  const other = new Database(db.name, { readonly: true });
  onTestFinished(() => void other.close());
  await write(() => add('a'));
  expect(other.prepare('SELECT word FROM words').pluck().all()).toEqual(['a']);
});

test.each([
  ['WAL', 'a large cache', -2000],
  ['DELETE', 'a small cache, so that it fails inside a statement', 5],
])(
  'a database that is full in journal mode %s with %s fails every caller of the batch, keeps nothing, and recovers',
  async (journal, _cache, cacheSize) => {
    const { db, add, words } = table();
    db.pragma(`journal_mode = ${journal}`);
    db.pragma(`cache_size = ${cacheSize}`);
    const { write } = writer(db);
    await write(() => add('before'));
    db.pragma(`max_page_count = ${(db.pragma('page_count', { simple: true }) as number) + 10}`);
    const large = (name: string) => write(() => add(name + 'x'.repeat(100_000)));
    const results = await Promise.allSettled([
      write(() => add('small')),
      large('1'),
      large('2'),
      write(() => add('late')),
    ]);
    for (const result of results)
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'unavailable', message: expect.stringMatching(/disk is full/) as string },
      });
    expect(words()).toEqual(['before']);
    db.pragma('max_page_count = 1000000');
    await write(() => add('after'));
    expect(words()).toEqual(['after', 'before']);
  },
);

test('a change that throws does not stop those that come later', async () => {
  const { db, add, words } = table();
  const { write, idle } = writer(db);
  await expect(
    write(() => {
      throw new RangeError('a bug');
    }),
  ).rejects.toThrow(RangeError);
  for (let number = 0; number < 600; number += 1) void write(() => add(String(number)));
  await idle();
  expect(words()).toHaveLength(600);
});

test.each(['WAL', 'DELETE'])(
  'while another process has the database in journal mode %s the event loop lives, and each waits for itself',
  async (journal) => {
    const { db, add, words } = table();
    db.pragma(`journal_mode = ${journal}`);
    db.pragma('busy_timeout = 0');
    const other = new Database(db.name);
    onTestFinished(() => void other.close());
    const { write, failure } = writer(db, { patienceMilliseconds: 300 });
    other.exec('BEGIN EXCLUSIVE');
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 5);
    const early = await Promise.allSettled([write(() => add('early')), write(() => add('early too'))]);
    clearInterval(counting);
    for (const outcome of early)
      expect(outcome).toMatchObject({
        reason: { code: 'unavailable', message: expect.stringMatching(/Another process is writing/) as string },
      });
    expect(turns).toBeGreaterThan(5);
    expect(failure()?.message).toMatch(/SQLITE_BUSY/);

    const late = write(() => add('late'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    other.exec('ROLLBACK');
    await late;
    expect(failure()).toBeUndefined();
    expect(words()).toEqual(['late']);
  },
);

test('without a WAL a commit waits for those who read, and keeps nobody from reading', async () => {
  const { db, add, words } = table();
  db.pragma('journal_mode = DELETE');
  db.pragma('busy_timeout = 0');
  const reader = new Database(db.name, { timeout: 0 });
  onTestFinished(() => void reader.close());
  reader.exec('BEGIN; SELECT * FROM words');
  const { write } = writer(db);
  const written = write(() => add('a'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(words()).toEqual([]);
  reader.exec('COMMIT');
  await written;
  expect(words()).toEqual(['a']);
});

test('a commit is told only once the files are sure to hold it', async () => {
  const { db, add, words } = table();
  let looks = 0;
  const { write, failure } = writer(db, { files: watching(() => (looks += 1) !== 2 && looks !== 4) });
  expect(await write(() => add('a'))).toBe(1);
  expect([looks, words()]).toEqual([3, ['a']]);
  expect(await write(() => add('b'))).toBe(1);
  const gone = new AppError('unavailable', 'the log was cut');
  const files = watching(() => words().length < 3 || fail(gone));
  const cut = writer(db, { files });
  await expect(cut.write(() => add('c'))).rejects.toBe(gone);
  await expect(cut.write(() => add('d'))).rejects.toBe(gone);
  expect([cut.failure(), failure(), words()]).toEqual([gone, undefined, ['a', 'b', 'c']]);
});

const watching = (isSure: () => boolean) => ({ isSure, isUntouched: () => false, tidy: () => undefined });

function fail(error: Error): never {
  throw error;
}
