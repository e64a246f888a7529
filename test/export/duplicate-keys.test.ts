import { expect, test } from 'vitest';
import type { PersonRow } from '../../shared/domain/dump-row.ts';
import { duplicateKeys } from '../../shared/export/duplicate-keys.ts';
import { ownerWriter, type PersonKey } from '../../shared/export/pair.ts';
import { temporaryFolder } from '../helpers.ts';

function person(id: number | null, keys: Partial<PersonRow>): PersonRow {
  const username = keys.username ?? `p${id ?? ''}`;
  const externalId = keys.externalId ?? String(id ?? '');
  return {
    id,
    reference: null,
    wanted: username,
    username,
    delivered: null,
    accepted: null,
    acceptedExternalId: null,
    externalId,
    wantedExternalId: externalId,
    deliveredExternalId: null,
    email: null,
    firstName: null,
    prefix: null,
    lastName: null,
    gender: null,
    extra: '{}',
    incompleteContracts: '[]',
    reused: 0,
    reuseAllowed: 0,
    sharesEmail: 0,
    once: 0,
    closed: 0,
    ...keys,
  };
}

/** Counts over rows that are written as a dump writes them. */
function count(personKey: PersonKey, rows: PersonRow[]): number {
  const folder = temporaryFolder();
  const owners = ownerWriter(folder);
  const keys = duplicateKeys(personKey);
  for (const row of rows) {
    keys.see(row);
    const { id: account, reference, username, externalId } = row;
    const whose = { account, reference, username, externalId };
    owners.add({ ...whose, isNew: false, accepted: false, inactiveSince: null, once: false }, 0);
  }
  owners.finish();
  return keys.count(folder);
}

test.each<[string, PersonKey, PersonRow[], number]>([
  ['an extra person behind a usual row', 'externalId', [person(1, {}), person(null, { externalId: '1' })], 1],
  ['an extra person before a usual row', 'externalId', [person(null, { externalId: '1' }), person(1, {})], 1],
  ['a kept number', 'externalId', [person(1, {}), person(2, { externalId: '1', wantedExternalId: '2' })], 1],
  ['a kept username in another case', 'gebruikersnaam', [person(1, {}), person(2, { username: 'P1', wanted: 'x' })], 1],
  [
    'three of one',
    'externalId',
    [person(1, {}), ...['a', 'b'].map((username) => person(null, { username, externalId: '1' }))],
    1,
  ],
  [
    'none',
    'externalId',
    [person(1, {}), person(2, { externalId: '3', wantedExternalId: '2' }), person(null, { externalId: '4' })],
    0,
  ],
])('%s counts once for each key that stands on two rows', (_what, personKey, rows, expected) => {
  expect(count(personKey, rows)).toBe(expected);
});
