// Soft hyphens, zero-width spaces and joiners, marks of direction, byte order marks: characters that nobody sees.
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** Text as a reader sees it, for comparing: without invisible characters and blanks at its ends, wide letters as usual ones. */
export function visibleForm(text: string): string {
  if (isPlain(text)) return text;
  return text.normalize('NFKC').replace(invisible, '').replace(/\s+/g, ' ').trim();
}

/** How usernames and e-mail addresses are compared: as a reader sees them, without regard to case. */
export function keyForm(text: string): string {
  return visibleForm(text).normalize('NFC').toLowerCase();
}

/** Why a username or a number cannot be one, as the end of a sentence: a line end or something invisible between its characters. */
export function hiddenInside(text: string): string | undefined {
  if (isPlain(text)) return undefined;
  const [hidden] = /[\t\r\n\p{Default_Ignorable_Code_Point}]/u.exec(withoutEnds(text)) ?? [];
  if (hidden === undefined) return undefined;
  const code = (hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `holds the invisible character U+${code} between others; take it out at the source`;
}

function withoutEnds(text: string): string {
  return text.replace(/^[\s\p{Default_Ignorable_Code_Point}]+|[\s\p{Default_Ignorable_Code_Point}]+$/gu, '');
}

/** Nearly every key is, and each is compared several times a day. */
function isPlain(text: string): boolean {
  return /^[\x21-\x7E]*$/.test(text);
}
