// Letters that Unicode does not take apart into a plain letter and a mark.
const plain: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  þ: 'th',
  ð: 'd',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ø: 'o',
  ŧ: 't',
};

/** Text as it is looked for: in lower case and without marks, so that `strauss` finds Strauß and `renee` Renée. */
export function searchable(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return bare.replace(/[æœßþðđħıłøŧ]/g, (letter) => plain[letter] ?? letter);
}

/** All of an account that people search, but for an earlier username that Spend Cloud still has. */
export function searchTextOf(...values: (string | null)[]): string {
  return searchable(values.filter((value) => value !== null && value !== '').join('\n'));
}
