import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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
