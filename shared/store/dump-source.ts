import type { DumpSource, PersonRow, RoleRow } from '../domain/dump-row.ts';
import { openReading } from './open.ts';

/** What becomes of a changed username of a person who was delivered before; `accounts.username` in connector.json. */
export type UsernameChange = 'confirm' | 'follow' | 'freeze';

/**
 * The username that goes into the files: HelloID's, unless the person was delivered under another one that has to stay.
 * Where another living account holds the old name by now, the new one counts at once.
 */
export const usernameInFiles = `
  CASE
    WHEN delivered_username IS NULL OR delivered_username = username OR @usernameChange = 'follow' THEN username
    WHEN @usernameChange = 'confirm' AND accepted_username = username THEN username
    WHEN EXISTS (SELECT 1 FROM accounts AS other WHERE other.username_key = accounts.delivered_key AND other.deleted_at IS NULL AND other.id <> accounts.id)
      THEN username
    ELSE delivered_username
  END`;

/** Reads one snapshot for both files, on a connection of its own; nothing is read twice, and writers go on meanwhile. */
export function withDumpSource<T>(
  databasePath: string,
  usernameChange: UsernameChange,
  use: (source: DumpSource) => T,
): T {
  const db = openReading(databasePath);
  try {
    db.exec('BEGIN');
    const persons = db.prepare<{ usernameChange: UsernameChange }, PersonRow>(
      `SELECT id, reference, username AS wanted, ${usernameInFiles} AS username, delivered_username AS delivered, accepted_username AS accepted, external_id AS externalId, email,
         first_name AS firstName, prefix, last_name AS lastName, gender, extra
       FROM accounts WHERE deleted_at IS NULL AND enabled = 1 ORDER BY 4`,
    );
    const roles = db.prepare<[number], RoleRow>(
      `SELECT owner, contract, unit, unit_code AS unitCode, profile, profile_code AS profileCode, start_date AS startDate, end_date AS endDate
       FROM roles WHERE account = ?`,
    );
    const held = db
      .prepare<[string, string], 1>(
        'SELECT 1 FROM accounts WHERE deleted_at IS NULL AND (username_key = ? OR delivered_key = ?) LIMIT 1',
      )
      .pluck();
    return use({
      persons: persons.iterate({ usernameChange }),
      rolesOf: (account) => roles.all(account),
      isHeld: (key) => held.get(key, key) !== undefined,
    });
  } finally {
    db.close();
  }
}
