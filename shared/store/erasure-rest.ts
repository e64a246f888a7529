import type { Connection } from './open.ts';

/** What an erasure still has to do; kept in the database from the erasure's own transaction on, so that a crash forgets nothing. */
export interface Rest {
  /** Kept pairs that hold one of these accounts go. */
  accounts: number[];
  /** Lines for the list that a restore goes by. */
  lines: ErasureLine[];
  /** Purges that were begun. */
  purges: Purge[];
  /** Persons who are erased once no dump holds them that Spend Cloud has or may yet get. */
  waiting: WaitingErasure[];
  /** Something was rewritten in the database: its old values may stand in the file and the write-ahead log. */
  rewritten: boolean;
}

/** An erasure that somebody asked for, without anything personal: internal ids are random, and of the number it has the keyed digest. */
export type ErasureLine = { at: string; accounts: number[]; number: string } | { at: string; before: string };

export interface WaitingErasure {
  externalId: string;
  by: string;
  reason: string;
}

export interface Purge {
  before: string;
  by: string;
  reason: string;
}

export const nothingLeft: Rest = { accounts: [], lines: [], purges: [], waiting: [], rewritten: false };

/** Whether there is something to do at once, besides what is to be erased yet. */
export function isToFinish({ accounts, lines, rewritten }: Rest): boolean {
  return rewritten || accounts.length + lines.length > 0;
}

/** Only whoever holds the run lock writes it. */
export interface RestStore {
  read(): Rest | undefined;
  /** Call it inside the transaction of what leaves something to do. */
  add(more: Partial<Rest>): void;
  /** What is left now; nothing removes it. Call it inside a transaction. */
  set(left: Rest): void;
}

export function restStore(writing: Connection): RestStore {
  const stored = writing.prepare<[], string>("SELECT value FROM facts WHERE name = 'erasing'").pluck();
  const put = writing.prepare(
    "INSERT INTO facts (name, value) VALUES ('erasing', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const remove = writing.prepare("DELETE FROM facts WHERE name = 'erasing'");

  function read(): Rest | undefined {
    const text = stored.get();
    return text === undefined ? undefined : { rewritten: true, ...(JSON.parse(text) as Omit<Rest, 'rewritten'>) }; // an earlier release did not say
  }

  return {
    read,
    add: ({ accounts = [], lines = [], purges = [], waiting = [], rewritten = false }) => {
      const before = read() ?? nothingLeft;
      put.run(
        JSON.stringify({
          accounts: [...before.accounts, ...accounts],
          lines: [...before.lines, ...lines],
          purges: [...before.purges, ...purges],
          waiting: [...before.waiting, ...waiting],
          rewritten: before.rewritten || rewritten,
        } satisfies Rest),
      );
    },
    set: (left) => {
      if (!isToFinish(left) && left.purges.length + left.waiting.length === 0) remove.run();
      else put.run(JSON.stringify(left));
    },
  };
}
