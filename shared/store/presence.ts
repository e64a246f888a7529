import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { libraryFault } from '../library-fault.ts';
import { isStorageFailure } from './writer.ts';

// A command that looks whether it may be alone holds others up for an instant.
const patienceMilliseconds = 2000;

/**
 * Says, for as long as this process works on a data folder, that it does: any number of processes may, and none while one wants to be
 * alone. The operating system forgets it when the process dies, so nobody waits for a server that was killed. Gives the way out.
 */
export function enter(dataDir: string): () => void {
  const db = openLock(dataDir, patienceMilliseconds);
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get(); // takes the shared lock, which lasts as long as the transaction
  } catch (error) {
    db.close();
    if (!isStorageFailure(error)) throw error;
    throw new AppError('unavailable', `A restore of ${dataDir} is under way; wait until it is done`, { cause: error });
  }
  return () => void db.close();
}

/** The same for a process that wants the data folder to itself; undefined while any other is in it. */
export function enterAlone(dataDir: string): (() => void) | undefined {
  const db = openLock(dataDir, 0);
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isStorageFailure(error)) return undefined;
    throw error;
  }
  return () => void db.close();
}

function openLock(dataDir: string, timeout: number): Database.Database {
  const path = join(dataDir, 'app.lock');
  try {
    mkdirSync(dataDir, { recursive: true });
    return new Database(path, { timeout });
  } catch (error) {
    const fault = libraryFault(error);
    if (fault) throw fault;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new AppError(
      'unavailable',
      `The lock ${path} cannot be opened (${reason}); check that DATA_DIR exists, can be written and has room`,
      { cause: error },
    );
  }
}
