import { keyForm } from '../domain/key-form.ts';
import type { AuditDetail } from './audit.ts';
import type { Connection } from './open.ts';
import type { AccountRow } from './rows.ts';
import type { Called, People } from './run-erasure.ts';

/** Everything an account ever went by, as far as no living account does. */
export type Names = Record<'references' | 'numbers' | 'usernames' | 'addresses' | 'lastNames', string[]> & {
  called: Called[];
};

export interface PeopleStore {
  namesOf(account: number): Names;
  /** All that these accounts, and whoever only ever was refused under one of these numbers, went by; or only their addresses and names. */
  peopleOf(accounts: readonly number[], what: 'everything' | 'values', numbers?: readonly string[]): People;
  /** Of some values, those by which nobody living goes. */
  free(values: readonly (string | null | undefined)[]): string[];
}

export function peopleStore(writing: Connection): PeopleStore {
  const account = writing.prepare<[number], AccountRow>('SELECT * FROM accounts WHERE id = ?');
  const formerNames = writing
    .prepare<[number], string>('SELECT username_key FROM delivered_usernames WHERE account = ?')
    .pluck();
  const formerNumbers = writing
    .prepare<[number], string>('SELECT number FROM former_numbers WHERE account = ?')
    .pluck();
  const details = writing
    .prepare<[number], string>('SELECT detail FROM audit_detail JOIN audit USING (entry) WHERE account = ?')
    .pluck();
  const isLiving = writing
    .prepare<{ value: string; key: string }, 1>(
      `SELECT 1 FROM accounts WHERE deleted_at IS NULL AND (reference = @value OR external_id = @value OR called_for = @value OR username_key = @key OR delivered_key = @key OR email_key = @key)`,
    )
    .pluck();

  function namesOf(id: number): Names {
    const row = account.get(id);
    const said = details.all(id).map((detail) => JSON.parse(detail) as AuditDetail);
    const held = said.flatMap(({ before, after }) => [before?.account, after?.account]);
    return {
      references: free([row?.reference, ...said.map(({ reference }) => reference)]),
      numbers: free([
        ...[row?.external_id, row?.delivered_external_id, row?.accepted_external_id, row?.called_for],
        ...formerNumbers.all(id),
        ...[...said, ...held].map((one) => one?.externalId),
      ]),
      usernames: free([
        ...[row?.username, row?.delivered_username, row?.accepted_username],
        ...held.map((one) => one?.username),
        ...formerNames.all(id),
      ]),
      addresses: free([row?.email, ...held.map((one) => one?.email)]),
      lastNames: distinct([row?.last_name, ...held.map((one) => one?.lastName)]),
      called: [{ firstName: row?.first_name, lastName: row?.last_name }, ...held].flatMap((one) =>
        one?.lastName ? [{ firstName: one.firstName ?? null, lastName: one.lastName }] : [],
      ),
    };
  }

  function peopleOf(
    accounts: readonly number[],
    what: 'everything' | 'values',
    numbers: readonly string[] = [],
  ): People {
    const all = accounts.map(namesOf);
    const values = all.flatMap(({ addresses }) => addresses);
    const others = all.flatMap((names) => [...names.references, ...names.numbers, ...names.usernames]);
    const names = what === 'values' ? values : [...values, ...others, ...free(numbers)];
    return {
      references: new Set(all.flatMap(({ references }) => references)),
      names: new Set(names.flatMap((name) => [name.toLowerCase(), keyForm(name)])),
      lastNames: new Set(all.flatMap(({ lastNames }) => lastNames).map((name) => name.toLowerCase())),
      called: all.flatMap(({ called }) => called),
    };
  }

  function free(values: readonly (string | null | undefined)[]): string[] {
    return distinct(values).filter((value) => isLiving.get({ value, key: keyForm(value) }) === undefined);
  }

  return { namesOf, peopleOf, free };
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value): value is string => Boolean(value)))];
}
