import type { Unfinished } from './after-erasure.ts';

/** What an erasure took away. */
export interface Counted {
  /** Persons of whom nothing is left, and deleted ones who lost name, e-mail address and gender. */
  persons: number;
  reduced: number;
  /** Deleted persons who were left as they are, because a dump that Spend Cloud has or may yet get holds them. */
  waiting: number;
  /** Entries of the trail that were rewritten, and runs that lost whom they were about. */
  entries: number;
  runs: number;
  /** Where values still stand until a later tick takes them away; null when they are gone from every file. */
  unfinished: Unfinished | null;
}

export function nothingYet(): Counted {
  return { persons: 0, reduced: 0, waiting: 0, entries: 0, runs: 0, unfinished: null };
}
