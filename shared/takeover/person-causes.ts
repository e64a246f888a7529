import { textOf, type OldPerson } from '../domain/legacy/old-rows.ts';
import { readPassief } from '../domain/legacy/passief.ts';
import type { Cause } from './causes.ts';
import type { Evidence } from './evidence.ts';
import type { OldRow } from './old-pair.ts';
import type { OurPerson } from './our-pair.ts';
import type { Difference } from './proof.ts';

/** Why somebody who is active in Spend Cloud is not active in our files. */
export function whyGone(username: string, evidence: Evidence): Cause {
  const rows = evidence.persons(username);
  if (rows.length === 0) return 'not-in-database';
  const outcomes = rows.flatMap((row) => evidence.outcome(row) ?? []);
  for (const outcome of outcomes) {
    if (outcome.kind === 'ask') return outcome.why;
    if (outcome.kind === 'unknown-to-helloid' && outcome.as === 'disabled') return 'unknown-to-helloid';
    if (outcome.kind === 'taken-over') return outcome.as === 'passive' ? 'left-since' : 'changed-here';
  }
  for (const outcome of outcomes) if (outcome.kind === 'nothing-to-do') return outcome.why;
  return 'unexplained';
}

/** Why somebody whom Spend Cloud does not have as active is active in our files. */
export function whyAppears(username: string, now: OurPerson, wasThere: boolean, evidence: Evidence): Cause {
  if (now.account === null) return 'also';
  if (evidence.isGrantedOnlyPassive(username)) return 'granted-only-passive';
  const rows = evidence.persons(username);
  if (rows.length === 0) return now.reference && evidence.isTouched(now.reference) ? 'changed-here' : 'unexplained';
  const states = new Set(rows.map(({ passief }) => readPassief(passief).kind));
  if (states.size > 1) return 'list-decides';
  if (states.has('unclear')) return 'other-passief';
  if (states.has('passive')) return isTouched(now, evidence) ? 'changed-here' : 'unexplained';
  return wasThere ? 'newer-database' : 'joined-since';
}

/** Why a row that says inactive is in one of the files only. */
export function whyInactiveRow(username: string, evidence: Evidence): Cause {
  const rows = evidence.persons(username);
  for (const row of rows) {
    const outcome = evidence.outcome(row);
    if (outcome?.kind === 'nothing-to-do' || outcome?.kind === 'ask') return outcome.why;
  }
  return rows.length > 0 ? 'newer-database' : 'unexplained';
}

/** The values in which two rows of one person differ. */
export function fieldDifferences(now: OurPerson, then: OldRow, evidence: Evidence): Difference[] {
  const key = now.values.gebruikersnaam ?? '';
  const found = Object.entries(now.values).flatMap(([field, after]): Difference[] => {
    const before = then.values[field];
    if (before === undefined || before === after) return [];
    const cause = whyOther(field, before, now, evidence);
    return [{ file: 'persons', key, change: 'changed', field, before, after, cause }];
  });
  if (then.otherStatus === null) return found;
  const status = { field: 'status', before: then.otherStatus, after: '' };
  return [...found, { file: 'persons', key, change: 'changed', ...status, cause: 'other-passief' }];
}

function whyOther(field: string, before: string, now: OurPerson, evidence: Evidence): Cause {
  const after = now.values[field] ?? '';
  if (now.account === null && now.state === 'active') return 'also';
  if (before.normalize('NFC') === after) return 'normalised';
  if (now.state === 'inactive' && field === 'email' && after === '') return 'inactive-email';
  if (isTouched(now, evidence)) return 'changed-here';
  const rows = evidence.persons(now.values.gebruikersnaam ?? '');
  const stored = rows.map((row) => textOf(row[field as keyof OldPerson] ?? null) ?? '');
  if (!stored.includes(after)) return 'unexplained';
  return stored.includes(before.normalize('NFC')) ? 'list-decides' : 'newer-database';
}

function isTouched({ reference }: OurPerson, evidence: Evidence): boolean {
  return reference !== null && evidence.isTouched(reference);
}
