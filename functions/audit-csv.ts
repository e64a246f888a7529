import { Readable } from 'node:stream';
import { setImmediate as answerOthers } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { changesBetween, type Change } from '../shared/domain/changes.ts';
import type { AuditEntry, AuditQuery, AuditTrail } from '../shared/store/audit.ts';

const columns = [
  'entry',
  'at',
  'action',
  'outcome',
  'success',
  'reference',
  'externalId',
  'gebruikersnaam',
  'key',
  'by',
  'reason',
  'origin',
  'requestId',
  'changes',
  'messages',
  'hash',
] as const;

const entriesTogether = 500;

/**
 * All entries that fit, newest first, as CSV for a spreadsheet: `;`, CRLF, UTF-8 with a byte order mark, every value quoted. A value that a spreadsheet
 * would take for a formula gets a `'` in front; the files for Spend Cloud are never altered like that.
 */
export function auditCsv(audit: AuditTrail, query: Omit<AuditQuery, 'limit'>, most = Infinity): Readable {
  return Readable.from(csvPages(audit, query, most));
}

async function* csvPages(audit: AuditTrail, query: Omit<AuditQuery, 'limit'>, most: number): AsyncGenerator<string> {
  yield csv([Object.fromEntries(columns.map((name) => [name, name]))], true);
  for await (const entries of auditPages(audit, query, most)) yield csv(entries.map(toRow), false);
}

/** The same entries page by page; between pages the server answers others, and no page holds a snapshot while somebody reads slowly. */
export async function* auditPages(
  audit: AuditTrail,
  query: Omit<AuditQuery, 'limit'>,
  most = Infinity,
): AsyncGenerator<AuditEntry[]> {
  let left = most;
  let after = query.after;
  do {
    const page = audit.page({ ...query, after, limit: Math.min(left, entriesTogether) });
    if (page.entries.length > 0) yield page.entries;
    left -= page.entries.length;
    after = page.next;
    await answerOthers();
  } while (after !== null && left > 0);
}

function toRow({ before, after, messages, ...entry }: AuditEntry): Record<string, unknown> {
  const holding = after ?? before;
  return {
    ...entry,
    success: String(entry.success),
    gebruikersnaam: holding?.account.username,
    changes: changesBetween(before, after).map(changeText).join('; '),
    messages: messages.join('; '),
  };
}

/** `voornaam: Anna -> Bea`, `role Thuiszorg Noord - TL-ZORG: none -> …`. */
export function changeText({ what, before, after }: Change): string {
  return `${what}: ${before ?? 'none'} -> ${after ?? 'none'}`;
}

function csv(rows: object[], first: boolean): string {
  return stringify(rows, {
    bom: first,
    columns: [...columns],
    delimiter: ';',
    quoted: true,
    quoted_empty: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { string: (text) => (text.startsWith('\n') ? `'${text}` : text) }, // the one formula start the library leaves alone
  });
}
