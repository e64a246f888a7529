import { hash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { MemberPosition } from '../../shared/store/import-source.ts';

/** A page of an import, as HelloID's scripts read it. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page starts; null on the last one. */
  next: string | null;
}

/** An item, and where the list goes on behind it. */
export interface Placed<Item, Position> {
  item: Item;
  position: Position;
}

/** Bytes; HelloID's agent reads a page at once. */
const largestPage = 1_000_000;
// what stands around the items, with the longest cursor there can be
const frame = 5_000;

/** Makes items of rows until the page is full; at least one, so that every list ends. A row without an item is passed over. */
export async function pageOf<Row, Item, Position>(
  list: string,
  rows: AsyncIterable<Row>,
  pageSize: number,
  place: (row: Row) => Placed<Item, Position> | undefined,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let bytes = frame;
  let last: Position | undefined;
  for await (const row of rows) {
    const placed = place(row);
    if (!placed) continue;
    bytes += Buffer.byteLength(JSON.stringify(placed.item)) + 1;
    const isFull = items.length >= pageSize || bytes > largestPage;
    if (isFull && last !== undefined) return { items, next: writeCursor(list, last) };
    items.push(placed.item);
    last = placed.position;
  }
  return { items, next: null };
}

/** Reads back where a page starts; a cursor that was changed, or is that of another list, is refused. */
export function readCursor<Position>(
  list: string,
  cursor: string | null,
  isPosition: (value: unknown) => value is Position,
): Position | null {
  if (cursor === null) return null;
  const position = parse(Buffer.from(cursor.split('.')[0] ?? '', 'base64url').toString());
  if (isPosition(position) && writeCursor(list, position) === cursor) return position;
  const message = 'cursor is not one of this list; take it from the member next of the page before, unchanged';
  throw new AppError('impossible', message);
}

/** An internal id behind which a list of accounts goes on. */
export function isAccountPosition(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** A permission and an account behind which a list of members goes on. */
export function isMemberPosition(value: unknown): value is MemberPosition {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isSafeInteger(value[1]);
}

/** Opaque text with a check behind it: a damaged cursor must not quietly lead elsewhere, where people would be left out. */
function writeCursor(list: string, position: unknown): string {
  const text = JSON.stringify(position);
  return `${Buffer.from(text).toString('base64url')}.${hash('sha256', `${list}\n${text}`).slice(0, 16)}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
