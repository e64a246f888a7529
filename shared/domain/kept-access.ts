import { countOf, type FindingCode } from './findings.ts';
import type { Finding } from './run.ts';

/** Findings which mean that somebody has access, and should perhaps not: they are messages, until a person accepts the kind. */
export const accessCodes = [
  'unknown-leaver',
  'other-number',
  'unclosed',
  'inactive-without-email',
  'kept-row',
  'ended-contract',
  'role-of-former-mode',
  'role-not-in-catalogue',
  'without-contracts',
  'also-of-deleted',
  'untouched-since-take-over',
  'enable-while-created-enabled',
] as const satisfies readonly FindingCode[];
export type AccessCode = (typeof accessCodes)[number];

/** All findings of one kind in a run. */
export interface AccessKind {
  code: AccessCode;
  count: number;
  /** UTC; of the oldest. */
  since: string;
  /** The times of the runs that found some of them first, oldest first. */
  found: string[];
}

/** A person takes responsibility for a kind, up to and with a day. */
export interface Acceptance {
  /** A calendar day in the time zone of the schedule. */
  until: string;
  at: string;
  by: string;
  reason: string;
}

/** Who has access and should perhaps not, by the findings of the newest run. */
export interface KeptAccess {
  /** Null: none was rendered yet. */
  run: number | null;
  kinds: (AccessKind & {
    /** Null: nobody accepted the kind, or only up to a day that is over. */
    accepted: Acceptance | null;
  })[];
}

/** What is stored of it: the newest run that was rendered, and what persons accepted, by the code. */
export interface FoundAccess {
  newest: { run: number; findings: readonly Finding[] } | undefined;
  accepted: ReadonlyMap<string, Acceptance>;
}

/** The kinds in the order above. Ended contracts whose roles are left out give no access. */
export function keptAccess(
  { newest, accepted }: FoundAccess,
  { endedContracts, today }: { endedContracts: 'report' | 'drop'; today: string },
): KeptAccess {
  const byCode = Map.groupBy(newest?.findings ?? [], ({ code }) => code);
  if (endedContracts === 'drop') byCode.delete('ended-contract');
  const kinds = accessCodes.flatMap((code) => {
    const ofKind = byCode.get(code) ?? [];
    if (ofKind.length === 0) return [];
    const found = [...new Set(ofKind.map(({ since }) => since))].sort();
    const count = ofKind.reduce((sum, finding) => sum + countOf(finding), 0);
    const acceptance = accepted.get(code);
    const holds = acceptance !== undefined && acceptance.until >= today;
    return [{ code, count, since: found[0] ?? '', found, accepted: holds ? acceptance : null }];
  });
  return { run: newest?.run ?? null, kinds };
}

/** The number and what it means, without a name; for a message, for monitoring and for the terminal. */
export function accessSentence({ code, count }: Pick<AccessKind, 'code' | 'count'>): string {
  return sentences[code](count);
}

const sentences: Readonly<Record<AccessCode, (count: number) => string>> = {
  'unknown-leaver': (count) =>
    `${count} account(s) stay as they are although HelloID wanted to take something, by a reference that is not known here`,
  'other-number': (count) =>
    `${count} account(s) stay as they are although HelloID wanted to take something, because it named another number`,
  unclosed: (count) => `${count} person(s) left the files without a row that says inactive; Spend Cloud may keep them`,
  'inactive-without-email': () =>
    'Rows of inactive people go out without an e-mail address; should Spend Cloud refuse them, those people stay active',
  'kept-row': (count) => `${count} person(s) go out as delivered last, with the roles of then`,
  'ended-contract': (count) => `${count} role(s) go out although the contract has ended`,
  'role-of-former-mode': (count) => `${count} role(s) go out that were given before roles.assignedBy changed`,
  'role-not-in-catalogue': (count) => `${count} role(s) go out whose line was taken out of roles.catalogue`,
  'without-contracts': (count) => `${count} person(s) keep their roles because HelloID's calls carry no contracts`,
  'also-of-deleted': (count) => `${count} line(s) of also.persons are about people whose account was deleted`,
  'untouched-since-take-over': (count) =>
    `${count} person(s) were taken over from the earlier connector, and HelloID has not called about them since`,
  'enable-while-created-enabled': () =>
    'People have access from the create on, although HelloID enables accounts (accounts.initiallyEnabled)',
};

/** What a person does about a kind, besides looking at who it is. */
export function afterAccess({ code }: Pick<AccessKind, 'code'>): string {
  return next[code];
}

const next: Readonly<Record<AccessCode, string>> = {
  'unknown-leaver': 'disable or delete the accounts of those who left',
  'other-number':
    'unmanage the account of the other number in HelloID, or disable or delete the accounts of those who left',
  unclosed: 'look them up in Spend Cloud and deactivate there who is still active',
  'inactive-without-email':
    'look one of them up in Spend Cloud; if the import refuses such rows, set spendCloud.inactiveEmail to keep',
  'kept-row': 'correct the value that the encoding of the files cannot hold, or the encoding',
  'ended-contract': 'let the business rules in HelloID take the role, or set roles.endedContracts to drop',
  'role-of-former-mode':
    'let HelloID update these people (or revoke the permission), so that the roles come from one place',
  'role-not-in-catalogue': 'revoke the permission in HelloID, or put the line back',
  'without-contracts': 'see whether the script in HelloID sends personContext with the contracts',
  'also-of-deleted': 'take the line out, or: spendcloud also accept USERNAME --by NAME --reason TEXT',
  'untouched-since-take-over': 'see whether HelloID should have them; disable or delete here who left',
  'enable-while-created-enabled': 'set accounts.initiallyEnabled to false, so that Account access decides',
};
