import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import Database from 'better-sqlite3';
import { AppError } from '../errors.ts';
import { counting, type Progress } from '../progress.ts';
import { newestVersion } from '../store/migrations.ts';
import { foreignSchema } from '../store/schema-proof.ts';

/** The first bytes of every SQLite database. */
export const sqliteStart = 'SQLite format 3\0';

/** Writes a backup, compressed or not, as a database file; throws `impossible` for what is not a whole backup of ours. */
export async function unpack(file: string, database: string, progress: Progress): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new AppError('not-found', `There is no file ${file} that can be read`);
  const start = await firstBytes(file);
  const isCompressed = start[0] === 0x1f && start[1] === 0x8b;
  if (!isCompressed && start.toString('latin1') !== sqliteStart) throw notABackup(file, 'it is no SQLite database');
  const count = counting((done) => progress('unpacking', done, found.size));
  const target = createWriteStream(database, { flags: 'wx', mode: 0o600, flush: true });
  try {
    if (isCompressed) await pipeline(createReadStream(file), count, createGunzip(), target);
    else await pipeline(createReadStream(file), count, target);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_')) throw notABackup(file, 'it is cut off or damaged', error);
    if (code === 'ENOSPC')
      throw new AppError('unavailable', 'The disk of DATA_DIR is full; make room for the restored database', {
        cause: error,
      });
    throw error;
  }
  if ((await firstBytes(database)).toString('latin1') !== sqliteStart)
    throw notABackup(file, 'no SQLite database is in it');
}

/** Proves that an unpacked file is a sound database of ours that this release can work with, and that there is somebody in it. */
export function proveRestorable(database: string, file: string): void {
  const db = new Database(database, { readonly: true, fileMustExist: true });
  try {
    db.pragma('trusted_schema = OFF'); // what stands in a schema runs no function that could do harm
    if (db.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw notABackup(file, 'it is damaged');
    const version = db.pragma('user_version', { simple: true }) as number;
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    if (version < 1 || !['accounts', 'audit', 'audit_detail', 'runs', 'facts'].every((name) => tables.includes(name)))
      throw notABackup(file, 'it is a database of another program');
    if (version > newestVersion)
      throw new AppError(
        'conflict',
        `${file} was made by a newer release (version ${version}, this one knows up to ${newestVersion}); install that release and restore with it`,
      );
    const foreign = foreignSchema(db);
    if (foreign.length > 0)
      throw notABackup(
        file,
        `it is not as the release of version ${version} made it: ${foreign.slice(0, 5).join(', ')}. Somebody changed it; take a backup from before that`,
      );
    if (db.prepare('SELECT 1 FROM accounts LIMIT 1').get() === undefined)
      throw notABackup(file, 'it holds no account; to begin anew, start with an empty DATA_DIR');
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code)))
      throw notABackup(file, 'it is damaged', error);
    throw error;
  } finally {
    db.close();
  }
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sqliteStart.length), 0, sqliteStart.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function notABackup(file: string, why: string, cause?: unknown): AppError {
  return new AppError('impossible', `${file} is not a backup that can be restored: ${why}`, { cause });
}
