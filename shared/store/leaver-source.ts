import type { Database } from 'better-sqlite3';
import type { DumpSource, LeaverRow } from '../domain/dump-row.ts';
import { keyForm, visibleForm } from '../domain/key-form.ts';
import type { KeyRules, UsernameChange } from '../domain/keys-in-files.ts';
import { keptExternalId, keptUsername } from './kept-keys.ts';
import { emailKey } from './rows.ts';

// A leaver's row has the key that Spend Cloud knows, and what is stored now; after a deletion that is what was stored last.
const leaverColumns = `id, reference, accounts.username AS wanted, coalesce(delivered_external_id, external_id) AS externalId,
  external_id AS wantedExternalId, delivered_username AS delivered, delivered_external_id AS deliveredExternalId,
  accepted_username AS accepted, accepted_external_id AS acceptedExternalId, email, first_name AS firstName, prefix,
  last_name AS lastName, gender, extra, '[]' AS incompleteContracts, 0 AS reused, 0 AS reuseAllowed, 0 AS sharesEmail, 1 AS once`;

/** What the dump asks about people who are not active any more, in the snapshot of its connection. */
export function leaverSource(
  db: Database,
  { usernameChange, personKey }: KeyRules,
): Pick<DumpSource, 'leavers' | 'isActive' | 'hasActiveAddress'> {
  const byUsername = personKey === 'gebruikersnaam';
  const leavers = db.prepare<[], LeaverRow>(
    `SELECT ${leaverColumns}, delivered_username AS username, closed_at IS NOT NULL AS closed, inactive_at AS inactiveSince
     FROM accounts WHERE inactive_at IS NOT NULL AND delivered_username IS NOT NULL ORDER BY inactive_at DESC, id`,
  );
  // Names from before the files said who is inactive; later ones stand in the pair delivered last.
  const formerNames = db.prepare<[], LeaverRow>(
    `SELECT ${leaverColumns}, coalesce(former.username, former.username_key) AS username, 0 AS closed, NULL AS inactiveSince
     FROM delivered_usernames AS former JOIN accounts ON accounts.id = former.account
     WHERE former.closed_at IS NULL AND former.username_key <> accounts.delivered_key ORDER BY former.delivered_at DESC, id`,
  );
  const enabled = 'deleted_at IS NULL AND enabled = 1';
  const kept = byUsername ? keptUsername : keptExternalId;
  const active = db
    .prepare<{ key: string; usernameChange: UsernameChange }, string>(
      byUsername
        ? `SELECT ${kept} FROM accounts WHERE ${enabled} AND username_key = @key
           UNION ALL SELECT ${kept} FROM accounts WHERE ${enabled} AND delivered_key = @key`
        : `SELECT ${kept} FROM accounts WHERE ${enabled} AND external_id_key = @key`,
    )
    .pluck();
  const renumbered = db
    .prepare<{ usernameChange: UsernameChange }, string>(
      `SELECT ${keptExternalId} FROM accounts WHERE ${enabled} AND delivered_external_id <> external_id`,
    )
    .pluck();
  const address = db.prepare<[string], 1>(`SELECT 1 FROM accounts WHERE ${enabled} AND email_key = ? LIMIT 1`).pluck();
  let keptNumbers: Set<string> | undefined;

  function isActiveNumber(number: string): boolean {
    keptNumbers ??= new Set(renumbered.all({ usernameChange }).map(visibleForm));
    const isSame = (other: string) => visibleForm(other) === number;
    return keptNumbers.has(number) || active.all({ key: number, usernameChange }).some(isSame);
  }

  return {
    leavers: () => [...leavers.all(), ...(byUsername ? formerNames.all() : [])],
    isActive: ({ username, externalId }) => {
      if (!byUsername) return isActiveNumber(visibleForm(externalId));
      const key = keyForm(username);
      return active.all({ key, usernameChange }).some((name) => keyForm(name) === key);
    },
    hasActiveAddress: (email) => {
      const key = emailKey(email);
      return key !== null && address.get(key) !== undefined;
    },
  };
}
