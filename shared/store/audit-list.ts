import type { AuditDetail, AuditEntry } from './audit.ts';
import type { Connection } from './open.ts';

/** Which entries; null leaves a choice open. */
export interface AuditQuery {
  reference: string | null;
  externalId: string | null;
  /** The entry's kind: `create`, `export` … */
  action: string | null;
  /** First and last moment, UTC; both count. */
  from: string | null;
  to: string | null;
  limit: number;
  /** Time and number of the entry behind which the page starts; null for the newest. */
  after: AuditPosition | null;
}

export type AuditPosition = [at: string, entry: number];

export interface AuditPage {
  entries: AuditEntry[];
  next: AuditPosition | null;
}

export interface AuditRow {
  entry: number;
  at: string;
  kind: string;
  hash: string;
  /** Null where it was removed from outside. */
  detail: string | null;
}

/**
 * Pages by time and entry number, newest first: each starts behind an entry and not at a count, so it stays right while entries arrive.
 * A person's entries are found through the detail, which is why they are not found any more once it was erased.
 */
export function auditList(reading: Connection): (query: AuditQuery) => AuditPage {
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  const prepare = (sql: string) => reading.prepare<Record<string, string | number>, AuditRow>(sql);

  function statementFor(sql: string): ReturnType<typeof prepare> {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }

  return ({ limit, after, ...choice }) => {
    const given = { ...choice, at: after?.[0] ?? null, entry: after?.[1] ?? null };
    const values = Object.entries(given).filter((pair): pair is [string, string | number] => pair[1] !== null);
    const names = values.map(([name]) => name);
    const rows = statementFor(pageOf(names)).all({ ...Object.fromEntries(values), limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { entries: shown.map(entryOf), next: last ? [last.at, last.entry] : null };
  };
}

const conditions: Record<string, string> = {
  reference: 'reference = @reference',
  externalId: 'external_id = @externalId',
  action: 'kind = @action',
  from: 'at >= @from',
  to: 'at <= @to',
  at: '(at, audit.entry) < (@at, @entry)',
};

/** These joins keep SQLite to the order of the tables: through the person's index where one is asked for, else through the times. */
function pageOf(names: readonly string[]): string {
  const ofOnePerson = names.includes('reference') || names.includes('externalId');
  const tables = ofOnePerson ? 'audit_detail CROSS JOIN audit' : 'audit LEFT JOIN audit_detail';
  const where = names.flatMap((name) => conditions[name] ?? []).join(' AND ');
  return `SELECT audit.entry, at, kind, hash, detail FROM ${tables} ON audit_detail.entry = audit.entry
    ${where && `WHERE ${where}`} ORDER BY at DESC, audit.entry DESC LIMIT @limit`;
}

/** A row as an entry; one that was tampered with stays in sight. */
export function entryOf({ entry, at, kind, hash, detail }: AuditRow): AuditEntry {
  return { entry, at, action: kind, hash, ...detailOf(detail) };
}

function detailOf(text: string | null): AuditDetail {
  try {
    const detail = JSON.parse(text ?? '') as AuditDetail | null;
    if (detail !== null && typeof detail === 'object' && Array.isArray(detail.messages)) return detail;
  } catch {
    // no JSON: nothing of ours wrote it
  }
  return unreadable;
}

const unreadable: AuditDetail = {
  outcome: 'unreadable',
  success: false,
  reference: null,
  externalId: null,
  key: '',
  origin: null,
  requestId: null,
  before: null,
  after: null,
  messages: ['What this entry said was removed or changed from outside; see: spendcloud audit verify'],
};
