import { language } from '../preferences.ts';
import { en } from './en/en.ts';
import { nl } from './nl/nl.ts';

/** All words of the page; both languages have the same keys. */
export type Text = typeof en;

/** The words in the language of this moment; a part that asks is drawn anew when the language changes. */
export function text(): Text {
  return language() === 'nl' ? nl : en;
}

/** Words for codes that the server may add to. */
export type Words = Partial<Record<string, string>>;
