import { judgeCodes, pathsIn, type CodeJudgement, type CodePaths } from '../domain/code-fields.ts';
import type { FindingCode } from '../domain/findings.ts';
import type { FreshFinding, Run } from '../domain/run.ts';
import type { DailyParts } from './parts.ts';

/** Why a run is held for codes that come from another field of the contract than those delivered until now. */
export function codeReasons(parts: DailyParts): string[] {
  return judged(parts).held;
}

export function codeFindings(parts: DailyParts): FreshFinding[] {
  const code: FindingCode = 'codes-of-other-field';
  return judged(parts).findings.map((message) => ({ code, reference: null, message }));
}

function judged({ codeCounts, codePaths, facts }: DailyParts): CodeJudgement {
  return judgeCodes(codeCounts(), codePaths, accepted(facts));
}

/** A run that was held for its codes was released: these settings hold none again. */
export async function acceptCodes({ facts }: Pick<DailyParts, 'facts'>, { reasons }: Run): Promise<void> {
  const paths = pathsIn(reasons);
  if (Object.keys(paths).length === 0) return;
  await facts.set({ 'codes-accepted': JSON.stringify({ ...accepted(facts), ...paths }) });
}

function accepted(facts: DailyParts['facts']): Partial<CodePaths> {
  return JSON.parse(facts.get('codes-accepted') ?? '{}') as Partial<CodePaths>;
}
