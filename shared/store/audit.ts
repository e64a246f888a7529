import { hash, randomBytes } from 'node:crypto';
import type { Holding } from '../domain/account.ts';
import type { Connection } from './open.ts';

/** What an entry says beside the chained facts: the personal part, which can be erased while the chain still verifies. */
export interface AuditDetail {
  outcome: string;
  success: boolean;
  reference: string | null;
  externalId: string | null;
  /** The name of the key that was used, or of the command. */
  key: string;
  /** `enforcement` or `reconciliation`, as HelloID says it. */
  origin: string | null;
  requestId: string | null;
  /** Both null where nothing was changed. */
  before: Holding | null;
  after: Holding | null;
  messages: string[];
}

export interface AuditEntry extends AuditDetail {
  entry: number;
  at: string;
  action: string;
}

/** Appends to the chain; call it inside the transaction of what it records. */
export interface AuditTrail {
  append(at: string, kind: string, account: number | null, detail: AuditDetail): void;
  /** The entries of one account, newest first. */
  history(account: number, limit: number): AuditEntry[];
}

/** The first link: there is nothing before it. */
export const chainStart = '0'.repeat(64);

/** The digest of the personal part; the salt keeps it from being guessed after an erasure. */
export function detailDigest(salt: string, detail: string): string {
  return hash('sha256', `${salt}\n${detail}`);
}

/** Ties an entry's facts to all entries before it. */
export function link(
  previous: string,
  entry: number,
  at: string,
  kind: string,
  account: number | null,
  digest: string,
): string {
  return hash('sha256', JSON.stringify([previous, entry, at, kind, account, digest]));
}

export function auditTrail(writing: Connection, reading: Connection): AuditTrail {
  const head = writing.prepare<[], { entry: number; hash: string }>(
    'SELECT entry, hash FROM audit ORDER BY entry DESC LIMIT 1',
  );
  const addEntry = writing.prepare<[number, string, string, number | null, string, string]>(
    'INSERT INTO audit (entry, at, kind, account, digest, hash) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addDetail = writing.prepare<[number, string, string]>(
    'INSERT INTO audit_detail (entry, salt, detail) VALUES (?, ?, ?)',
  );
  const historyOf = reading.prepare<[number, number], { entry: number; at: string; kind: string; detail: string }>(
    `SELECT entry, at, kind, detail FROM audit JOIN audit_detail USING (entry) WHERE account = ? ORDER BY entry DESC LIMIT ?`,
  );

  function append(at: string, kind: string, account: number | null, detail: AuditDetail): void {
    const last = head.get(); // read each time: another process may have written, or a savepoint been undone
    const entry = (last?.entry ?? 0) + 1;
    const text = JSON.stringify(detail);
    const salt = randomBytes(16).toString('hex');
    const digest = detailDigest(salt, text);
    addEntry.run(entry, at, kind, account, digest, link(last?.hash ?? chainStart, entry, at, kind, account, digest));
    addDetail.run(entry, salt, text);
  }

  function history(account: number, limit: number): AuditEntry[] {
    return historyOf.all(account, limit).map(({ entry, at, kind, detail }) => ({
      entry,
      at,
      action: kind,
      ...(JSON.parse(detail) as AuditDetail),
    }));
  }

  return { append, history };
}
