import type { PersonRow } from '../domain/dump-row.ts';
import { mostOfKind, moreOfKind, type FindingCode } from '../domain/findings.ts';
import type { FreshFinding } from '../domain/run.ts';
import { isBlank } from '../domain/text.ts';

/** Collects what deserves a look. */
export interface FindingList {
  /** All that was added; of a kind that there is very much of the first ones, and how many more. */
  all(): FreshFinding[];
  add(code: FindingCode, person: { reference: string | null }, message: string): void;
}

export function findingList(): FindingList {
  const listed: FreshFinding[] = [];
  const counts = new Map<FindingCode, number>();
  return {
    all: () => [
      ...listed,
      ...[...counts].flatMap(([code, count]) => (count > mostOfKind ? [moreOfKind(code, count - mostOfKind)] : [])),
    ],
    add: (code, { reference }, message) => {
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count <= mostOfKind) listed.push({ code, reference, message });
    },
  };
}

/** What is odd about a person's own row: it goes out all the same. */
export function personFindings(person: PersonRow, findings: FindingList): void {
  if (isBlank(person.email))
    findings.add('empty-email', person, 'The e-mail address is empty; Spend Cloud wants one for each employee');
  if (isBlank(person.lastName))
    findings.add('empty-last-name', person, 'The last name is empty; Spend Cloud wants one for each employee');
  if (person.sharesEmail)
    findings.add(
      'shared-email',
      person,
      'Another account, perhaps a deleted one, has the same e-mail address; Spend Cloud wants it once, over inactive users too',
    );
  if (person.reused)
    findings.add(
      'reused-username',
      person,
      `The username [${person.username}] was delivered for somebody else before; in Spend Cloud it may still open that account`,
    );
  for (const contract of JSON.parse(person.incompleteContracts) as string[]) {
    findings.add(
      'contract-without-role',
      person,
      `Contract [${contract}] names no unit or no profile, and gives no role`,
    );
  }
  if (person.externalId !== person.wantedExternalId) {
    findings.add(
      'pending-external-id',
      person,
      `HelloID wants the number [${person.wantedExternalId}]; the files keep [${person.externalId}] until an operator accepts the new one`,
    );
  }
  if (person.username !== person.wanted) {
    findings.add(
      'pending-username',
      person,
      `HelloID wants the username [${person.wanted}]; the files keep [${person.username}] until an operator accepts the new one`,
    );
  }
}
