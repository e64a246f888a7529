import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { checkDatabase } from '../../shared/doctor/database.ts';
import { silent } from '../../shared/log.ts';
import { migrate, newestVersion } from '../../shared/store/migrations.ts';
import { openDatabase } from '../../shared/store/open.ts';
import { foreignSchema } from '../../shared/store/schema-proof.ts';
import { sqlite3 } from '../command.ts';
import { temporaryFolder } from '../helpers.ts';

const fixtures = fileURLToPath(new URL('../upgrade/fixtures', import.meta.url));

function inMemory(prepare: (db: Database.Database) => void): Database.Database {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  prepare(db);
  return db;
}

test('a database of every version is as its release made it', () => {
  for (let version = 1; version <= newestVersion; version += 1)
    expect(foreignSchema(inMemory((db) => migrate(db, version))), `version ${version}`).toEqual([]);
  for (const release of readdirSync(fixtures)) {
    const db = inMemory((made) => made.exec(readFileSync(join(fixtures, release, 'spendcloud.sql'), 'utf8')));
    expect(foreignSchema(db), release).toEqual([]);
    migrate(db);
    expect(foreignSchema(db), release).toEqual([]);
  }
});

test('what was added, changed or taken away is named, and what SQLite counts for itself is not', () => {
  const db = inMemory((made) => migrate(made));
  db.exec('ANALYZE');
  expect(foreignSchema(db)).toEqual([]);
  db.exec(`CREATE VIEW everybody AS SELECT * FROM accounts;
    CREATE TRIGGER stay AFTER DELETE ON roles BEGIN SELECT 1; END;
    DROP TRIGGER audit_keeps_values; CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit BEGIN SELECT 1; END;
    DROP INDEX audit_at`);
  expect(foreignSchema(db).toSorted()).toEqual([
    'index audit_at on audit is missing',
    'trigger audit_keeps_values on audit was changed',
    'trigger stay on roles was added',
    'view everybody was added',
  ]);
});

test('the doctor names a trigger that no release made', () => {
  const folder = temporaryFolder();
  openDatabase(folder, silent).close();
  expect(checkDatabase(folder).step).toMatchObject({ state: 'ok' });
  sqlite3(folder, 'CREATE TRIGGER stay AFTER DELETE ON roles BEGIN SELECT 1; END');
  expect(checkDatabase(folder).step).toMatchObject({
    state: 'failed',
    says: expect.stringContaining('trigger stay on roles was added') as string,
  });
});
