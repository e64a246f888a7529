import type { en } from './en/en.ts';

/** All words of the page; both languages have the same keys. */
export type Text = typeof en;

/** Words for codes that the server may add to. */
export type Words = Partial<Record<string, string>>;
