import type { ComparedCode } from '../domain/code-fields.ts';
import type { Affected } from '../domain/effect.ts';
import type { Finding } from '../domain/run.ts';
import { entryOf, type AuditRow } from './audit-list.ts';
import type { AuditEntry } from './audit.ts';
import type { OpenDatabase } from './open.ts';
import { storedAccount, type AccountRow, type StoredAccount } from './rows.ts';
import { situations } from './situation.ts';

/** Everything the database holds about whoever has a number. */
export interface PersonRecord {
  /** The living account first, then deleted ones. */
  accounts: StoredAccount[];
  /** Names that Spend Cloud knew the person by, without regard to case. */
  deliveredUsernames: { username: string; firstAt: string }[];
  /** What HelloID calls the person by, and numbers the account had or was called for before. */
  numbers: { number: string; kind: 'called-for' | 'former-external-id' | 'former-called-for'; at: string | null }[];
  allowedUsernames: { username: string; at: string }[];
  /** What was found about the codes of the roles that were taken over, see `shared/domain/code-fields.ts`. */
  comparedCodes: (ComparedCode & { at: string })[];
  /** Newest first, also what was refused under this number. */
  entries: AuditEntry[];
  /** Runs that list the person behind their effect or findings. */
  runs: { id: number; createdAt: string; state: string; effect: Partial<Affected>; findings: Finding[] }[];
}

interface RunRow {
  id: number;
  createdAt: string;
  state: string;
  who: string | null;
  findings: string;
}

/** Undefined where nothing is on record about the number. */
export function readPerson({ reading, erasureKey }: OpenDatabase, externalId: string): PersonRecord | undefined {
  const { rolesOf } = situations(reading, erasureKey);
  const accounts = reading
    .prepare<[string], AccountRow>(
      'SELECT * FROM accounts WHERE external_id = ? ORDER BY deleted_at IS NOT NULL, deleted_at DESC',
    )
    .all(externalId)
    .map((row) => storedAccount(row, rolesOf(row.id)));
  const ids = JSON.stringify(accounts.map(({ id }) => id));
  const references = accounts.map(({ account }) => account.reference);
  const entries = reading.prepare<[string, string, string], AuditRow>(
    `SELECT audit.entry, at, kind, hash, detail FROM audit JOIN audit_detail USING (entry)
     WHERE account IN (SELECT value FROM json_each(?))
       OR (account IS NULL AND (external_id = ? OR reference IN (SELECT value FROM json_each(?))))
     ORDER BY audit.entry DESC`,
  );
  const delivered = reading.prepare<[string], { username: string; firstAt: string }>(
    'SELECT username_key AS username, min(delivered_at) AS firstAt FROM delivered_usernames WHERE account IN (SELECT value FROM json_each(?)) GROUP BY 1 ORDER BY 2',
  );
  const numbers = reading.prepare<[string, string], PersonRecord['numbers'][number]>(
    `SELECT called_for AS number, 'called-for' AS kind, NULL AS at FROM accounts
       WHERE called_for IS NOT NULL AND id IN (SELECT value FROM json_each(?))
     UNION ALL
     SELECT number, 'former-' || kind, last_at FROM former_numbers WHERE account IN (SELECT value FROM json_each(?))`,
  );
  const allowed = reading.prepare<[string], { username: string; at: string }>(
    'SELECT username_key AS username, allowed_at AS at FROM allowed_usernames WHERE external_id = ? ORDER BY allowed_at',
  );
  const codes = reading.prepare<[string], ComparedCode & { at: string }>(
    'SELECT kind, path, match, compared_at AS at FROM compared_codes WHERE account IN (SELECT value FROM json_each(?))',
  );
  const own = entries.all(ids, externalId, JSON.stringify(references)).map(entryOf);
  const names = allowed.all(externalId);
  if (accounts.length + own.length + names.length === 0) return undefined;
  return {
    accounts,
    deliveredUsernames: delivered.all(ids),
    numbers: numbers.all(ids, ids),
    allowedUsernames: names,
    comparedCodes: codes.all(ids),
    entries: own,
    runs: runsWith(reading, new Set(references)),
  };
}

function runsWith(reading: OpenDatabase['reading'], references: ReadonlySet<string>): PersonRecord['runs'] {
  const isThis = ({ reference }: { reference: string | null }) => reference !== null && references.has(reference);
  const found: PersonRecord['runs'] = [];
  const rows = reading.prepare<[], RunRow>(
    'SELECT id, created_at AS createdAt, state, who, findings FROM runs ORDER BY id DESC',
  );
  for (const { who, findings, ...run } of rows.iterate()) {
    const lists = Object.entries(JSON.parse(who ?? '{}') as Record<string, { reference: string | null }[]>);
    const named = lists.map(([list, people]) => [list, people.filter(isThis)] as const);
    const effect = Object.fromEntries(named.filter(([, people]) => people.length > 0));
    const own = (JSON.parse(findings) as Finding[]).filter(isThis);
    if (Object.keys(effect).length > 0 || own.length > 0) found.push({ ...run, effect, findings: own });
  }
  return found;
}
