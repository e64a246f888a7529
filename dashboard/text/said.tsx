import { language } from '../preferences.ts';
import { dutchOf } from './nl/reasons.ts';

/** A sentence of the server, which speaks English: in Dutch where it is one of those we know, else marked as the English it is. */
export function Said({ words }: { words: string }) {
  if (language() === 'en') return <>{words}</>;
  const dutch = dutchOf(words);
  return dutch === null ? <span lang="en">{words}</span> : <>{dutch}</>;
}
