import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silent, type Log } from '../../shared/log.ts';
import { atLeast, openDatabase, vacuum } from '../../shared/store/open.ts';
import { temporaryFolder, testApp } from '../helpers.ts';
import { canMount } from '../small-disk.ts';

function open(folder: string, log: Log = silent) {
  const database = openDatabase(folder, log);
  onTestFinished(() => database.close());
  return database;
}

test('every open sets what SQLite forgets between connections', () => {
  const folder = temporaryFolder();
  openDatabase(folder, silent).close();
  const { writing, reading } = open(folder);
  const pragma = (name: string) => writing.pragma(name, { simple: true });
  writing.prepare("INSERT INTO facts VALUES ('a', 'b')").run(); // better-sqlite3's build lowers synchronous at the first write, unless it was set
  vacuum(writing);
  const names = ['journal_mode', 'synchronous', 'foreign_keys', 'recursive_triggers', 'busy_timeout', 'temp_store'];
  expect(names.map(pragma)).toEqual(['wal', 2, 1, 1, 0, 2]);
  expect(() => reading.prepare("INSERT INTO facts VALUES ('x', 'y')").run()).toThrow(/readonly/);
  expect(statSync(join(folder, 'spendcloud.db')).mode & 0o777).toBe(0o600);
});

test('a data folder that is made on the way is for this user only', async () => {
  const usual = join(temporaryFolder(), 'usual');
  mkdirSync(usual);
  const above = join(temporaryFolder(), 'above');
  const DATA_DIR = join(above, 'data');
  await testApp({ environment: { DATA_DIR } });
  const modes = [above, DATA_DIR].map((folder) => statSync(folder).mode & 0o777);
  expect(modes).toEqual([statSync(usual).mode & 0o777, 0o700]);
});

test('every table is strict', () => {
  const { reading } = open(temporaryFolder());
  const tables = reading
    .prepare<[], { name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    )
    .all();
  expect(tables.length).toBeGreaterThan(5);
  expect(tables.filter(({ strict }) => strict === 0)).toEqual([]);
});

test('a database of a newer program is refused and left as it is', () => {
  const folder = temporaryFolder();
  openDatabase(folder, silent).close();
  const db = new Database(join(folder, 'spendcloud.db'));
  db.pragma('user_version = 99');
  db.close();
  expect(() => openDatabase(folder, silent)).toThrow(/version 99.*newer release/);
});

test('a file that is no database, and a folder that cannot be made, are refused with a sentence', () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'spendcloud.db'),
    'this is not a database, but long enough to be taken for one'.repeat(100),
  );
  expect(() => openDatabase(folder, silent)).toThrow(/cannot be opened \(SQLITE_NOTADB\)/);
  writeFileSync(join(folder, 'file'), '');
  expect(() => openDatabase(join(folder, 'file', 'data'), silent)).toThrow(/cannot be opened/);
});

test('the audit trail takes no update, no delete and no replacement', () => {
  const { writing } = open(temporaryFolder());
  writing.exec(
    "INSERT INTO audit VALUES (1, 'at', 'kind', NULL, 'digest', 'hash'); INSERT INTO audit_detail VALUES (1, 'salt', '{}')",
  );
  for (const statement of [
    "UPDATE audit SET kind = 'x'",
    'DELETE FROM audit',
    "INSERT OR REPLACE INTO audit VALUES (1, 'at', 'other', NULL, 'digest', 'hash')",
    "UPDATE audit_detail SET detail = 'x'",
    'DELETE FROM audit_detail',
    "REPLACE INTO audit_detail VALUES (1, 'salt', '{\"a\":1}')",
  ]) {
    expect(() => writing.exec(statement), statement).toThrow(/append-only/);
  }
});

test('versions are compared number by number', () => {
  expect([
    atLeast('3.51.3', [3, 51, 3]),
    atLeast('3.54.1', [3, 51, 3]),
    atLeast('3.51.2', [3, 51, 3]),
    atLeast('3.9.9', [3, 51, 3]),
    atLeast('4.0', [3, 51, 3]),
  ]).toEqual([true, true, false, false, true]);
});

test.runIf(canMount)('on a file system that is not safe for a WAL the journal falls back, with a loud warning', () => {
  const folder = temporaryFolder();
  const [source, mount] = ['source', 'mount'].map((name) => join(folder, name)) as [string, string];
  mkdirSync(source);
  mkdirSync(mount);
  execFileSync('bindfs', [source, mount]); // a FUSE mount: what Docker Desktop's shares look like from within
  onTestFinished(() => void execFileSync('umount', [mount]));
  const warnings: string[] = [];
  const database = openDatabase(mount, { ...silent, warn: (_facts, message) => warnings.push(message) });
  try {
    expect(database.writing.pragma('journal_mode', { simple: true })).toBe('delete');
    expect(warnings).toEqual([expect.stringMatching(/not safe.*fuse/)]);
  } finally {
    database.close();
  }
});
