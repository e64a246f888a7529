/** What is odd about a last name and its prefix, as the earlier connector wrote them. */
export type FamilyName =
  | { kind: 'as-it-is' }
  /** The prefix stands behind the last name and in its own column: it belongs in the column alone. */
  | { kind: 'prefix-twice'; lastName: string }
  /** The prefix may stand twice, but not in the way the earlier connector did it. */
  | { kind: 'maybe-twice' }
  /** The last name ends in a prefix and the column is empty: every update of the earlier connector emptied it. */
  | { kind: 'prefix-lost' };

const prefixes = [
  'van den',
  'van der',
  'van de',
  "van 't",
  'van',
  'von',
  'den',
  'der',
  'de',
  'du',
  'la',
  'ten',
  'ter',
  'te',
  "'t",
];

/**
 * Judges a name by what the earlier connector's field mapping did: `FamilyName FamilyNamePrefix` ("Brink van den") beside the prefix
 * "van den", and the same with a partner's name. Only that is certain.
 */
export function judgeFamilyName(lastName: string | null, prefix: string | null): FamilyName {
  const name = lastName?.trim() ?? '';
  const own = prefix?.trim() ?? '';
  if (own === '') return prefixAtEnd(name) ? { kind: 'prefix-lost' } : { kind: 'as-it-is' };
  if (name.endsWith(` ${own}`)) {
    const rest = name.slice(0, -own.length).trimEnd();
    return rest === '' || prefixAtEnd(rest) ? { kind: 'maybe-twice' } : { kind: 'prefix-twice', lastName: rest };
  }
  const [some, other] = [name.toLowerCase(), own.toLowerCase()];
  const maybe = some.startsWith(`${other} `) || some.endsWith(` ${other}`);
  return { kind: maybe ? 'maybe-twice' : 'as-it-is' };
}

function prefixAtEnd(name: string): boolean {
  return prefixes.some((prefix) => name.toLowerCase().endsWith(` ${prefix}`));
}
