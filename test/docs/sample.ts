/**
 * What differs from one run to the next, and stands in a page as an example: brought to the same word in the page and in what came.
 * Everything else must be equal, letter by letter.
 */
const placeholders: readonly [what: RegExp, word: string][] = [
  [/\uFEFF/g, ''], // the byte order mark, which a terminal does not show
  [/\bsc_(agent|viewer|operator)_[\w-]{43}/g, 'sc_$1_KEY'],
  [/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:FINGERPRINT'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{3})?(Z| GMT\+[12])/g, 'TIME'],
  [/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, 'ID'],
  [/\bversion \d+\b/g, 'version N'], // of the database
  [/\b\d+ MiB\b/g, 'N MiB'],
];

/** A sample answer or the real one, ready to be compared. */
export function comparable(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
  return placeholders.reduce((result, [what, word]) => result.replaceAll(what, word), lines);
}
