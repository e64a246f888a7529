import { hash, randomBytes } from 'node:crypto';
import type { Holding } from '../domain/account.ts';
import type { AuditKind, AuditOutcome } from '../domain/audit.ts';
import { auditList, entryOf, type AuditPage, type AuditQuery, type AuditRow } from './audit-list.ts';
import type { Connection } from './open.ts';

/** What an entry says beside the chained facts: the personal part, which can be erased while the chain still verifies. */
export interface AuditDetail {
  outcome: AuditOutcome;
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
  /** Who decided and why, where a person did. */
  by?: string;
  reason?: string;
  /**
   * What was erased from it since: name, e-mail address, gender and further fields (`values`), everything about a person (`all`), or for its age all but what
   * a living account still has (`past`).
   */
  withheld?: 'values' | 'all' | 'past';
  /**
   * Of an entry that records an erasure: how many details lost their personal values, the digest of that list, and that what living accounts have was kept,
   * as releases before 1.0 did not.
   */
  erased?: { entries: number; digest: string; living?: 'kept' };
  /** Of an entry that records a restore: with which entry the backup's trail ended, the replaced one where it could be read, and kept heads that it does not have. */
  restored?: { from: TrailHead; replaced: TrailHead | null; lost?: TrailHead[] };
}

/** The detail of an entry that is about no account. */
export function aboutNoAccount({
  outcome,
  success,
  key,
  messages,
  ...rest
}: Pick<AuditDetail, 'outcome' | 'success' | 'key' | 'messages'> &
  Pick<Partial<AuditDetail>, 'by' | 'reason' | 'erased' | 'restored'>): AuditDetail {
  const nobody = { reference: null, externalId: null, key, origin: null, requestId: null, before: null, after: null };
  return { outcome, success, ...nobody, messages, ...rest };
}

/** The newest entry and its hash; entry 0 where there is none yet. */
export interface TrailHead {
  entry: number;
  hash: string;
}

/** An entry as it is read back. Where its personal values were erased, what they said is null and `messages` is empty. */
export interface AuditEntry extends AuditDetail {
  entry: number;
  at: string;
  action: string;
  hash: string;
}

/** Appends to the chain; call it inside the transaction of what it records. */
export interface AuditTrail {
  /** Gives the entry's number. */
  append(at: string, kind: AuditKind, account: number | null, detail: AuditDetail): number;
  /** The newest entry that is on disk: whoever keeps it elsewhere can tell later whether the trail before it was rewritten. */
  head(): TrailHead;
  /** The entries of one account, newest first. */
  history(account: number, limit: number): AuditEntry[];
  /** Entries that fit a query, newest first. */
  page(query: AuditQuery): AuditPage;
}

/** The first link: there is nothing before it. */
export const chainStart = '0'.repeat(64);
const trailStart: TrailHead = { entry: 0, hash: chainStart };

/** The digest of the personal part; the salt keeps it from being guessed after an erasure. */
export function detailDigest(salt: string, detail: string): string {
  return hash('sha256', `${salt}\n${detail}`);
}

/** A detail as it is stored: with a salt of its own, and the digest that the chain or a recorded erasure holds of it. */
export function sealed(detail: AuditDetail): { salt: string; text: string; digest: string } {
  const text = JSON.stringify(detail);
  const salt = randomBytes(16).toString('hex');
  return { salt, text, digest: detailDigest(salt, text) };
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
  const newest = 'SELECT entry, hash FROM audit ORDER BY entry DESC LIMIT 1';
  const headInChange = writing.prepare<[], TrailHead>(newest);
  const headOnDisk = reading.prepare<[], TrailHead>(newest);
  const addEntry = writing.prepare<[number, string, string, number | null, string, string]>(
    'INSERT INTO audit (entry, at, kind, account, digest, hash) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addDetail = writing.prepare<[number, string, string]>(
    'INSERT INTO audit_detail (entry, salt, detail) VALUES (?, ?, ?)',
  );
  const historyOf = reading.prepare<[number, number], AuditRow>(
    `SELECT audit.entry, at, kind, hash, detail FROM audit LEFT JOIN audit_detail ON audit_detail.entry = audit.entry
     WHERE account = ? ORDER BY audit.entry DESC LIMIT ?`,
  );
  const page = auditList(reading);

  function append(at: string, kind: string, account: number | null, detail: AuditDetail): number {
    const last = headInChange.get() ?? trailStart; // read each time: another process may have written, or a savepoint been undone
    const entry = last.entry + 1;
    const { salt, text, digest } = sealed(detail);
    addEntry.run(entry, at, kind, account, digest, link(last.hash, entry, at, kind, account, digest));
    addDetail.run(entry, salt, text);
    return entry;
  }

  return {
    append,
    head: () => headOnDisk.get() ?? trailStart,
    history: (account, limit) => historyOf.all(account, limit).map(entryOf),
    page,
  };
}

export type { AuditPage, AuditQuery };
