import { AppError } from '../errors.ts';
import type { Connection } from './open.ts';

/** Runs work in the next transaction; the promise settles only after that transaction is on disk. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Waiting {
  work: () => unknown;
  resolve(value: never): void;
  reject(error: unknown): void;
}

// More would only lengthen the wait of the first in line; the gain from sharing a sync is long reached.
const mostTogether = 256;

/** Counts of what one commit held, for metrics and the benchmark. */
export interface WriterCounts {
  commits: number;
  changes: number;
}

/**
 * Commits together what waits at the same moment: one immediate transaction, a savepoint each, so that one caller's failure
 * undoes nobody else's work. Where SQLite itself gave up the whole transaction (disk full, I/O error) every caller in it is told so.
 */
export function writer(
  db: Connection,
  expectInPlace: () => void = () => undefined,
): { write: Write; counts: WriterCounts; idle(): Promise<void> } {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const savepoint = db.prepare('SAVEPOINT change');
  const release = db.prepare('RELEASE change');
  const undo = db.prepare('ROLLBACK TO change');

  const queue: Waiting[] = [];
  const counts: WriterCounts = { commits: 0, changes: 0 };
  let scheduled = false;

  function write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      queue.push({ work, resolve, reject });
      schedule();
    });
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      commitTogether(queue.splice(0, mostTogether));
      if (queue.length > 0) schedule();
    });
  }

  function commitTogether(batch: Waiting[]): void {
    const settle: (() => void)[] = [];
    try {
      if (db.inTransaction) rollback.run(); // left by a rollback that failed
      expectInPlace();
      begin.run();
      for (const waiting of batch) settle.push(runOne(waiting));
      commit.run();
    } catch (error) {
      const failure = cannotWrite(error);
      abandon();
      for (const { reject } of batch) reject(failure);
      return;
    }
    counts.commits += 1;
    counts.changes += batch.length;
    for (const answer of settle) answer();
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
    while (scheduled) await new Promise((resolve) => setImmediate(resolve));
  }

  return { write, counts, idle };
}

/** SQLite could not write: the disk is full, read-only, gone, or another process holds it. */
export function isStorageFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|CORRUPT|NOTADB|NOMEM|PROTOCOL)/.test(code);
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
