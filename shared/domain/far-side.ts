/** One of our files by its content. */
export interface FileContent {
  bytes: number;
  sha256: string;
}

/** A pair that may have come to lie at the far side. */
export interface SentPair {
  run: number;
  files: readonly [persons: FileContent, roles: FileContent];
}

/** What lies under one of the two final names. */
export type Under =
  | { what: 'nothing' }
  | { what: 'unseen' }
  | { what: 'known'; sha256: readonly string[]; bytes: number; modifiedAt: string | null }
  | { what: 'other'; bytes: number; modifiedAt: string | null };

/** What may lie there. */
export interface Expected {
  /** What was delivered, or given as baseline, last, and what the run is that is to go. */
  ours: readonly [persons: readonly FileContent[], roles: readonly FileContent[]];
  /** Runs that were sent after the last delivered one, the newest first. */
  later: SentPair[];
}

/** Runs that arrived after all: one as a whole, and later ones of which one file did. */
export interface Arrived {
  whole: number | null;
  persons: number | null;
  roles: number | null;
}

/** Which files of runs that were thought failed lie at the far side; null where there is none. */
export function arrivedAfterAll(
  [persons, roles]: readonly [persons: Under, roles: Under],
  { ours, later }: Expected,
): Arrived | null {
  const found = [runOf(persons, ours[0], later, 0), runOf(roles, ours[1], later, 1)] as const;
  const [ofPersons, ofRoles] = found;
  if (ofPersons === null && ofRoles === null) return null;
  // persons get their name first: with the roles file of a run its persons file was there, also where it was fetched or a newer one has replaced it
  const of = later.find(({ run }) => run === ofRoles);
  const hadPersons =
    persons.what === 'nothing' ||
    (ofPersons ?? 0) >= (ofRoles ?? 0) ||
    (of !== undefined && isOneOf(persons, [of.files[0]]));
  const whole = ofRoles !== null && hadPersons ? ofRoles : null;
  return { whole, persons: ofPersons === whole ? null : ofPersons, roles: ofRoles === whole ? null : ofRoles };
}

function runOf(under: Under, ours: readonly FileContent[], later: readonly SentPair[], index: 0 | 1): number | null {
  if (isOneOf(under, ours)) return null;
  return later.find(({ files }) => isOneOf(under, [files[index]]))?.run ?? null;
}

function isOneOf(under: Under, files: readonly FileContent[]): boolean {
  return under.what === 'known' && files.some(({ sha256 }) => under.sha256.includes(sha256));
}

const foreignStart = 'Somebody else wrote there: ';

/** Why nothing may be replaced: a file that is neither gone nor what we put there last. `names`: those of the files, persons first. */
export function foreignReasons(
  lying: readonly [persons: Under, roles: Under],
  { ours, later }: Expected,
  names: readonly string[],
): string[] {
  return lying.flatMap((under, index) => {
    if (under.what === 'nothing' || under.what === 'unseen') return [];
    const place = index === 0 ? 0 : 1;
    if (isOneOf(under, [...ours[place], ...later.map(({ files }) => files[place])])) return [];
    const of = under.modifiedAt === null ? '' : ` of ${under.modifiedAt}`;
    return [
      `${foreignStart}${names[index] ?? ''}${of} with ${under.bytes} bytes is not what we delivered last; a release replaces it once`,
    ];
  });
}

/** Those of the reasons for which a run is held that say that somebody else wrote there. */
export function foreignIn(reasons: readonly string[]): string[] {
  return reasons.filter((reason) => reason.startsWith(foreignStart));
}
