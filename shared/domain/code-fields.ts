import { caseless, type Role } from './account.ts';
import type { Contract } from './contracts.ts';
import { isBlank } from './text.ts';

/** The two codes of a role. */
export const codeKinds = ['unit', 'profile'] as const;
export type CodeKind = (typeof codeKinds)[number];

/** The settings `roles.unit.code` and `roles.profile.code`. */
export type CodePaths = Record<CodeKind, string>;

/** Which member of the contracts the codes taken over equal: the configured one, the one beside it, either or none. */
export const codeMatches = ['configured', 'other', 'both', 'neither'] as const;
export type CodeMatch = (typeof codeMatches)[number];

/** One person's codes of a kind, compared once: when contracts replaced the roles that were taken over. */
export interface ComparedCode {
  kind: CodeKind;
  /** The setting of that time. */
  path: string;
  match: CodeMatch;
}

export interface CodeCount extends ComparedCode {
  people: number;
}

export interface CodeJudgement {
  /** Why a run is held. */
  held: string[];
  /** What deserves a look and holds nothing. */
  findings: string[];
}

/** Judges whether the settings read the codes that Spend Cloud has; an accepted path is not asked about again. */
export function judgeCodes(
  counts: readonly CodeCount[],
  paths: CodePaths,
  accepted: Partial<CodePaths> = {},
): CodeJudgement {
  const judgement: CodeJudgement = { held: [], findings: [] };
  for (const kind of codeKinds) {
    const path = paths[kind];
    const other = otherMember(path);
    if (other === null || isSame(path, accepted[kind])) continue;
    const people = peopleBy(counts, { kind, path, other });
    const share = `${people.other} of ${codeMatches.reduce((sum, match) => sum + people[match], 0)} people`;
    const reads = `roles.${kind}.code reads ${path}`;
    if (people.other > people.configured)
      judgement.held.push(
        `${reads}; the codes delivered until now are those of ${other} for ${share}; an upgraded table may hold both`,
      );
    else if (people.other > 0)
      judgement.findings.push(
        `${reads}; for ${share} the codes taken over are those of ${other}, ` +
          'so Spend Cloud removes their roles and adds them under other codes',
      );
  }
  return judgement;
}

/** The settings that the reasons of a held run ask about: a release accepts them. */
export function pathsIn(reasons: readonly string[]): Partial<CodePaths> {
  const paths: Partial<CodePaths> = {};
  for (const reason of reasons) {
    const [, kind, path] = /^roles\.(unit|profile)\.code reads (\S+); the codes delivered/.exec(reason) ?? [];
    if (path !== undefined) paths[kind as CodeKind] = path;
  }
  return paths;
}

/** What was measured under the other setting says the opposite of this one; under any third setting it says nothing. */
function peopleBy(
  counts: readonly CodeCount[],
  { kind, path, other }: { kind: CodeKind; path: string; other: string },
): Record<CodeMatch, number> {
  const people = { configured: 0, other: 0, both: 0, neither: 0 };
  for (const count of counts) {
    if (count.kind !== kind) continue;
    if (isSame(count.path, path)) people[count.match] += count.people;
    else if (isSame(count.path, other)) people[opposite[count.match]] += count.people;
  }
  return people;
}

const opposite: Record<CodeMatch, CodeMatch> = {
  configured: 'other',
  other: 'configured',
  both: 'both',
  neither: 'neither',
};

/** `Title.Code` for `Title.ExternalId` and the reverse; null for a path that ends in another name. */
export function otherMember(path: string): string | null {
  const names = path.split('.');
  const last = caseless(names.pop() ?? '');
  if (last !== 'code' && last !== 'externalid') return null;
  return [...names, last === 'code' ? 'ExternalId' : 'Code'].join('.');
}

/** Compares the codes taken over with those of the contracts that replace them, except a kind that one side lacks. */
export function compareCodes(roles: readonly Role[], contracts: readonly Contract[], paths: CodePaths): ComparedCode[] {
  const replaced = roles.filter(({ owner }) => owner !== 'catalogue');
  const inConditions = contracts.filter((contract) => contract.inConditions);
  return codeKinds.flatMap((kind) => {
    const codes = replaced.map(({ unitCode, profileCode }) => (kind === 'unit' ? unitCode : profileCode));
    const stored = new Set(codes.filter((code) => !isBlank(code)));
    if (otherMember(paths[kind]) === null || stored.size === 0 || inConditions.length === 0) return [];
    const read = inConditions.map((contract) => contract[kind]);
    return [{ kind, path: paths[kind], match: matchOf(stored, read) }];
  });
}

/** Contracts whose two members are equal cannot tell which of them a code came from. */
function matchOf(stored: ReadonlySet<string | null>, read: readonly Contract[CodeKind][]): CodeMatch {
  const isStored = (code: string | null | undefined) => !isBlank(code) && stored.has(code ?? null);
  const telling = read.filter(({ code, otherCode }) => code !== (otherCode ?? null));
  const configured = telling.some(({ code }) => isStored(code));
  const other = telling.some(({ otherCode }) => isStored(otherCode));
  if (configured !== other) return configured ? 'configured' : 'other';
  return read.some(({ code }) => isStored(code)) ? 'both' : 'neither';
}

/** HelloID's members are found in any casing. */
function isSame(path: string, other: string | undefined): boolean {
  return other !== undefined && caseless(path) === caseless(other);
}
