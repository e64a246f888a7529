import { AppError } from '../errors.ts';
import type { AuditPosition } from './audit-list.ts';
import { vacuum, type OpenDatabase } from './open.ts';
import { isStorageFailure } from './writer.ts';

/** What erasing needs to know, and its last step in the database. */
export interface Terms {
  /** Accounts with this number, deleted ones too; inside a transaction as they are in it. */
  byNumber(externalId: string): { id: number; living: boolean }[];
  /** Whether an account has this id, a deleted one too. */
  isKnown(account: number): boolean;
  /** Whether something was refused under a number, or otherwise recorded without an account. */
  hasStrayEntries(externalId: string): boolean;
  /** Accounts that were deleted before; `unreduced`: and still have a name. */
  deletedBefore(at: string, options: { unreduced: boolean }): number[];
  /** Some entries from before a moment about which something personal is kept, oldest first; behind a position. */
  entriesBefore(at: string, after: AuditPosition | null): { entries: number[]; next: AuditPosition | null };
  /**
   * Writes the file anew and empties the write-ahead log: only then is nothing erased left in either. False while somebody reads or writes; throws
   * `unavailable` where there is no room for it.
   */
  emptyLog(): boolean;
}

// Few enough for a slice that nobody notices.
const entriesTogether = 1000;

export function termStore({ writing, reading, files }: OpenDatabase): Terms {
  const withNumber = writing.prepare<[string], { id: number; living: number }>(
    'SELECT id, deleted_at IS NULL AS living FROM accounts WHERE external_id = ? ORDER BY deleted_at IS NOT NULL, deleted_at',
  );
  const known = reading.prepare<[number], 1>('SELECT 1 FROM accounts WHERE id = ?').pluck();
  const deleted = reading
    .prepare<[string], number>('SELECT id FROM accounts WHERE deleted_at < ? ORDER BY deleted_at')
    .pluck();
  const unreduced = reading
    .prepare<[string], number>(
      'SELECT id FROM accounts WHERE deleted_at < ? AND reduced_at IS NULL ORDER BY deleted_at',
    )
    .pluck();
  const stray = reading
    .prepare<[string], 1>(
      'SELECT 1 FROM audit_detail JOIN audit USING (entry) WHERE external_id = ? AND account IS NULL LIMIT 1',
    )
    .pluck();
  const slice = reading.prepare<[string, number, string, number], { entry: number; at: string; kept: 0 | 1 }>(
    `SELECT audit.entry, at, detail ->> 'withheld' IS NOT 'all' OR detail ->> 'by' IS NOT NULL AS kept FROM audit JOIN audit_detail USING (entry)
     WHERE (at, audit.entry) > (?, ?) AND at < ? ORDER BY at, audit.entry LIMIT ?`,
  );

  return {
    byNumber: (externalId) => withNumber.all(externalId).map(({ id, living }) => ({ id, living: living === 1 })),
    isKnown: (account) => known.get(account) !== undefined,
    hasStrayEntries: (externalId) => stray.get(externalId) !== undefined,
    deletedBefore: (at, options) => (options.unreduced ? unreduced : deleted).all(at),
    entriesBefore: (at, after) => {
      const rows = slice.all(after?.[0] ?? '', after?.[1] ?? 0, at, entriesTogether);
      const last = rows.length < entriesTogether ? undefined : rows.at(-1);
      return {
        entries: rows.flatMap(({ entry, kept }) => (kept ? [entry] : [])),
        next: last ? [last.at, last.entry] : null,
      };
    },
    emptyLog: () => {
      if (!files.isSure()) return false;
      const moved = files.moving();
      try {
        if (!truncateLog(writing)) return false;
        vacuum(writing); // moving rows about leaves copies of them between the cells of a page, which secure_delete does not reach
        return truncateLog(writing);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        if (code.startsWith('SQLITE_BUSY')) return false;
        throw isStorageFailure(error) ? cannotEmpty(code, error) : error;
      } finally {
        moved();
      }
    },
  };
}

function cannotEmpty(code: string, cause: unknown): AppError {
  return new AppError(
    'unavailable',
    `What was erased still stands in the database file, which cannot be written anew (${code}). ` +
      'Make room: the volumes of DATA_DIR and of temporary files (TMPDIR) need as much as the database has, each',
    { cause },
  );
}

function truncateLog(writing: OpenDatabase['writing']): boolean {
  const [{ busy } = { busy: 1 }] = writing.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  return busy === 0;
}
