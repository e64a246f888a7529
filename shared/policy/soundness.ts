import type { z } from 'zod';

type Issues = readonly z.core.$ZodRawIssue[];
type Path = readonly PropertyKey[];

/** For a check across settings that runs even when others are wrong, so that all are named at once. */
export const always = { when: () => true };

/** Whether what lies at `path` has the right shape itself; a part of it may be wrong. */
export function isReached(issues: Issues, path: Path): boolean {
  return !issues.some((issue) => spoils(issue) && isWithin(path, issue.path ?? []));
}

/** Whether what lies at `path` is right in every part. */
export function isSound(issues: Issues, path: Path): boolean {
  return isReached(issues, path) && !issues.some((issue) => spoils(issue) && isWithin(issue.path ?? [], path));
}

/** An unknown key leaves the keys beside it readable. */
function spoils(issue: z.core.$ZodRawIssue): boolean {
  return issue.code !== 'unrecognized_keys';
}

function isWithin(inner: Path, outer: Path): boolean {
  return outer.every((part, index) => inner[index] === part);
}
