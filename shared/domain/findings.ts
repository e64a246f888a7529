import type { Finding, FreshFinding } from './run.ts';

/** Gives each finding the time since which dumps in a row have had it. */
export function withSince(fresh: readonly FreshFinding[], before: readonly Finding[], now: string): Finding[] {
  const known = new Map(before.map((finding) => [findingKey(finding), finding.since]));
  return fresh.map((finding) => ({ ...finding, since: known.get(findingKey(finding)) ?? now }));
}

/** What makes a finding the same one in the next dump. */
export function findingKey({ code, reference, message }: FreshFinding): string {
  return [code, reference ?? '', message].join('\u0000');
}
