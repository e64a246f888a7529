import { visibleForm } from './key-form.ts';

/** The longest text we take, in characters; Spend Cloud publishes no limits, and no name or code comes near. */
export const longestText = 200;

// NUL and the other control characters but tab, LF and CR; a file cannot carry them safely.
// eslint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/;

/** Says whether text can be written in the files' encodings. */
export type Fits = (text: string) => boolean;

/** Why a text cannot be stored and delivered, as the end of a sentence; undefined when it can. Never shows the text. */
export function textProblem(text: string, fits: Fits): string | undefined {
  if (!text.isWellFormed()) return 'holds half a character (a lone surrogate)';
  const control = controlCharacter.exec(text);
  if (control)
    return `holds the control character U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const length = characters(text);
  if (length > longestText) return `is ${length} characters long; at most ${longestText} are accepted`;
  if (!fits(text)) return "holds a character that the files' encoding does not have";
  return undefined;
}

/** True for text with nothing to see in it. */
export function isBlank(text: string | null | undefined): boolean {
  return text === null || text === undefined || visibleForm(text) === '';
}

/** The first so many UTF-16 units of a text, as Windows counts characters, and never half a surrogate pair. */
export function cutTo(length: number, text: string): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return cut.isWellFormed() || !text.isWellFormed() ? cut : text.slice(0, length - 1);
}

function characters(text: string): number {
  if (text.length <= longestText) return text.length;
  let count = 0;
  for (const character of text) count += character ? 1 : 0;
  return count;
}
