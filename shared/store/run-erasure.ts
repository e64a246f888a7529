import type { Affected, AffectedPerson } from '../domain/effect.ts';
import type { Finding, RunDecision } from '../domain/run.ts';
import { withoutDecider, withoutNames, withoutText } from './audit-erasure.ts';

/** The personal parts of a run as they are stored, JSON each. */
export interface RunParts {
  who: string | null;
  findings: string;
  reasons: string;
  decisions: string;
}

/** Whom an erasure is about: their references, and in lower case everything they go by. */
export interface People {
  references: ReadonlySet<string>;
  names: ReadonlySet<string>;
  /** Looked for only in what people wrote, because others may have the same. */
  lastNames: ReadonlySet<string>;
  /** First and last name together, by which somebody who decided is known. */
  called: readonly Called[];
}

export interface Called {
  firstName: string | null;
  lastName: string;
}

/** A run in which these people are not named any more; the numbers of its effect stay. Undefined where they were not in it. */
export function runWithoutPeople(parts: RunParts, people: People): RunParts | undefined {
  const isOther = othersThan(people);
  const who = parts.who && mapped<Affected>(parts.who, (lists) => affectedWithout(lists, isOther));
  const findings = mapped<Finding[]>(parts.findings, (list) => list.filter(isOther));
  return ifChanged(parts, { ...inWords({ ...parts, findings }, people), who });
}

/** A run without what was changed in these people's names and addresses. */
export function runWithoutValues(parts: RunParts, people: People): RunParts | undefined {
  const isOther = othersThan(people);
  const who =
    parts.who && mapped<Affected>(parts.who, (lists) => ({ ...lists, changed: lists.changed.filter(isOther) }));
  return ifChanged(parts, { ...inWords(parts, people), who });
}

function othersThan({ references }: People): (one: { reference: string | null }) => boolean {
  return ({ reference }) => reference === null || !references.has(reference);
}

/** Our own words have values in brackets; what a person wrote is free text. */
function inWords({ who, findings, reasons, decisions }: RunParts, people: People): RunParts {
  return {
    who,
    findings: mapped<Finding[]>(findings, (list) =>
      list.map((finding) => ({ ...finding, message: withoutNames(finding.message, people.names) })),
    ),
    reasons: mapped<string[]>(reasons, (list) => list.map((reason) => withoutNames(reason, people.names))),
    decisions: mapped<RunDecision[]>(decisions, (list) =>
      list.map((decision) => ({
        ...decision,
        by: withoutDecider(decision.by, people),
        reason: withoutText(decision.reason, people),
      })),
    ),
  };
}

function affectedWithout(who: Affected, isOther: (person: Pick<AffectedPerson, 'reference'>) => boolean): Affected {
  return {
    added: who.added.filter(isOther),
    reactivated: (who.reactivated as AffectedPerson[] | undefined)?.filter(isOther) ?? [],
    deactivated: who.deactivated.filter(isOther),
    changed: who.changed.filter(isOther),
    renamed: who.renamed.filter(isOther),
    rolesAdded: who.rolesAdded.filter(isOther),
    rolesRemoved: who.rolesRemoved.filter(isOther),
  };
}

function mapped<Value>(json: string, change: (value: Value) => Value): string {
  return JSON.stringify(change(JSON.parse(json) as Value));
}

function ifChanged(before: RunParts, after: RunParts): RunParts | undefined {
  const names = ['who', 'findings', 'reasons', 'decisions'] as const;
  return names.some((name) => before[name] !== after[name]) ? after : undefined;
}
