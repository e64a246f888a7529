import type { Comparison } from '../domain/effect.ts';
import { moreOfKind, mostOfKind, type FindingCode } from '../domain/findings.ts';
import type { FreshFinding } from '../domain/run.ts';
import { readTakeOver, takeOverDays } from '../domain/take-over.ts';
import type { RenderedDump } from '../render-dump.ts';
import { codeFindings } from './codes.ts';
import { unseenFinding } from './far-side.ts';
import type { DailyParts } from './parts.ts';
import { settingsFindings } from './settings.ts';
import { weekFindings } from './week.ts';

/** All that deserves a look about a dump: what its rows show, and what is known besides; a preview tells the same as a run. */
export function findingsOf(
  parts: DailyParts,
  dump: Pick<RenderedDump, 'findings' | 'weekFault'>,
  comparison: Comparison,
): FreshFinding[] {
  return [
    ...dump.findings,
    ...unclosed(parts, comparison),
    ...enabledTwice(parts),
    ...codeFindings(parts),
    ...settingsFindings(parts),
    ...weekFindings(dump),
    ...parts.personNumbers.findings(),
    ...parts.unsaidContracts(),
    ...untouched(parts),
    ...(parts.facts.get('far-side-unseen') === undefined ? [] : [unseenFinding]),
  ];
}

/** Where inactive people are told by a row, who only is missing may keep the account in Spend Cloud. */
function unclosed({ format }: DailyParts, { missing }: Comparison): FreshFinding[] {
  if (format.leavers === 'absent') return [];
  return missing.map(({ reference, key }) => ({
    code: 'unclosed' satisfies FindingCode,
    reference,
    message: `[${key}] was delivered as active and is missing from the persons file without a row that says inactive: Spend Cloud may keep the account. Look it up there`,
  }));
}

/** HelloID uses its enable action, as if access began there. */
function enabledTwice({ facts, initiallyEnabled }: DailyParts): FreshFinding[] {
  if (!initiallyEnabled || !facts.get('enable-called-at')) return [];
  const message =
    'HelloID calls enable, while accounts.initiallyEnabled is true: access starts with create. Set it to false, so that Account access decides';
  return [{ code: 'enable-while-created-enabled' satisfies FindingCode, reference: null, message }];
}

/** People of the earlier connector whom HelloID does not know, it seems; until a person closes the take-over. */
function untouched({ facts, takenOver, now }: DailyParts): FreshFinding[] {
  const before = new Date(now().getTime() - takeOverDays * 86_400_000).toISOString();
  const first = takenOver.first();
  if (first === null || first > before || readTakeOver(facts.get('take-over'))?.closed) return [];
  const code = 'untouched-since-take-over' satisfies FindingCode;
  const people = takenOver.untouched(mostOfKind).filter(({ takenOverAt }) => takenOverAt <= before);
  const more = people.length < mostOfKind ? 0 : takenOver.count().untouched - people.length;
  return [
    ...people.map(({ reference, takenOverAt }) => ({
      code,
      reference,
      message: `Taken over from the earlier connector at ${takenOverAt}, and HelloID has not called about this person since; see whether HelloID should have it`,
    })),
    ...(more > 0 ? [moreOfKind(code, more)] : []),
  ];
}
