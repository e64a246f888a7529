import type { Database } from 'better-sqlite3';
import { keyForm, visibleForm } from '../domain/key-form.ts';
import type { DumpSource, PersonRow, RoleRow } from '../domain/dump-row.ts';
import type { KeyRules, UsernameChange } from '../domain/keys-in-files.ts';
import { keptExternalId, keptUsername } from './kept-keys.ts';
import { leaverSource } from './leaver-source.ts';
import { openReading } from './open.ts';
import { nobody } from './rows.ts';

// SQLite sorts the persons in as much memory as it may cache; past that it uses a temporary file, which costs little. Memory is the scarcer of the two.
const sortKilobytes = 4096;

/** Reads one snapshot for both files, on a connection of its own; nothing is read twice, and writers go on meanwhile. */
export function withDumpSource<T>(
  databasePath: string,
  { usernameChange, personKey }: KeyRules,
  use: (source: DumpSource) => T,
): T {
  const db = openReading(databasePath);
  try {
    db.pragma(`cache_size = -${sortKilobytes}`);
    db.exec('BEGIN');
    const byUsername = personKey === 'gebruikersnaam';
    const persons = db.prepare<{ usernameChange: UsernameChange }, PersonRow>(
      `SELECT id, reference, username AS wanted, ${byUsername ? keptUsername : 'username'} AS username, delivered_username AS delivered,
         accepted_username AS accepted, ${byUsername ? 'external_id' : keptExternalId} AS externalId, external_id AS wantedExternalId,
         delivered_external_id AS deliveredExternalId, accepted_external_id AS acceptedExternalId, email, first_name AS firstName, prefix,
         last_name AS lastName, gender, extra, incomplete_contracts AS incompleteContracts, closed_at IS NOT NULL AS closed,
         delivered_username IS NOT NULL OR EXISTS (SELECT 1 FROM delivered_usernames AS before
                 WHERE before.username_key = accounts.username_key) AS once,
         EXISTS (SELECT 1 FROM delivered_usernames AS former
                 WHERE former.username_key = accounts.username_key AND former.account NOT IN (accounts.id, ${nobody})) AS reused,
         EXISTS (SELECT 1 FROM allowed_usernames AS allowed
                 WHERE allowed.username_key = accounts.username_key AND allowed.external_id = accounts.external_id_key) AS reuseAllowed,
         email_key IS NOT NULL AND EXISTS (SELECT 1 FROM accounts AS other
                 WHERE other.email_key = accounts.email_key AND other.id <> accounts.id) AS sharesEmail
       FROM accounts WHERE deleted_at IS NULL AND enabled = 1 ORDER BY 4`,
    );
    const roles = db.prepare<[number], RoleRow>(
      `SELECT owner, permission, contract, unit, unit_code AS unitCode, profile, profile_code AS profileCode, start_date AS startDate, end_date AS endDate
       FROM roles WHERE account = ?`,
    );
    const held = db
      .prepare<[string, string], 1>(
        `SELECT 1 WHERE EXISTS (SELECT 1 FROM accounts WHERE deleted_at IS NULL AND username_key = ?)
           OR EXISTS (SELECT 1 FROM accounts WHERE deleted_at IS NULL AND delivered_key = ?)`,
      )
      .pluck();
    const numbers = heldNumbers(db);
    const delivered = db
      .prepare<[string], 1>('SELECT 1 FROM delivered_usernames WHERE username_key = ? LIMIT 1')
      .pluck();
    const deleted = db
      .prepare<{ username: string; number: string }, string | null>(
        `SELECT max(deleted_at) FROM accounts WHERE deleted_at IS NOT NULL AND id IN (
           ${
             byUsername
               ? 'SELECT account FROM delivered_usernames WHERE username_key = @username'
               : 'SELECT account FROM delivered_numbers WHERE number_key = @number'
           })`,
      )
      .pluck();
    const deliveredBy = db
      .prepare<{ key: string; account: number | null; at: string }, 1>(
        `SELECT 1 FROM delivered_usernames WHERE (username_key = @key
           OR username_key IN (SELECT username_key FROM accounts WHERE id = @account UNION SELECT delivered_key FROM accounts WHERE id = @account))
           AND delivered_at <= @at LIMIT 1`,
      )
      .pluck();
    const known = db.prepare<[number], 1>('SELECT 1 FROM accounts WHERE id = ?').pluck();
    return use({
      // begun by whoever reads it: an open one would make `close` throw, and hide what went wrong before
      persons: { [Symbol.iterator]: () => persons.iterate({ usernameChange }) },
      rolesOf: (account) => roles.all(account),
      isHeld: ({ username, externalId }) => {
        const key = keyForm(username);
        return held.get(key, key) !== undefined || (!byUsername && numbers.isHeld(externalId));
      },
      isKnown: (account) => known.get(account) !== undefined,
      deletedAt: ({ username, externalId }) =>
        deleted.get({ username: keyForm(username), number: visibleForm(externalId) }) ?? null,
      wasDeliveredBy: ({ username, account }, at) =>
        deliveredBy.get({ key: keyForm(username), account, at }) !== undefined,
      wasDelivered: (username) => delivered.get(keyForm(username)) !== undefined,
      ...leaverSource(db, { usernameChange, personKey }),
    });
  } finally {
    db.close();
  }
}

/** Numbers of living accounts; those delivered that are not the wanted ones are few and have no index, so they are looked up once. */
function heldNumbers(db: Database): { isHeld(number: string): boolean } {
  const wanted = db.prepare<[string], 1>('SELECT 1 FROM accounts WHERE deleted_at IS NULL AND external_id = ?').pluck();
  const former = db
    .prepare<[], string>(
      'SELECT delivered_external_id FROM accounts WHERE deleted_at IS NULL AND delivered_external_id <> external_id',
    )
    .pluck();
  let delivered: Set<string> | undefined;
  return {
    isHeld: (number) => {
      delivered ??= new Set(former.all());
      return delivered.has(number) || wanted.get(number) !== undefined;
    },
  };
}
