/** The columns of the earlier connector's tables; all TEXT, without any key. */
export const personColumns = [
  'externalId',
  'achternaam',
  'voornaam',
  'tussenvoegsel',
  'gebruikersnaam',
  'geslacht',
  'email',
  'createtime',
] as const;
export const roleColumns = ['gebruikersnaam', 'ou', 'functie', 'oucode', 'functiecode', 'createtime'] as const;

/** What SQLite gives for a column; anything but text or NULL was put there by another program. */
export type OldValue = string | number | Uint8Array | null;

/** A row of the earlier connector's database; `row` is its rowid, which tells the order of writing. `passief` is there since 2.0.5. */
export type OldPerson = Record<(typeof personColumns)[number], OldValue> & { row: number; passief?: OldValue };
export type OldRole = Record<(typeof roleColumns)[number], OldValue> & { row: number };

/** A column that no release has and that holds values, which nobody but its maker can explain. */
export interface UnknownColumn {
  table: 'persons' | 'roles';
  column: string;
  count: number;
  firstRow: number;
}

export interface OldDatabase {
  /** `V1` had other columns, no roles, and gave HelloID the number as reference. */
  layout: 'V1' | 'V2';
  /** Whether the persons table has the ninth column of 2.0.5. */
  hasPassief: boolean;
  persons: OldPerson[];
  roles: OldRole[];
  unknownColumns: UnknownColumn[];
}

/** The value as text in NFC, an absent or empty one as null; undefined for bytes, which are no text. */
export function textOf(value: OldValue): string | null | undefined {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.normalize('NFC') : undefined;
}

const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const localTime = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?(?: (AM|PM))?)?$/i;

/**
 * When a row was written, in milliseconds, from `createtime` in the forms PowerShell gives it: ISO, with slashes (the month first) or
 * with dashes (the day first). What cannot be read is older than everything.
 */
export function writtenAt(createtime: OldValue): number {
  const text = (textOf(createtime) ?? '').trim();
  const iso = isoTime.exec(text);
  if (iso) return orOldest(Date.parse(`${text.replace(' ', 'T')}${iso[1] ? '' : 'Z'}`));
  const local = localTime.exec(text);
  if (!local) return Number.NEGATIVE_INFINITY;
  const [, first, separator, second, year, hour = '0', minute = '0', seconds = '0', half] = local;
  const [month, day] = separator === '/' ? [first, second] : [second, first];
  const hours = half ? (Number(hour) % 12) + (/pm/i.test(half) ? 12 : 0) : Number(hour);
  return orOldest(Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(seconds)));
}

function orOldest(time: number): number {
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

/** Newest first; of rows written at the same time the one written last. */
export function newestFirst<Row extends { row: number; createtime: OldValue }>(rows: readonly Row[]): Row[] {
  const times = new Map(rows.map((row) => [row, writtenAt(row.createtime)]));
  return rows.toSorted((a, b) => {
    const [x, y] = [times.get(a) ?? 0, times.get(b) ?? 0];
    return x === y ? b.row - a.row : y > x ? 1 : -1;
  });
}
