import Database from 'better-sqlite3';
import type { InPlace } from './in-place.ts';
import { isStorageFailure } from './writer.ts';

/**
 * Runs work during which commits move nothing out of the WAL: for work that does it itself, in another thread, at its end. Throws `unavailable` where
 * the files are not those that are written to, before the work or after it: what another thread read is then not to be trusted.
 */
export type WithoutCheckpoints = <T>(work: () => Promise<T>) => Promise<T>;

export function withoutCheckpoints(files: InPlace): WithoutCheckpoints {
  return async (work) => {
    files.isSure();
    const moved = files.moving();
    try {
      const result = await work();
      files.isSure();
      return result;
    } finally {
      moved();
    }
  };
}

/**
 * Moves what the WAL gathered into the database file. After a long read that is so much that the commit which SQLite would charge with it
 * keeps its callers waiting; in a worker thread nobody waits. Harmless to leave undone, and so it never fails.
 */
export function checkpoint(databasePath: string): void {
  try {
    const db = new Database(databasePath, { fileMustExist: true, timeout: 0 });
    try {
      db.pragma('synchronous = FULL');
      // Where somebody writes meanwhile SQLite leaves the sync to the next checkpoint, which then has little else to do.
      for (let time = 1; time <= 2; time += 1) db.pragma('wal_checkpoint(PASSIVE)');
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isStorageFailure(error)) throw error; // the next commit meets what is wrong, and says it to whoever waits for it
  }
}
