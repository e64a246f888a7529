import { momentOf } from '../shared/domain/calendar.ts';
import { AppError } from '../shared/errors.ts';

const mostPerPage = 500;
const defaultPerPage = 100;

/** The `limit` of a list: 1 to 500, 100 when absent. */
export function readLimit(query: URLSearchParams): number {
  return readCount(query, 'limit', 1, mostPerPage) ?? defaultPerPage;
}

/** A whole number from the query; null when absent or empty. */
export function readCount(
  query: URLSearchParams,
  name: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | null {
  const text = query.get(name);
  if (!text) return null;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  throw new AppError('impossible', `${name} must be a whole number, ${range}`);
}

/** A text from the query; null when absent or empty. */
export function readText(query: URLSearchParams, name: string): string | null {
  const text = query.get(name);
  return text === '' ? null : text;
}

/** A moment as UTC text: a day counts whole in the schedule's time zone, `from` begins with it and `to` ends with it. */
export function readMoment(query: URLSearchParams, name: 'from' | 'to', timeZone: string): string | null {
  const text = query.get(name);
  if (!text) return null;
  const moment = momentOf(text, name === 'from' ? 'first' : 'last', timeZone);
  if (moment !== undefined) return moment;
  throw new AppError(
    'impossible',
    `${name} must be a day (2026-11-30) or a time with its offset (2026-11-30T09:00:00Z)`,
  );
}

/** True or false from the query; null when absent or empty. */
export function readFlag(query: URLSearchParams, name: string): boolean | null {
  const text = query.get(name)?.toLowerCase();
  if (!text) return null;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new AppError('impossible', `${name} must be true or false`);
}

/** Where a page starts, as an opaque text: whoever reads it back gets what was written, or a clear refusal. */
export function writeCursor(position: unknown): string | null {
  return position === null ? null : Buffer.from(JSON.stringify(position)).toString('base64url');
}

export function readCursor<T>(query: URLSearchParams, isPosition: (value: unknown) => value is T): T | null {
  const text = query.get('cursor');
  if (!text) return null;
  const value = parse(Buffer.from(text, 'base64url').toString());
  if (isPosition(value)) return value;
  throw new AppError(
    'impossible',
    'cursor is not one of ours; take it from the member next of the page before, unchanged',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
