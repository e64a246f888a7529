import { createHash } from 'node:crypto';
import { aboutNoAccount, sealed, type AuditDetail, type AuditTrail } from './audit.ts';
import type { Connection } from './open.ts';

/** Why something is erased; goes into the trail. */
export interface ErasureOrder {
  kind: 'erase' | 'purge' | 'retention';
  /** A person, or `retention` for the daily job. */
  by: string;
  reason: string | null;
  at: string;
}

export type Rewritten = { entry: number; detail: AuditDetail };

/** Rewrites details, with one entry of the trail that has all of them on record; gives how many they are. Call it inside a transaction. */
export type Rewrite = (rewritten: readonly Rewritten[], order: ErasureOrder, message: string) => number;

export function rewriter(writing: Connection, audit: AuditTrail): Rewrite {
  const addErased = writing.prepare('INSERT INTO audit_erased (record, entry, digest) VALUES (?, ?, ?)');
  const setDetail = writing.prepare('UPDATE audit_detail SET salt = ?, detail = ? WHERE entry = ?');

  return (rewritten, { kind, by, reason, at }, message) => {
    const rows = rewritten
      .toSorted((some, other) => some.entry - other.entry)
      .map(({ entry, detail }) => ({ entry, ...sealed(detail) }));
    const list = createHash('sha256');
    for (const { entry, digest } of rows) list.update(`${entry} ${digest}\n`);
    const record = audit.append(
      at,
      kind,
      null,
      aboutNoAccount({
        outcome: 'erased',
        success: true,
        key: by,
        messages: [message],
        ...(reason !== null && { by, reason }),
        erased: { entries: rows.length, digest: list.digest('hex'), living: 'kept' },
      }),
    );
    for (const { entry, digest, salt, text } of rows) {
      addErased.run(record, entry, digest);
      setDetail.run(salt, text, entry);
    }
    return rows.length;
  };
}
