import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silent } from '../../shared/log.ts';
import { checkpoint } from '../../shared/store/checkpoint.ts';
import { openDatabase, openReading } from '../../shared/store/open.ts';
import { writer } from '../../shared/store/writer.ts';
import { countInFileAlone, temporaryFolder } from '../helpers.ts';
import { canMount, smallDisk } from '../small-disk.ts';

function open(folder: string) {
  const database = openDatabase(folder, silent);
  onTestFinished(() => database.close());
  return database;
}

function openWithoutCheckpoints(folder: string) {
  const database = open(folder);
  database.writing.pragma('wal_autocheckpoint = 0');
  const put = database.writing.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)');
  return { ...database, put };
}

test('what lay in the WAL is in the file afterwards', () => {
  const { path, put } = openWithoutCheckpoints(temporaryFolder());
  checkpoint(path);
  for (let number = 0; number < 100; number += 1) put.run(String(number), 'x'.repeat(2000));
  expect(countInFileAlone(path, 'facts')).toBe(0);
  checkpoint(path);
  expect(countInFileAlone(path, 'facts')).toBe(100);
});

test('what a reader still needs stays where it is, and nobody loses anything', () => {
  const { path, put, reading } = openWithoutCheckpoints(temporaryFolder());
  put.run('1', 'before');
  const reader = openReading(path);
  reader.exec('BEGIN');
  const seen = () => reader.prepare("SELECT value FROM facts WHERE name = '1'").pluck().get();
  expect(seen()).toBe('before');
  put.run('1', 'after');
  checkpoint(path);
  expect(seen()).toBe('before');
  reader.close();
  expect(reading.prepare("SELECT value FROM facts WHERE name = '1'").pluck().get()).toBe('after');
});

test('while another thread reads for long, commits leave the WAL to it, and move it again afterwards', async () => {
  const { path, writing, files, withoutCheckpoints } = open(temporaryFolder());
  const { write } = writer(writing, { files });
  const put = writing.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)');
  const fill = (letter: string) =>
    write(() => {
      for (let number = 0; number < 1200; number += 1) put.run(String(number), letter.repeat(2000)); // more pages than the writer lets gather
    });
  const later = withoutCheckpoints(async () => Promise.resolve());
  await withoutCheckpoints(async () => {
    await later;
    await fill('a');
    expect(countInFileAlone(path, 'facts')).toBe(0);
  });
  await fill('b');
  expect(countInFileAlone(path, 'facts')).toBeGreaterThan(1000);
});

test('nothing happens to a database that has no WAL, or is not there', () => {
  const path = join(temporaryFolder(), 'plain.db');
  checkpoint(path);
  const db = new Database(path);
  onTestFinished(() => void db.close());
  db.exec("CREATE TABLE facts (name TEXT); INSERT INTO facts VALUES ('1')");
  checkpoint(path);
  expect(countInFileAlone(path, 'facts')).toBe(1);
});

test.runIf(canMount)('a disk that has no room for it is left to those who write', () => {
  const disk = smallDisk(4096);
  onTestFinished(() => disk.remove());
  const { path, put } = openWithoutCheckpoints(disk.directory);
  for (let number = 0; number < 100; number += 1) put.run(String(number), 'x'.repeat(2000));
  const makeRoom = disk.fill();
  checkpoint(path);
  makeRoom();
  checkpoint(path);
  expect(countInFileAlone(path, 'facts')).toBe(100);
});
