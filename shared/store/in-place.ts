import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import { contentProof } from './content-proof.ts';
import { unsafeFileSystem } from './file-system.ts';
import type { Log } from '../log.ts';
import type { Connection } from './open.ts';
import { isStorageFailure } from './writer.ts';

/** Whether the files that a connection writes to are still those that the next start will find, with all that was written in them. */
export interface InPlace {
  /** Throws `unavailable` once they are not; false while it cannot be told yet, so that it has to be asked again a moment later. */
  isSure(): boolean;
  /** Whether nobody else wrote to them since they were sure, or put others in their place; cheaper, for before a commit. */
  isUntouched(): boolean;
  /** Says that other work of this process moves the log into the database, until the function it gives is called. */
  moving(): () => void;
  /** Moves the log into the database where it became long; for whoever commits, once it is sure. */
  tidy(): void;
  close(): void;
}

// As many as SQLite lets gather where it moves the log itself, within a commit and without a look.
const mostLogged = 1000;

export interface WatchedDatabase {
  db: Connection;
  path: string;
  /** Closes all connections of this thread and opens them again. */
  renew(): void;
  log: Log;
}

/**
 * Watches the files of a database that is open. SQLite would go on writing into a file that was removed, cut or overwritten, and every action would be
 * answered with a success that nobody finds again. What is put back where it was is worked with again; what was cut or overwritten stays refused.
 * A log that was removed is still open here, so that all it holds can be moved into the database, and the work goes on with a new one.
 */
export function inPlace({ db, path, renew, log }: WatchedDatabase): InPlace {
  const hasNumbers = unsafeFileSystem(dirname(path)) === undefined; // a share may give a file another number at each look
  let watched = watch(db, path);
  let harm: AppError | undefined;
  let moving = 0;

  function isSure(): boolean {
    if (harm) throw harm;
    const others = watched.files.filter(({ file, opened }) => isOther(file, opened));
    for (const { file } of others) {
      const isThere = identity(file) !== undefined;
      if (isThere) throw harmed(`The database file ${file} was replaced by another file`);
      if (file === path) throw harmed(`The database file ${file} was removed`);
    }
    const { kind, what } = watched.content.look();
    if (kind === 'harmed') {
      throw (harm = harmed(what));
    }
    if (others.length === 0) return kind === 'sure';
    return kind === 'sure' && moving === 0 && saveLog();
  }

  function isOther(file: string, opened: string | undefined): boolean {
    const found = identity(file);
    return found === undefined || (found !== opened && hasNumbers);
  }

  function saveLog(): boolean {
    if (!watched.content.move()) return false;
    watched.content.close();
    renew();
    watched = watch(db, path);
    log.warn(
      { path },
      'The log of the database was removed by another program; nothing was lost, and a new one is used',
    );
    return true;
  }

  return {
    isSure,
    isUntouched: () => harm === undefined && watched.content.isUntouched(),
    moving: () => {
      moving += 1;
      const moved = watched.content.moving();
      return () => {
        moving -= 1;
        moved();
      };
    },
    tidy: () => {
      try {
        if (moving === 0 && watched.content.logged() >= mostLogged) watched.content.move();
      } catch (error) {
        if (!isStorageFailure(error)) throw error; // the next commit meets what is wrong, and says it to whoever waits for it
      }
    },
    close: () => watched.content.close(),
  };
}

function watch(db: Connection, path: string) {
  const usesLog = db.pragma('journal_mode', { simple: true }) === 'wal';
  const files = usesLog ? [path, `${path}-wal`, `${path}-shm`] : [path];
  return {
    files: files.map((file) => ({ file, opened: identity(file) })),
    content: contentProof(db, path, usesLog),
  };
}

function identity(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}

function harmed(what: string): AppError {
  return new AppError(
    'unavailable',
    `${what} while the connector works with it; no action is answered with success any more. ` +
      'Stop the connector, put the file back or restore a backup, then start it again',
  );
}
