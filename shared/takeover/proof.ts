import type { Leavers } from '../domain/columns.ts';
import type { Cause } from './causes.ts';
import { keyOf, type Evidence } from './evidence.ts';
import type { OldPair, OldRow } from './old-pair.ts';
import type { OurPerson } from './our-pair.ts';
import { fieldDifferences, whyAppears, whyGone, whyInactiveRow } from './person-causes.ts';
import { roleDifferences } from './role-differences.ts';

/** What Spend Cloud sees of a difference; `left-out` and `once`: a row less, with nothing that Spend Cloud does. */
export type Change =
  | 'added'
  | 'reactivated'
  | 'deactivated'
  | 'changed'
  | 'inactive-row'
  | 'left-out'
  | 'once'
  | 'role-added'
  | 'role-removed';

/** One field, row or role in which our first delivery differs from what Spend Cloud has. */
export interface Difference {
  file: 'persons' | 'roles';
  /** The username. */
  key: string;
  change: Change;
  /** Where one value differs. */
  field?: string;
  before?: string;
  after?: string;
  cause: Cause;
}

export interface Proof {
  spendCloud: { active: number; inactive: number };
  ours: { active: number; inactive: number };
  /** Rows of both files that differ. */
  rows: number;
  differences: Difference[];
}

interface Persons {
  now?: OurPerson;
  then?: OldRow;
}

/** Compares the files that Spend Cloud got last with our first dump, field by field, and finds the cause of each difference. */
export function prove(old: OldPair, ours: readonly OurPerson[], leavers: Leavers, evidence: Evidence): Proof {
  const byKey = new Map<string, Persons>();
  const differences: Difference[] = [];
  for (const row of old.persons) {
    const username = row.values.gebruikersnaam ?? '';
    const key = keyOf(username);
    const earlier = byKey.get(key)?.then;
    if (key === '') differences.push({ file: 'persons', key: username, change: 'left-out', cause: 'no-username' });
    else byKey.set(key, { then: row });
    if (!earlier) continue;
    const cause = earlier.state === row.state ? 'same-line' : 'both-states';
    differences.push({ file: 'persons', key: username, change: 'once', cause });
  }
  const known = [...byKey.values()];
  for (const now of ours) {
    const key = keyOf(now.values.gebruikersnaam ?? '');
    byKey.set(key, { ...byKey.get(key), now });
  }
  for (const persons of byKey.values()) differences.push(...ofPerson(persons, leavers, evidence));
  differences.push(...roleDifferences(old.roles, ours, byKey, evidence));

  const inactive = leavers === 'passive' ? known.filter(({ then }) => then?.state === 'inactive').length : 0;
  const ourInactive = ours.filter(({ state }) => state === 'inactive').length;
  return {
    spendCloud: { active: known.length - inactive, inactive },
    ours: { active: ours.length - ourInactive, inactive: ourInactive },
    rows: rowsOf(differences),
    differences: differences.toSorted((a, b) => (a.file === b.file ? 0 : a.file === 'persons' ? -1 : 1)),
  };
}

function ofPerson({ now, then }: Persons, leavers: Leavers, evidence: Evidence): Difference[] {
  const key = now?.values.gebruikersnaam ?? then?.values.gebruikersnaam ?? '';
  const difference = (change: Change, cause: Cause): Difference[] => [{ file: 'persons', key, change, cause }];
  const isMarked = then?.state === 'inactive';
  const wasActive = then !== undefined && !(isMarked && leavers === 'passive');
  if (now?.state === 'active') {
    if (wasActive) return fieldDifferences(now, then, evidence);
    const change = then ? 'reactivated' : 'added';
    return difference(change, whyAppears(key, now, then !== undefined, evidence));
  }
  if (wasActive) {
    if (isMarked) return difference('deactivated', 'not-read');
    return difference('deactivated', then.otherStatus === null ? whyGone(key, evidence) : 'other-passief');
  }
  if (now && then) return fieldDifferences(now, then, evidence);
  return difference(now ? 'inactive-row' : 'left-out', whyInactiveRow(key, evidence));
}

/** Fields of one row count once. */
function rowsOf(differences: readonly Difference[]): number {
  const fields = differences.filter(({ field }) => field !== undefined);
  return differences.length - fields.length + new Set(fields.map(({ key }) => keyOf(key))).size;
}
