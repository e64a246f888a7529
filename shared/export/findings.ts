import type { PersonRow } from '../domain/dump-row.ts';
import type { Finding } from '../domain/run.ts';
import { isBlank } from '../domain/text.ts';

// Beyond this a list tells nobody anything.
const mostFindings = 1000;

/** Collects what deserves a look. */
export interface FindingList {
  all: Finding[];
  add(code: string, person: { reference: string | null }, message: string): void;
}

export function findingList(): FindingList {
  const all: Finding[] = [];
  return {
    all,
    add: (code, { reference }, message) => {
      if (all.length < mostFindings) all.push({ code, reference, message });
    },
  };
}

/** What is odd about a person's own row: it goes out all the same. */
export function personFindings(person: PersonRow, findings: FindingList): void {
  if (isBlank(person.email))
    findings.add('empty-email', person, 'The e-mail address is empty; Spend Cloud wants one for each employee');
  if (isBlank(person.lastName))
    findings.add('empty-last-name', person, 'The last name is empty; Spend Cloud wants one for each employee');
  if (person.username !== person.wanted) {
    findings.add(
      'pending-username',
      person,
      `HelloID wants the username [${person.wanted}]; the files keep [${person.username}] until an operator accepts the new one`,
    );
  }
}
