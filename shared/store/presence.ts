import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { isHeld, lockFault, openLockFile } from './lock-file.ts';

// A command that looks whether it may be alone holds others up for an instant.
const patienceMilliseconds = 2000;

/**
 * Says, for as long as this process works on a data folder, that it does: any number of processes may, and none while one wants to be
 * alone. The operating system forgets it when the process dies, so nobody waits for a server that was killed. Gives the way out.
 */
export function enter(dataDir: string): () => void {
  const path = lockIn(dataDir);
  const db = openLockFile(path, patienceMilliseconds);
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get(); // takes the shared lock, which lasts as long as the transaction
  } catch (error) {
    db.close();
    if (!isHeld(error)) throw lockFault(path, error);
    throw new AppError('unavailable', `A restore of ${dataDir} is under way; wait until it is done`, { cause: error });
  }
  return () => void db.close();
}

/** The same for a process that wants the data folder to itself; undefined while any other is in it. */
export function enterAlone(dataDir: string): (() => void) | undefined {
  const path = lockIn(dataDir);
  const db = openLockFile(path, 0);
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isHeld(error)) return undefined;
    throw lockFault(path, error);
  }
  return () => void db.close();
}

function lockIn(dataDir: string): string {
  return join(dataDir, 'app.lock');
}
