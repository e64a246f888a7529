import { caseless } from '../domain/account.ts';
import type { Connection } from './open.ts';
import { storedAccount, type AccountRow, type StoredAccount } from './rows.ts';
import type { Situations } from './situation.ts';

export interface AccountQuery {
  /** Part of a name, number, username, e-mail address or reference, without regard to case. */
  search: string | null;
  enabled: boolean | null;
  /** Only accounts that HelloID has not touched for so many days. */
  staleDays: number | null;
  limit: number;
  /** The external id and internal id behind which the page starts; null for the first page. */
  after: [externalId: string, id: number] | null;
}

export interface AccountPage {
  accounts: StoredAccount[];
  next: [externalId: string, id: number] | null;
}

const dayMilliseconds = 86_400_000;

/** Living accounts by external id; stays right while accounts come and go, because a page starts behind a key and not at a number. */
export function accountList(
  reading: Connection,
  { rolesOf }: Situations,
): (query: AccountQuery, now: Date) => AccountPage {
  reading.function('caseless', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? caseless(text) : text,
  );
  const page = reading.prepare<Record<string, string | number | null>, AccountRow>(
    `SELECT * FROM accounts
     WHERE deleted_at IS NULL
       AND (@after IS NULL OR (external_id, id) > (@after, @after_id))
       AND (@enabled IS NULL OR enabled = @enabled)
       AND (@touched_before IS NULL OR touched_at < @touched_before)
       AND (@search IS NULL
            OR instr(caseless(concat_ws(char(10), reference, external_id, username, delivered_username, email)), @search) > 0
            OR instr(caseless(concat_ws(' ', first_name, nullif(prefix, ''), last_name)), @search) > 0)
     ORDER BY external_id, id
     LIMIT @limit`,
  );

  return ({ search, enabled, staleDays, limit, after }, now) => {
    const rows = page.all({
      search: search === null ? null : caseless(search),
      enabled: enabled === null ? null : Number(enabled),
      touched_before: staleDays === null ? null : new Date(now.getTime() - staleDays * dayMilliseconds).toISOString(),
      after: after?.[0] ?? null,
      after_id: after?.[1] ?? null,
      limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      accounts: shown.map((row) => storedAccount(row, rolesOf(row.id))),
      next: last ? [last.external_id, last.id] : null,
    };
  };
}
