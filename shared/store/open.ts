import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { withoutCheckpoints, type WithoutCheckpoints } from './checkpoint.ts';
import { makeDataFolder } from './data-folder.ts';
import { erasureKey, type ErasureKey } from './erasure-key.ts';
import { unsafeFileSystem } from './file-system.ts';
import { inPlace, type InPlace } from './in-place.ts';
import { lasting } from './lasting.ts';
import { migrate } from './migrations.ts';

export type Connection = Database.Database;

export interface OpenDatabase {
  /** The one connection that writes, inside the transactions of `writer.ts`. */
  writing: Connection;
  /** Reads committed data, and keeps its own snapshot while it does. */
  reading: Connection;
  path: string;
  erasureKey: ErasureKey;
  /** For a long read in another thread. */
  withoutCheckpoints: WithoutCheckpoints;
  /** Whether the files are still what this connection writes to. */
  files: InPlace;
  close(): void;
}

// Up to 3.51.2 two connections could corrupt a WAL that was being reset (sqlite.org/wal.html, section 11).
const oldestSqlite = [3, 51, 3];
const busyMilliseconds = 5000;
// In the thread that answers everybody; the one connection that writes there does not wait at all, see `writer.ts`.
const busyAmongCallsMilliseconds = 250;

/** Opens, checks and migrates `spendcloud.db` in the data folder, which is made if it is not there. The key for digests of erased persons may lie elsewhere. */
export function openDatabase(dataDir: string, log: Log, keyFolder = dataDir): OpenDatabase {
  const path = databasePath(dataDir);
  refuseOrphanedLog(path);
  const writer = lasting(() => openWriting(dataDir, path, log));
  const reader = lasting(() => openReading(path, busyAmongCallsMilliseconds));
  const { connection: writing } = writer;
  const { connection: reading } = reader;
  const renew = () => {
    for (const { close } of [reader, writer]) close();
    for (const { open } of [writer, reader]) open();
  };
  try {
    const files = inPlace({ db: writing, path, renew, log });
    return {
      writing,
      reading,
      path,
      erasureKey: erasureKey(keyFolder, writing),
      withoutCheckpoints: withoutCheckpoints(files),
      files,
      close: () => closeAll(writing, reading, files),
    };
  } catch (error) {
    reading.close();
    writing.close();
    throw asAppError(error, path);
  }
}

export function databasePath(dataDir: string): string {
  return join(dataDir, 'spendcloud.db');
}

/** A connection that can only read: for lists, previews and, one of its own, the dump. */
export function openReading(path: string, timeout = busyMilliseconds): Connection {
  const reading = new Database(path, { readonly: true, fileMustExist: true, timeout });
  reading.pragma('foreign_keys = ON');
  return reading;
}

function openWriting(dataDir: string, path: string, log: Log): Connection {
  const writing = connect(dataDir, path);
  try {
    refuseOldSqlite(writing);
    setJournal(writing, dataDir, log);
    setUp(writing);
    migrate(writing);
    keepTemporaryInMemory(writing);
    writing.pragma('busy_timeout = 0'); // from here on the writer waits, and the event loop does not
    return writing;
  } catch (error) {
    writing.close();
    throw asAppError(error, path);
  }
}

/**
 * The last connection that closes moves the log into the database and removes it. Where one of them is not what was written any more the log may be all that
 * is left of the last changes: a connection that only reads cannot do that, so it closes last.
 */
function closeAll(writing: Connection, reading: Connection, files: InPlace): void {
  const [first, last] = areInPlace(files) ? [reading, writing] : [writing, reading];
  first.close();
  last.close();
  files.close();
}

function areInPlace(files: InPlace): boolean {
  try {
    return files.isSure();
  } catch {
    return false;
  }
}

/** SQLite takes a database that is gone or empty for a new one, and removes the log beside it, which may hold the last that is left. */
export function refuseOrphanedLog(path: string): void {
  const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size(path) > 0 || size(`${path}-wal`) === 0) return;
  throw new AppError(
    'unavailable',
    `The database ${path} is empty or gone, and its log ${path}-wal is there: it was cut or removed while the connector worked with it. ` +
      'Restore a backup: spendcloud restore FILE. To begin with an empty database instead, move the log elsewhere',
  );
}

function connect(dataDir: string, path: string): Connection {
  try {
    makeDataFolder(dataDir);
    closeSync(openSync(path, 'a', 0o600)); // personal data: for this user only, and so the WAL beside it
    return new Database(path, { timeout: busyMilliseconds });
  } catch (error) {
    throw asAppError(error, path);
  }
}

/** All of this is per connection and must be said on every open; only the journal mode stays with the file. */
function setUp(db: Connection): void {
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('secure_delete = ON'); // what is erased later must not be left in a page from an earlier change
  db.pragma('recursive_triggers = ON'); // else INSERT OR REPLACE would slip past the audit table's delete trigger
  db.pragma('journal_size_limit = 67108864');
  db.pragma('wal_autocheckpoint = 0'); // the writer does it, once it is sure of the files: within a commit nobody could look first
}

/**
 * What SQLite would put into temporary files, above all the pages that each change of a shared transaction may have to give back.
 * After the migrations: what those sort may be large.
 */
function keepTemporaryInMemory(db: Connection): void {
  db.pragma('temp_store = MEMORY');
}

/** Writes the file anew without what was deleted, by way of a temporary file: the whole database would be too much for memory. */
export function vacuum(db: Connection): void {
  db.pragma('temp_store = FILE');
  try {
    db.exec('VACUUM');
  } finally {
    keepTemporaryInMemory(db);
  }
}

function setJournal(db: Connection, dataDir: string, log: Log): void {
  const fileSystem = unsafeFileSystem(dataDir);
  if (!fileSystem && db.pragma('journal_mode = WAL', { simple: true }) === 'wal') return;
  db.pragma('journal_mode = DELETE');
  const why = fileSystem ? `it lies on ${fileSystem}` : 'its file system refuses a WAL';
  log.warn(
    { dataDir, fileSystem },
    `DATA_DIR is not safe for a database in full use: ${why}. Working with the slower DELETE journal; ` +
      'move DATA_DIR to a local disk or a named Docker volume, because shares of this kind can corrupt SQLite files',
  );
}

function refuseOldSqlite(db: Connection): void {
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  if (atLeast(version, oldestSqlite)) return;
  throw new AppError(
    'invalid-settings',
    `SQLite ${version} can corrupt a database in WAL mode; ${oldestSqlite.join('.')} or newer is needed (npm ci installs it)`,
  );
}

/** Compares dotted versions: `atLeast('3.54.1', [3, 51, 3])`. */
export function atLeast(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of oldest.entries()) {
    const found = parts[index] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

function asAppError(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new AppError(
    'unavailable',
    `The database ${path} cannot be opened (${reason}); check that DATA_DIR exists, can be written and has room`,
    { cause: error },
  );
}
