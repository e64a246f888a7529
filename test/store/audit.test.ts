import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { silent } from '../../shared/log.ts';
import {
  auditTrail,
  chainStart,
  detailDigest,
  link,
  type AuditDetail,
  type TrailHead,
} from '../../shared/store/audit.ts';
import { erasureDigest, verifyFile, verifyTrail, type Verification } from '../../shared/store/audit-verify.ts';
import { migrate } from '../../shared/store/migrations.ts';
import { databasePath, openDatabase } from '../../shared/store/open.ts';
import { sqlite3 } from '../command.ts';
import { temporaryFolder } from '../helpers.ts';

const removeGuards =
  'DROP TRIGGER audit_keeps_entries; DROP TRIGGER audit_keeps_values; DROP TRIGGER audit_detail_keeps_entries; DROP TRIGGER audit_detail_keeps_values;';

function detail(number: number): AuditDetail {
  return {
    outcome: 'updated',
    success: true,
    reference: `SC-${number}`,
    externalId: String(number),
    key: 'test',
    origin: null,
    requestId: null,
    before: null,
    after: null,
    messages: [`something about ${number}`],
  };
}

/** A closed database with a trail of so many entries, and its head. */
function trailOf(entries: number) {
  const folder = temporaryFolder();
  const { writing, reading, path, close } = openDatabase(folder, silent);
  const trail = auditTrail(writing, reading);
  writing.exec('BEGIN');
  for (let number = 1; number <= entries; number += 1)
    trail.append(`2026-01-01T00:00:${String(number % 60).padStart(2, '0')}.000Z`, 'update', number, detail(number));
  writing.exec('COMMIT');
  const head = trail.head();
  close();
  return { folder, path, head };
}

/** The trail, and the file it is in. */
function verify(path: string, known: TrailHead | null = null): Verification {
  const trail = verifyTrail(path, known);
  return trail.ok ? (verifyFile(path) ?? trail) : trail;
}

test('a trail that nobody touched verifies, and its head is that of its newest entry', () => {
  const { path, head } = trailOf(50);
  expect(head.entry).toBe(50);
  expect(verify(path)).toEqual({ ok: true, entries: 50, head: head.hash });
  expect(verify(path, head)).toEqual({ ok: true, entries: 50, head: head.hash });
});

test('an empty trail verifies', () => {
  const { path } = trailOf(0);
  expect(verify(path, { entry: 0, hash: chainStart })).toEqual({ ok: true, entries: 0, head: chainStart });
});

test.each([
  ['an edited time', "UPDATE audit SET at = '2025-01-01T00:00:00.000Z' WHERE entry = 7", 7, /does not follow/],
  ['an edited kind', "UPDATE audit SET kind = 'delete' WHERE entry = 7", 7, /does not follow/],
  ['an edited account', 'UPDATE audit SET account = 8 WHERE entry = 7', 7, /does not follow/],
  ['an edited digest', "UPDATE audit SET digest = 'x' WHERE entry = 7", 7, /does not follow/],
  ['an edited hash', "UPDATE audit SET hash = 'x' WHERE entry = 1", 1, /does not follow/],
  ['an edited detail', `UPDATE audit_detail SET detail = replace(detail, 'SC-7', 'SC-8') WHERE entry = 7`, 7, /detail/],
  ['a detail that is no JSON', `UPDATE audit_detail SET detail = 'nothing' WHERE entry = 7`, 7, /detail/],
  ['a detail with another salt', `UPDATE audit_detail SET salt = 'x' WHERE entry = 7`, 7, /detail/],
  ['a detail removed by hand', 'DELETE FROM audit_detail WHERE entry = 7', 7, /detail of entry 7 was removed/],
  ['an entry removed', 'DELETE FROM audit WHERE entry = 7; DELETE FROM audit_detail WHERE entry = 7', 7, /is missing/],
  ['the beginning removed', 'DELETE FROM audit_detail WHERE entry < 7; DELETE FROM audit WHERE entry < 7', 1, /7/],
  [
    'two entries exchanged',
    'UPDATE audit SET entry = 99 WHERE entry = 7; UPDATE audit SET entry = 7 WHERE entry = 8',
    7,
    /follow/,
  ],
  ['the end removed, its details left', 'DELETE FROM audit WHERE entry > 15', 16, /detail of entry 16 is there/],
])('%s, made with the sqlite3 command, is named', (_what, sql, brokenAt, reason) => {
  const { folder, path } = trailOf(20);
  sqlite3(folder, removeGuards + sql);
  expect(verify(path)).toEqual({ ok: false, brokenAt, reason: expect.stringMatching(reason) as string });
});

test('the sqlite3 command alone is stopped by the guards', () => {
  const { folder } = trailOf(3);
  for (const sql of ['DELETE FROM audit', 'UPDATE audit_detail SET detail = 1', 'DELETE FROM audit_detail'])
    expect(() => sqlite3(folder, sql)).toThrow(/append-only/);
});

test('an end that was cut off cleanly, and a trail rewritten as a whole, are found by who holds an earlier head', () => {
  const { folder, path, head } = trailOf(20);
  sqlite3(folder, `${removeGuards} DELETE FROM audit_detail WHERE entry > 15; DELETE FROM audit WHERE entry > 15`);
  expect(verify(path)).toMatchObject({ ok: true, entries: 15 });
  expect(verify(path, head)).toMatchObject({
    ok: false,
    brokenAt: 16,
    reason: expect.stringContaining('cut off') as string,
  });

  const rewritten = trailOf(20);
  expect(verify(rewritten.path, head)).toMatchObject({
    ok: false,
    brokenAt: 20,
    reason: expect.stringContaining('rewritten') as string,
  });
});

