import { language } from '../preferences.ts';
import { en } from './en/en.ts';
import { nl } from './nl/nl.ts';
import type { Text } from './types.ts';

/** The words in the language of this moment; a part that asks is drawn anew when the language changes. */
export function text(): Text {
  return language() === 'nl' ? nl : en;
}
