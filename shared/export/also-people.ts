import { fieldNames, fixedFields, type FixedField } from '../domain/account.ts';
import type { DumpSource, PersonRow } from '../domain/dump-row.ts';
import type { AlsoPerson, Tables } from '../domain/tables.ts';
import { compareText } from './compare-text.ts';
import type { FindingList } from './findings.ts';

/** The people of `also.persons` whom HelloID does not have, in the order of the usernames: where both have a person, HelloID decides. */
export function alsoPeople({ isHeld, wasDelivered }: DumpSource, tables: Tables, findings: FindingList): PersonRow[] {
  return [...tables.alsoPersons.values()]
    .map((person) => personRow(person, wasDelivered))
    .filter((person) => {
      if (!isHeld(person)) return true;
      findings.add(
        'also-in-helloid',
        { reference: null },
        `[${person.username}] of also.persons has an account in HelloID, which decides; take the line out`,
      );
      return false;
    })
    .sort((a, b) => compareText(a.username, b.username));
}

/** HelloID's people and the others, in the order of the usernames. */
export function* inOneOrder(persons: Iterable<PersonRow>, also: readonly PersonRow[]): Generator<PersonRow> {
  let next = 0;
  for (const person of persons) {
    for (let extra = also[next]; extra && compareText(extra.username, person.username) < 0; extra = also[next]) {
      next += 1;
      yield extra;
    }
    yield person;
  }
  yield* also.slice(next);
}

function personRow({ values }: AlsoPerson, wasDelivered: DumpSource['wasDelivered']): PersonRow {
  const value = (field: FixedField) => values[fieldNames[field]] ?? null;
  const username = value('username') ?? '';
  const fixed = new Set<string>(fixedFields.map((field) => fieldNames[field]));
  const extra = Object.fromEntries(Object.entries(values).filter(([name]) => !fixed.has(name)));
  return {
    id: null,
    reference: null,
    wanted: username,
    username,
    delivered: username,
    accepted: null,
    externalId: value('externalId') ?? '',
    wantedExternalId: value('externalId') ?? '',
    deliveredExternalId: null,
    acceptedExternalId: null,
    incompleteContracts: '[]',
    reused: 0,
    reuseAllowed: 0,
    sharesEmail: 0,
    once: wasDelivered(username) ? 1 : 0,
    closed: 0,
    email: value('email'),
    firstName: value('firstName'),
    prefix: value('prefix'),
    lastName: value('lastName'),
    gender: value('gender'),
    extra: JSON.stringify(extra),
  };
}
