import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { InPlace } from './in-place.ts';
import type { Connection } from './open.ts';

/** Runs work in the next transaction; the promise settles only after that transaction is on disk. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Waiting {
  work: () => unknown;
  since: number;
  resolve(value: never): void;
  reject(error: unknown): void;
}

// More would only lengthen the wait of the first in line; the gain from sharing a sync is long reached.
const mostTogether = 256;
// While another process writes; HelloID's own patience is 30 seconds.
const usualPatienceMilliseconds = 5000;
const retryMilliseconds = 20;

/** Counts of what one commit held, for metrics and the benchmark. */
export interface WriterCounts {
  commits: number;
  changes: number;
}

export interface Writer {
  write: Write;
  counts: WriterCounts;
  /** Why the newest change could not be recorded; undefined once one was. */
  failure(): AppError | undefined;
  idle(): Promise<void>;
}

export interface WriterOptions {
  /** Looked at before each commit and after it, before anybody is told. */
  files?: Pick<InPlace, 'isSure' | 'isUntouched' | 'tidy'>;
  patienceMilliseconds?: number;
}

const unwatched = { isSure: () => true, isUntouched: () => true, tidy: () => undefined };

/**
 * Commits together what waits at the same moment: one immediate transaction, a savepoint each, so that one caller's failure
 * undoes nobody else's work. Where SQLite itself gave up the whole transaction (disk full, I/O error) every caller in it is told so.
 * Where another process has the database each caller waits for a while, in which others are answered.
 */
export function writer(
  db: Connection,
  { files = unwatched, patienceMilliseconds = usualPatienceMilliseconds }: WriterOptions = {},
): Writer {
  // Without a log a commit would wait for those who read, and keep others from beginning to: so it waits for them before it begins.
  const usesLog = db.pragma('journal_mode', { simple: true }) === 'wal';
  const begin = db.prepare(usesLog ? 'BEGIN IMMEDIATE' : 'BEGIN EXCLUSIVE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const savepoint = db.prepare('SAVEPOINT change');
  const release = db.prepare('RELEASE change');
  const undo = db.prepare('ROLLBACK TO change');

  const queue: Waiting[] = [];
  const counts: WriterCounts = { commits: 0, changes: 0 };
  let working: Promise<void> | undefined;
  let failed: AppError | undefined;

  function write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      queue.push({ work, since: performance.now(), resolve, reject });
      working ??= workThrough();
    });
  }

  async function workThrough(): Promise<void> {
    while (queue.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await commitNext();
    }
    working = undefined;
  }

  async function commitNext(): Promise<void> {
    let batch: Waiting[] = [];
    const settle: (() => void)[] = [];
    try {
      if (!(await begun())) return;
      batch = queue.splice(0, mostTogether);
      for (const waiting of batch) settle.push(runOne(waiting));
      commit.run();
    } catch (error) {
      abandon();
      reject(batch.length > 0 ? batch : queue.splice(0, mostTogether), cannotWrite(error));
      return;
    }
    counts.commits += 1;
    counts.changes += batch.length;
    try {
      await expectOnDisk();
    } catch (error) {
      reject(batch, error);
      return;
    }
    failed = undefined;
    for (const answer of settle) answer();
    files.tidy();
  }

  /** Begins a transaction as soon as nobody else writes; false where the patience of all who waited ran out. */
  async function begun(): Promise<boolean> {
    for (;;) {
      const obstacle = tryBegin();
      if (!obstacle) return true;
      const latest = performance.now() - patienceMilliseconds;
      const behind = queue.findIndex(({ since }) => since > latest);
      reject(queue.splice(0, behind === -1 ? queue.length : behind), cannotWrite(obstacle));
      if (queue.length === 0) return false;
      await pause(retryMilliseconds);
    }
  }

  /** What is in the way and may pass. */
  function tryBegin(): Error | undefined {
    if (db.inTransaction) rollback.run(); // left by a rollback that failed
    if (!files.isUntouched() && !files.isSure()) return beingChanged('Nothing was recorded');
    try {
      begin.run();
      return undefined;
    } catch (error) {
      if (isBusy(error)) return error;
      throw error;
    }
  }

  /** A commit that SQLite calls done may stand in a file that is gone or was cut. */
  async function expectOnDisk(): Promise<void> {
    const since = performance.now();
    while (!files.isSure()) {
      if (performance.now() - since >= patienceMilliseconds)
        throw beingChanged('Whether this was recorded is not known');
      await pause(retryMilliseconds);
    }
  }

  function reject(batch: readonly Waiting[], error: unknown): void {
    if (batch.length > 0 && error instanceof AppError) failed = error;
    for (const waiting of batch) waiting.reject(error);
  }

  function runOne({ work, resolve, reject }: Waiting): () => void {
    savepoint.run();
    try {
      const value = work() as never;
      release.run();
      return () => resolve(value);
    } catch (error) {
      if (!db.inTransaction || isStorageFailure(error)) throw error; // the whole batch is gone, or nothing more can be written in it
      undo.run();
      release.run();
      return () => reject(error);
    }
  }

  function abandon(): void {
    try {
      if (db.inTransaction) rollback.run();
    } catch {
      // the volume fails even this; the next batch tries again before it begins, and its callers are told
    }
  }

  /** Resolves when nothing waits any more. */
  async function idle(): Promise<void> {
    await working;
  }

  return { write, counts, failure: () => failed, idle };
}

/** Another process has the database. */
export function isBusy(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

function beingChanged(consequence: string): AppError {
  return new AppError(
    'unavailable',
    `${consequence}: another program is changing the files of the database; try again`,
  );
}

/** SQLite could not write: the disk is full, read-only, gone, or another process holds it. */
export function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|CORRUPT|NOTADB|NOMEM|PROTOCOL)/.test(code);
}

/** What a read that the storage failed means to whoever asked; undefined for any other error. */
export function cannotRead(error: unknown): AppError | undefined {
  if (!isStorageFailure(error)) return undefined;
  const { code } = error as Error & { code: string };
  const cure = isBusy(error) ? 'Another program has it locked; try again' : advice(code);
  return new AppError('unavailable', `The database cannot be read now (${code}). ${cure}`, { cause: error });
}

function cannotWrite(error: unknown): unknown {
  if (!isStorageFailure(error)) return error;
  const code = (error as Error & { code: string }).code;
  return new AppError(
    'unavailable',
    `Nothing was recorded: the database cannot be written now (${code}). ${advice(code)}`,
    { cause: error },
  );
}

function advice(code: string): string {
  if (code.startsWith('SQLITE_FULL')) return 'The disk is full; make room on the volume of DATA_DIR and try again';
  if (code.startsWith('SQLITE_READONLY')) return 'The volume of DATA_DIR is read-only; make it writable and try again';
  if (code.startsWith('SQLITE_BUSY')) return 'Another process is writing; try again';
  return 'Check the volume of DATA_DIR and try again';
}
