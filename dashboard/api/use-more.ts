import { useEffect, useState } from 'preact/hooks';
import { ask, type Failure } from './client.ts';

/** Further pages of a list, asked for one by one. */
export interface More<Item> {
  items: Item[];
  hasMore: boolean;
  isBusy: boolean;
  /** Why the last page asked for did not come. */
  failure: Failure | null;
  load: () => void;
}

/**
 * What follows the first page of `path`, which is polled by its own and says by `first` where the second begins; `list` is the member of a page that
 * holds its items. Another `path` starts anew.
 */
export function useMore<Item>(path: string, first: string | null, list: string): More<Item> {
  const [items, setItems] = useState<Item[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    setItems([]);
    setNext(null);
    setFailure(null);
  }, [path]);
  const cursor = items.length === 0 ? first : next;

  async function load(): Promise<void> {
    if (isBusy || cursor === null) return;
    setBusy(true);
    const answered = await ask<Record<string, unknown>>(`${path}&cursor=${encodeURIComponent(cursor)}`);
    setBusy(false);
    setFailure(answered.ok ? null : answered.failure);
    if (!answered.ok) return;
    const { [list]: added, next: following } = answered.value;
    setItems([...items, ...(added as Item[])]);
    setNext(following as string | null);
  }

  return { items, hasMore: cursor !== null, isBusy, failure, load: () => void load() };
}