test('an erasure counts only as far as the trail itself has it on record', () => {
  const { path } = trailOf(20);
  const db = new Database(path);
  onTestFinished(() => void db.close());
  const trail = auditTrail(db, db);
  const erase = (entry: number, record: number, text = '{"outcome":"erased"}') => {
    db.prepare('INSERT INTO audit_erased VALUES (?, ?, ?)').run(record, entry, detailDigest('new', text));
    db.prepare("UPDATE audit_detail SET salt = 'new', detail = ? WHERE entry = ?").run(text, entry);
  };
  db.pragma('foreign_keys = OFF');
  erase(3, 21);
  erase(9, 21);
  trail.append('2026-02-01T00:00:00.000Z', 'erase', null, {
    ...detail(0),
    erased: { entries: 2, digest: erasureDigest(db, 21) },
  });
  expect(verify(path)).toMatchObject({ ok: true, entries: 21 });

  db.prepare("UPDATE audit_detail SET detail = '{}' WHERE entry = 9").run();
  expect(verify(path)).toMatchObject({ ok: false, brokenAt: 9 });
  db.prepare('UPDATE audit_detail SET detail = ? WHERE entry = 9').run('{"outcome":"erased"}');
  expect(verify(path)).toMatchObject({ ok: true });

  erase(12, 21); // slipped into a record that is there already
  expect(verify(path)).toMatchObject({ ok: false, brokenAt: 3 });
});

test('a connection whose triggers do not follow from one another cannot replace an entry either', () => {
  const { path } = trailOf(3);
  const db = new Database(path);
  onTestFinished(() => void db.close());
  db.pragma('foreign_keys = OFF');
  db.prepare("INSERT INTO audit_erased VALUES (3, 1, 'digest')").run();
  for (const sql of [
    "INSERT OR REPLACE INTO audit SELECT entry, at, 'delete', account, digest, hash FROM audit WHERE entry = 2",
    "REPLACE INTO audit_detail (entry, salt, detail) VALUES (2, 'salt', '{}')",
    "INSERT INTO audit_detail (entry, salt, detail) VALUES (2, 'salt', '{}') ON CONFLICT DO UPDATE SET detail = excluded.detail",
    "INSERT OR REPLACE INTO audit_erased VALUES (3, 1, 'other')",
    'UPDATE OR REPLACE audit SET entry = 2 WHERE entry = 3',
  ])
    expect(() => db.exec(sql), sql).toThrow(/append-only/);
  expect(verify(path)).toMatchObject({ ok: true, entries: 3 });
});

test('what was erased may be rewritten, nothing else, and the list of it is append-only', () => {
  const { path } = trailOf(3);
  const db = new Database(path);
  onTestFinished(() => void db.close());
  db.prepare("INSERT INTO audit_erased VALUES (3, 1, 'digest')").run();
  db.prepare("UPDATE audit_detail SET detail = '{}' WHERE entry = 1").run();
  for (const sql of [
    "UPDATE audit_detail SET detail = '{}' WHERE entry = 2",
    'UPDATE audit_detail SET entry = 9 WHERE entry = 1',
    'DELETE FROM audit_detail WHERE entry = 1',
    'DELETE FROM audit_erased',
    "UPDATE audit_erased SET digest = 'x'",
  ])
    expect(() => db.exec(sql), sql).toThrow(/append-only/);
});

test('a flipped byte is found wherever it stands in the trail, and damage to the structure is named as such', () => {
  const { folder, path } = trailOf(500);
  const hash = sqlite3(folder, 'SELECT hash FROM audit WHERE entry = 250').trim();
  const whole = readFileSync(path);
  const flip = (position: number) => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(position) ^ 0x10, position);
    writeFileSync(path, bytes);
    return verify(path);
  };
  expect(flip(whole.indexOf('something about 321'))).toMatchObject({ ok: false, brokenAt: 321 });
  expect(flip(whole.indexOf(hash))).toMatchObject({ ok: false, brokenAt: 250 });

  const pageSize = 4096;
  const found = [];
  for (let page = 1; page < whole.length / pageSize; page += 1) found.push(flip(page * pageSize)); // the kind of each page
  expect(found.every(({ ok }) => !ok)).toBe(true);
  expect(flip(3)).toMatchObject({
    ok: false,
    brokenAt: null,
    reason: expect.stringContaining('SQLITE_NOTADB') as string,
  });
});

test('a trail of the release before this one verifies after its migration', () => {
  const path = databasePath(temporaryFolder());
  const db = new Database(path);
  migrate(db, 1);
  let previous = chainStart;
  for (const entry of [1, 2, 3]) {
    const text = JSON.stringify(detail(entry));
    const digest = detailDigest('salt', text);
    const hash = link(previous, entry, '2026-01-01T00:00:00.000Z', 'create', null, digest);
    db.prepare('INSERT INTO audit VALUES (?, ?, ?, NULL, ?, ?)').run(
      entry,
      '2026-01-01T00:00:00.000Z',
      'create',
      digest,
      hash,
    );
    db.prepare('INSERT INTO audit_detail VALUES (?, ?, ?)').run(entry, 'salt', text);
    previous = hash;
  }
  expect(() => verify(path)).toThrow(/version 1.*start the connector once/);
  migrate(db);
  db.close();
  expect(verify(path)).toEqual({ ok: true, entries: 3, head: previous });
});
