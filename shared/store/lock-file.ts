import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { libraryFault } from '../library-fault.ts';
import { makeDataFolder } from './data-folder.ts';
import type { Connection } from './open.ts';
import { isStorageFailure } from './writer.ts';

/**
 * Opens a file that processes lock against each other, and makes it where it is not there. Throws `unavailable` where this user cannot write to it:
 * SQLite would open it to read, and then give its lock to everybody who asks.
 */
export function openLockFile(path: string, timeout: number): Connection {
  let db;
  try {
    makeDataFolder(dirname(path));
    makeForThisUser(path);
    db = new Database(path, { timeout });
    accessSync(path, constants.W_OK); // opening and closing it ourselves would drop the locks that this process has on it
    return db;
  } catch (error) {
    db?.close();
    throw libraryFault(error) ?? cannotLock(path, error);
  }
}

/** Whoever may read it could hold the lock for good. It is not opened where it is there: closing it again would drop the locks that this process has on it. */
function makeForThisUser(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process made it meanwhile
  }
}

/** Whether somebody else has the lock: any other failure is one. */
export function isHeld(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code));
}

/** A failure to lock as a sentence with the cure; what is not of the disk is a fault of ours and stays as it is. */
export function lockFault(path: string, error: unknown): unknown {
  return isStorageFailure(error) ? cannotLock(path, error) : error;
}

function cannotLock(path: string, error: unknown): AppError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new AppError(
    'unavailable',
    `The lock ${path} cannot be used (${reason}); check that DATA_DIR exists, can be written and has room, and that all files in it belong to the user who runs the connector`,
    { cause: error },
  );
}
