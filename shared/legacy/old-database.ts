import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import type { OldDatabase } from '../domain/legacy/old-rows.ts';
import { AppError } from '../errors.ts';
import { findLayout, readTables } from './old-tables.ts';

type Connection = Database.Database;

const busyMilliseconds = 2000;

/**
 * Reads the two tables of the earlier connector in one snapshot. The file is opened for reading only; one in WAL mode, in which even
 * a reader leaves files beside it, is read from a copy. Throws `unreadable` with one sentence on why it cannot be used.
 */
export function readOldDatabase(path: string): OldDatabase {
  if (!usesWal(path)) return readFrom(path, path);
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-legacy-'));
  try {
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return readFrom(copy, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readFrom(file: string, named: string): OldDatabase {
  let db: Connection | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: busyMilliseconds });
    db.exec('BEGIN');
    const layout = findLayout(db);
    if (layout.kind === 'other') throw notTheDatabase(named, layout.why);
    refuseDamage(db, named);
    return readTables(db, layout.kind);
  } catch (error) {
    throw error instanceof AppError ? error : unusable(named, error);
  } finally {
    db?.close();
  }
}

function refuseDamage(db: Connection, path: string): void {
  if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged(path);
}

// Bytes 18 and 19 of the header are the versions needed to write and to read: 2 is WAL.
function usesWal(path: string): boolean {
  const header = Buffer.alloc(20);
  let length: number;
  try {
    const descriptor = openSync(path, 'r');
    try {
      length = readSync(descriptor, header);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unusable(path, error);
  }
  if (length === 0) throw refusal(path, 'is empty: the earlier connector never wrote into it, or it was copied badly');
  if (length < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw refusal(
      path,
      'is not an SQLite database; give the file that the setting "database" of the earlier connector names',
    );
  return header[18] === 2 || header[19] === 2;
}

function unusable(path: string, error: unknown): AppError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return refusal(path, 'does not exist', error);
  if (code === 'EISDIR') return refusal(path, 'is a folder', error);
  if (code?.startsWith('SQLITE_BUSY') || code?.startsWith('SQLITE_LOCKED'))
    return refusal(
      path,
      'is in use: another program is writing into it. Try again when HelloID is not enforcing',
      error,
    );
  if (code?.startsWith('SQLITE_READONLY'))
    return refusal(
      path,
      `was left in the middle of a write (${basename(path)}-journal lies beside it). Let the earlier connector finish, or copy both files to another folder and open that copy once with a program that may write, such as sqlite3`,
      error,
    );
  if (code?.startsWith('SQLITE_CORRUPT') || code?.startsWith('SQLITE_NOTADB')) return damaged(path, error);
  return refusal(path, `cannot be read (${code ?? 'unknown reason'})`, error);
}

function damaged(path: string, cause?: unknown): AppError {
  return refusal(
    path,
    'is damaged, or was copied only in part or while it was written. Copy it again while HelloID is not enforcing, with the file that ends in -journal if there is one',
    cause,
  );
}

function notTheDatabase(path: string, why: string): AppError {
  return refusal(path, `is an SQLite database, but not that of the earlier connector: ${why}`);
}

function refusal(path: string, why: string, cause?: unknown): AppError {
  return new AppError('unreadable', `${path} ${why}`, { cause });
}
