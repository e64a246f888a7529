import { closeSync, copyFileSync, existsSync, linkSync, openSync, readSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { syncFolder } from '../export/file-writer.ts';
import type { TrailHead } from '../store/audit.ts';
import { replacedName } from './names.ts';
import { sqliteStart } from './unpack.ts';

/** The database that is to be replaced. */
export interface Before {
  /** Where it is kept; null when there is none. */
  kept: string | null;
  /** Its newest entry; null when it cannot be read. */
  trail: TrailHead | null;
}

const besides = ['-wal', '-shm', '-journal'];

/** Looks at the database that is in place and says where it will be kept. A sound one is brought into one file; a damaged one is left as it is. */
export function leaveReplaced(current: string, folder: string, now: Date): Before {
  if (!existsSync(current)) return { kept: null, trail: null };
  return { kept: join(folder, replacedName(now)), trail: settleAndRead(current) };
}

/** Puts the new database in place in one step; the old one is kept first, so that no moment is without one. */
export function replaceDatabase(fresh: string, current: string, { kept }: Before): void {
  if (kept !== null) {
    for (const end of besides) if (existsSync(current + end)) renameSync(current + end, kept + end);
    keep(current, kept);
    syncFolder(dirname(kept));
  }
  renameSync(fresh, current);
  syncFolder(dirname(current));
}

function keep(current: string, kept: string): void {
  try {
    linkSync(current, kept);
  } catch {
    copyFileSync(current, kept); // a file system without links
  }
}

function settleAndRead(current: string): TrailHead | null {
  if (!startsLikeSqlite(current)) return null; // opening it would only change what somebody may want to look at
  let db;
  try {
    db = new Database(current, { timeout: 0 });
    db.pragma('locking_mode = EXCLUSIVE'); // fails where anything at all has it open, the sqlite3 command too
    db.exec('BEGIN IMMEDIATE; COMMIT');
    db.pragma('wal_checkpoint(TRUNCATE)');
    return db.prepare<[], TrailHead>('SELECT entry, hash FROM audit ORDER BY entry DESC LIMIT 1').get() ?? null;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (!/^SQLITE_(BUSY|LOCKED)/.test(String(error.code))) return null; // damaged, or not ours: that is why it is replaced
    throw new AppError('conflict', `The database ${current} is open in another program; close that first`, {
      cause: error,
    });
  } finally {
    db?.close();
  }
}

function startsLikeSqlite(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(sqliteStart.length);
    readSync(descriptor, start);
    return start.toString('latin1') === sqliteStart;
  } finally {
    closeSync(descriptor);
  }
}
