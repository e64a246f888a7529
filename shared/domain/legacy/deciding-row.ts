import { caseless } from '../account.ts';
import type { ReadRow } from './read-rows.ts';
import type { KnownReference } from './references.ts';

/** A row that claims a username for its number. */
export interface Claimant {
  row: ReadRow;
  entry: KnownReference | undefined;
  /** The row that stands for the number; undefined where a person must say which. */
  found: ReadRow | undefined;
  /** Every row of the number says passive. */
  onlyPassive: boolean;
}

/** The row that stands for a number; undefined where a person must say which. */
export function rowOfNumber(
  rows: readonly ReadRow[],
  entry: KnownReference | undefined,
  complete: boolean,
): ReadRow | undefined {
  const newest = rows[0];
  const active = rows.filter((row) => !isPassive(row));
  if (active.length === 0 && !entry) return newest;
  const names = (some: readonly ReadRow[]) => new Set(some.map(({ username }) => caseless(username))).size;
  const states = new Set(rows.map(({ passief }) => passief.kind)).size;
  if (names(rows) === 1 && states === 1) return newest;
  const preferred = (some: readonly ReadRow[]) => some.find(({ passief }) => passief.kind === 'active') ?? some[0];
  if (entry) {
    const reached = rows.filter(({ username }) => caseless(username) === caseless(entry.reference));
    return names(rows) === 1 ? preferred(rows) : preferred(reached);
  }
  // HelloID does not hold the number: what is active under one name is unknown there, whatever stands beside it as passive
  return complete && names(active) === 1 ? preferred(active) : undefined;
}

/** Among several numbers with one username: the one that HelloID's complete list holds, when it holds exactly one of them. */
export function winnerOf(group: readonly Claimant[], complete: boolean): ReadRow | undefined {
  if (!complete) return undefined;
  const held = group.filter(({ entry }) => entry);
  if (new Set(held.map(({ row }) => row.externalId)).size === 1) return held[0]?.found;
  // nobody's access depends on which of several leavers keeps the name
  return held.length === 0 && group.every(({ row }) => isPassive(row)) ? group[0]?.found : undefined;
}

export function isPassive({ passief }: ReadRow): boolean {
  return passief.kind === 'passive';
}
