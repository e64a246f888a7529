import type { Run } from '../domain/run.ts';
import type { Concern } from './concerns.ts';
import type { Notice } from './notice.ts';

/** What one channel has told; kept in the database, so that nothing is told twice. */
export interface Book {
  /** Keys of what was told and still goes on. */
  told: string[];
  /** Told of trouble with deliveries and not yet of its end: the run that had been delivered last by then, 0 for none. */
  deliveryTrouble: number | null;
  /** The same for HelloID's silence: its last call by then. */
  silentSince: string | null;
  /** When what is said again each week was said last, all of it; null while there is nothing of the kind. */
  repeatedAt: string | null;
  /** Why the last message could not be sent; null when it could. */
  failure: string | null;
}

export const emptyBook: Book = { told: [], deliveryTrouble: null, silentSince: null, repeatedAt: null, failure: null };

/** What is known when news are looked for. */
export interface Situation {
  concerns: Concern[];
  /** Keys told before of deliveries that have not come to an end. */
  openDeliveries: string[];
  lastDelivered: Run | undefined;
  /** UTC; HelloID's last call. */
  lastCall: string | null;
  now: Date;
}

const weekMilliseconds = 7 * 86_400_000;

/** What a channel has to tell beyond its book, and the book once that is told. */
export function newsFor(book: Book, situation: Situation): { notices: Notice[]; book: Book } {
  const { concerns, openDeliveries, lastDelivered, lastCall, now } = situation;
  const told = new Set(book.told);
  const lasts = concerns.some(({ isRepeated }) => isRepeated);
  const isWeekOver = book.repeatedAt !== null && now.getTime() - Date.parse(book.repeatedAt) >= weekMilliseconds;
  const fresh = concerns.filter(
    ({ keys, isRepeated }) => keys.some((key) => !told.has(key)) || (isRepeated && isWeekOver),
  );
  const current = concerns.flatMap(({ keys }) => keys);
  const next: Book = {
    told: [...new Set([...current, ...openDeliveries.filter((key) => told.has(key))])],
    deliveryTrouble: book.deliveryTrouble,
    silentSince: book.silentSince,
    repeatedAt: !lasts ? null : isWeekOver ? now.toISOString() : (book.repeatedAt ?? now.toISOString()),
    failure: null,
  };
  const notices: Notice[] = [...fresh];

  const about = (topic: Concern['topic']) => concerns.some((concern) => concern.topic === topic);
  const deliversBadly = about('delivery') || openDeliveries.some((key) => told.has(key));
  if (about('delivery')) next.deliveryTrouble ??= lastDelivered?.id ?? 0;
  else if (
    book.deliveryTrouble !== null &&
    !deliversBadly &&
    lastDelivered &&
    lastDelivered.id !== book.deliveryTrouble
  ) {
    notices.push(deliversAgain(lastDelivered));
    next.deliveryTrouble = null;
  }

  if (about('helloid')) next.silentSince = lastCall;
  else if (book.silentSince !== null) {
    if (lastCall !== null && lastCall > book.silentSince) notices.push(callsAgain(lastCall));
    next.silentSince = null;
  }
  return { notices, book: next };
}

function deliversAgain({ id, finishedAt, files }: Run): Notice {
  return {
    title: `Deliveries have recovered: run ${id} was delivered`,
    lines: [`Delivered at ${finishedAt ?? ''}`, ...files.map(({ name, rows }) => `${name}: ${rows} rows`)],
    next: null,
  };
}

function callsAgain(lastCall: string): Notice {
  return { title: 'HelloID calls again', lines: [`Its last call came at ${lastCall}`], next: null };
}
