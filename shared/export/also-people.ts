import { fieldNames, fixedFields, type FixedField } from '../domain/account.ts';
import type { DumpSource, PersonRow } from '../domain/dump-row.ts';
import type { FindingCode } from '../domain/findings.ts';
import { keyForm } from '../domain/key-form.ts';
import type { AlsoPerson } from '../domain/tables.ts';
import { compareText } from './compare-text.ts';
import type { FindingList } from './findings.ts';
import { keyForm as formOf } from './keys.ts';
import { readOwners, type PersonKey } from './pair.ts';
import type { DumpOrder } from './write-dump.ts';

/**
 * The people of `also.persons` whom HelloID does not have, in the order of the usernames: where both have a person, HelloID decides.
 * A line that would give access back to somebody who was deleted is left out until a person accepts it; one that Spend Cloud got before goes on.
 */
export function alsoPeople(
  { isHeld, wasDelivered, deletedAt }: DumpSource,
  { tables, alsoDecisions: { accepted, erased }, deliveredPair, personKey }: AlsoOrder,
  findings: FindingList,
): PersonRow[] {
  const add = (code: FindingCode, says: string) => findings.add(code, { reference: null }, says);
  let deliveredLast: ReadonlySet<string> | undefined;

  function isLeftOut(person: PersonRow): boolean {
    const { username } = person;
    const key = keyForm(username);
    const deleted = deletedAt(person);
    if (deleted === null && !erased.has(key)) return false;
    const acceptedAt = accepted.get(key);
    if (acceptedAt !== undefined && acceptedAt >= (deleted ?? '')) return false;
    deliveredLast ??= alsoIn(deliveredPair, personKey);
    const goesOn = deliveredLast.has(formOf(person, personKey));
    const what = goesOn ? 'goes out as before' : 'is left out until somebody accepts it';
    add(
      'also-of-deleted',
      `[${username}] of also.persons is somebody whose account was deleted; the line ${what}. Take it out, or: spendcloud also accept ${username}`,
    );
    return !goesOn;
  }

  return [...tables.alsoPersons.values()]
    .map((person) => personRow(person, wasDelivered))
    .filter((person) => {
      if (!isHeld(person)) return !isLeftOut(person);
      add(
        'also-in-helloid',
        `[${person.username}] of also.persons has an account in HelloID, which decides; take the line out`,
      );
      return false;
    })
    .sort((a, b) => compareText(a.username, b.username));
}

type AlsoOrder = Pick<DumpOrder, 'tables' | 'alsoDecisions' | 'deliveredPair' | 'personKey'>;

/** Who was active in the pair delivered last as somebody whom HelloID does not manage. */
function alsoIn(pair: string | null, personKey: PersonKey): ReadonlySet<string> {
  const found = new Set<string>();
  if (pair === null) return found;
  for (const owner of readOwners(pair))
    if (owner.account === null && owner.inactiveSince === null) found.add(formOf(owner, personKey));
  return found;
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
