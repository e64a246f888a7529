import { randomBytes } from 'node:crypto';
import { closeSync, createReadStream, createWriteStream, openSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { syncFolder } from '../export/file-writer.ts';
import { openReading } from '../store/open.ts';
import { isStorageFailure } from '../store/writer.ts';
import { unfinishedName } from './names.ts';
import { counting, type Progress } from '../progress.ts';

/** What the worker thread gets. */
export interface BackupTask {
  databasePath: string;
  /** Where the backup goes; it appears there complete or not at all. */
  file: string;
}

export interface WrittenBackup {
  file: string;
  /** Compressed, and as a database. */
  bytes: number;
  databaseBytes: number;
}

// Enough to be quick, few enough for a bar that moves.
const pagesTogether = 8192;

/** Copies the database while it is in use, proves the copy, and keeps it compressed. */
export async function writeBackup({ databasePath, file }: BackupTask, progress: Progress): Promise<WrittenBackup> {
  const unfinished = (end: string) =>
    join(dirname(file), unfinishedName(basename(file), `${randomBytes(4).toString('hex')}.${end}`));
  const copy = unfinished('copy');
  const packed = unfinished('partial');
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await copyDatabase(databasePath, copy, progress);
    prove(copy);
    const { size } = await stat(copy);
    const count = counting((done) => progress('compressing', done, size));
    const gzip = createGzip();
    await pipeline(
      createReadStream(copy),
      count,
      gzip,
      createWriteStream(packed, { flags: 'wx', mode: 0o600, flush: true }),
    );
    const { size: bytes } = await stat(packed);
    await rename(packed, file);
    syncFolder(dirname(file));
    return { file, bytes, databaseBytes: size };
  } catch (error) {
    throw cannotBackUp(error, dirname(file));
  } finally {
    for (const left of [copy, `${copy}-journal`, packed]) await rm(left, { force: true }).catch(() => undefined); // the first failure is the one to tell
  }
}

/** One snapshot held from the first page to the last: who writes meanwhile neither waits nor makes the copy start over. */
async function copyDatabase(databasePath: string, copy: string, progress: Progress): Promise<void> {
  closeSync(openSync(copy, 'wx', 0o600)); // personal data: for this user only
  const source = openReading(databasePath);
  try {
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(copy, {
      progress: ({ totalPages, remainingPages }) => {
        progress('copying', totalPages - remainingPages, totalPages);
        return pagesTogether;
      },
    });
  } finally {
    source.close();
  }
}

function prove(copy: string): void {
  const db = new Database(copy);
  try {
    db.pragma('journal_mode = DELETE'); // so that the copy is one file; the connector takes it back to WAL
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok')
      throw new AppError(
        'unavailable',
        'The database is damaged, so the copy was not kept; see docs/backup-and-restore.md',
      );
  } finally {
    db.close();
  }
}

/** The same failure as a sentence for whoever makes the backup. */
export function cannotBackUp(error: unknown, folder: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC' || code === 'SQLITE_FULL')
    return new AppError('unavailable', `The backup could not be written: the disk of ${folder} is full; make room`);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return new AppError(
      'unavailable',
      `The database is damaged (${code}), so no backup of it can be made; restore one`,
    );
  if (isStorageFailure(error) || code.startsWith('E'))
    return new AppError('unavailable', `The backup could not be written to ${folder} (${code}); check that folder`);
  return error;
}
