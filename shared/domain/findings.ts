import type { Finding, FreshFinding } from './run.ts';

/** What a dump finds; a stored run may hold codes of an earlier version. */
export const findingCodes = [
  ...['empty-email', 'empty-last-name', 'shared-email', 'reused-username', 'contract-without-role'],
  ...['pending-external-id', 'pending-username', 'cannot-be-written', 'kept-row', 'incomplete-role'],
  ...['ended-contract', 'contract-not-started', 'also-in-helloid', 'also-role-without-person'],
  ...['unmapped-unit', 'unmapped-profile', 'enable-while-created-enabled', 'codes-of-other-field'],
  ...['unclosed', 'inactive-without-email', 'unknown-leaver', 'other-number', 'shared-account'],
  ...['role-of-former-mode', 'role-not-in-catalogue', 'without-contracts', 'also-of-deleted'],
  ...['untouched-since-take-over', 'far-side-unseen', 'settings-changed', 'week-not-compared'],
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Gives each finding the time since which dumps in a row have had it. */
export function withSince(fresh: readonly FreshFinding[], before: readonly Finding[], now: string): Finding[] {
  const known = new Map(before.map((finding) => [findingKey(finding), finding.since]));
  // one that had no room in the list before may have it now
  const unlisted = new Map(before.filter(isMore).map(({ code, since }) => [code, since]));
  return fresh.map((finding) => ({
    ...finding,
    since: known.get(findingKey(finding)) ?? unlisted.get(finding.code) ?? now,
  }));
}

// Beyond this a list of one kind tells nobody anything; another kind is told all the same.
export const mostOfKind = 1000;

/** Stands for those of a kind that a list has no room for. */
export function moreOfKind(code: FindingCode, count: number): FreshFinding {
  return { code, reference: null, message: `and ${count} more of this kind` };
}

/** How many findings one of a list stands for. */
export function countOf({ message }: FreshFinding): number {
  return Number(moreOf.exec(message)?.[1] ?? 1);
}

const moreOf = /^and (\d+) more of this kind$/;
const isMore = ({ message }: FreshFinding) => moreOf.test(message);

/** What makes a finding the same one in the next dump. */
export function findingKey({ code, reference, message }: FreshFinding): string {
  return [code, reference ?? '', message.replace(moreOf, 'and more of this kind')].join('\u0000');
}
