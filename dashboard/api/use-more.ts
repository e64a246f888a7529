import { useRef, useState } from 'preact/hooks';
import { ask, type Failure } from './client.ts';
import type { Data } from './use-data.ts';

/** Further pages of a list, asked for one by one. */
export interface More<Item> {
  items: Item[];
  hasMore: boolean;
  isBusy: boolean;
  /** Why the last page asked for did not come. */
  failure: Failure | null;
  load: () => void;
}

/** Pages behind a first one that ended where `of` says. */
interface Further<Item> {
  of: string;
  items: Item[];
  next: string | null;
}

/**
 * What follows the first page of `path`, which is polled by its own and says where the second begins; `list` is the member of a page that
 * holds its items. Another `path`, or a first page that ends elsewhere by now, starts anew, so that no item is missing or there twice.
 * `isRead` becomes true while there is more than the first page: whoever polls that one holds still then.
 */
export function useMore<Item>(
  path: string,
  { value, isOld }: Pick<Data<{ next: string | null }>, 'value' | 'isOld'>,
  list: string,
  isRead?: { current: boolean },
): More<Item> {
  const first = isOld ? null : (value?.next ?? null);
  const of = JSON.stringify([path, first]);
  const newest = useRef(of);
  newest.current = of;
  const [further, setFurther] = useState<Further<Item> | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [failed, setFailed] = useState<{ of: string; failure: Failure } | null>(null);
  const mine = further?.of === of ? further : null;
  const isBusy = asked === of;
  const cursor = mine ? mine.next : first;
  if (isRead) isRead.current = isBusy || mine !== null;

  async function load(): Promise<void> {
    if (isBusy || cursor === null) return;
    setAsked(of);
    setFailed(null);
    const answered = await ask<Record<string, unknown>>(`${path}&cursor=${encodeURIComponent(cursor)}`);
    setAsked((before) => (before === of ? null : before));
    if (newest.current !== of) return; // the list it belongs to is not shown any more
    if (!answered.ok) {
      setFailed({ of, failure: answered.failure });
      return;
    }
    const { [list]: added, next } = answered.value;
    setFurther({ of, items: [...(mine?.items ?? []), ...(added as Item[])], next: next as string | null });
  }

  return {
    items: mine?.items ?? [],
    hasMore: cursor !== null,
    isBusy,
    failure: failed?.of === of ? failed.failure : null,
    load: () => void load(),
  };
}
