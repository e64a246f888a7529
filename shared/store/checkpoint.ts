import Database from 'better-sqlite3';
import type { Connection } from './open.ts';
import { isStorageFailure } from './writer.ts';

/** Runs work during which the commits of a connection move nothing out of the WAL: for work that does it itself, in another thread, at its end. */
export type WithoutCheckpoints = <T>(work: () => Promise<T>) => Promise<T>;

export function withoutCheckpoints(db: Connection): WithoutCheckpoints {
  const usual = db.pragma('wal_autocheckpoint', { simple: true }) as number;
  let running = 0;
  return async (work) => {
    running += 1;
    db.pragma('wal_autocheckpoint = 0');
    try {
      return await work();
    } finally {
      running -= 1;
      if (running === 0 && db.open) db.pragma(`wal_autocheckpoint = ${usual}`);
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
