import type { Connection } from './open.ts';
import { storedAccount, type AccountRow, type StoredAccount } from './rows.ts';
import { searchable } from './search-text.ts';
import type { Situations } from './situation.ts';

export interface AccountQuery {
  /** Words, each of which is somewhere in name, number, username, e-mail address or reference, without regard to case and accents. */
  search: string | null;
  enabled: boolean | null;
  /** Only accounts that HelloID has not touched for so many days. */
  staleDays: number | null;
  /** Only deleted accounts, instead of only living ones. */
  deleted: boolean;
  limit: number;
  /** The external id and internal id behind which the page starts; null for the first page. */
  after: [externalId: string, id: number] | null;
}

export interface AccountPage {
  accounts: StoredAccount[];
  next: [externalId: string, id: number] | null;
}

const dayMilliseconds = 86_400_000;
const mostWords = 8;

/** Accounts by external id; stays right while accounts come and go, because a page starts behind a key and not at a number. */
export function accountList(
  reading: Connection,
  { rolesOf }: Situations,
): (query: AccountQuery, now: Date) => AccountPage {
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  const prepare = (sql: string) => reading.prepare<Record<string, string | number | null>, AccountRow>(sql);

  function statementFor(sql: string): ReturnType<typeof prepare> {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }

  return ({ search, enabled, staleDays, deleted, limit, after }, now) => {
    const words = wordsOf(search);
    const rows = statementFor(pageOf({ words, enabled, staleDays, deleted, after })).all({
      ...Object.fromEntries(words.map((word, index) => [`word${index}`, word])),
      ...(enabled !== null && { enabled: Number(enabled) }),
      ...(staleDays !== null && {
        touched_before: new Date(now.getTime() - staleDays * dayMilliseconds).toISOString(),
      }),
      ...(after && { after: after[0], after_id: after[1] }),
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

function wordsOf(search: string | null): string[] {
  const words = (search ?? '').split(/\s+/).filter((word) => word !== '');
  return [...new Set(words.map(searchable))].slice(0, mostWords);
}

type Choice = Omit<AccountQuery, 'search' | 'limit'> & { words: readonly string[] };

/** First the ids, by the way that is shortest at its worst: rows are large and lie in no order that people ask for. */
function pageOf({ words, enabled, staleDays, deleted, after }: Choice): string {
  const conditions = [
    words.length > 0 ? `(deleted_at IS NULL) = ${deleted ? 0 : 1}` : `deleted_at IS ${deleted ? 'NOT ' : ''}NULL`,
    ...words.map((_, index) => wordIn(`@word${index}`)),
    ...(enabled === null ? [] : ['enabled = @enabled']),
    ...(staleDays === null ? [] : ['touched_at < @touched_before']),
    ...(after ? ['(external_id, id) > (@after, @after_id)'] : []),
  ];
  return `SELECT * FROM accounts WHERE id IN
      (SELECT id FROM accounts ${wayTo(words, deleted, enabled !== null || staleDays !== null)}
       WHERE ${conditions.join(' AND ')} ORDER BY external_id, id LIMIT @limit)
    ORDER BY external_id, id`;
}

/** Where nobody may fit, walking the rows as they lie is quicker than following an index to each of them. */
function wayTo(words: readonly string[], deleted: boolean, filtered: boolean): string {
  if (filtered) return 'NOT INDEXED';
  if (words.length > 0) return 'INDEXED BY accounts_search';
  if (deleted) return 'INDEXED BY accounts_deleted_external_id';
  return 'INDEXED BY accounts_living_external_id';
}

/** Few have another username in Spend Cloud, so these are looked up once. */
function wordIn(word: string): string {
  return `(instr(search_text, ${word}) > 0 OR id IN
    (SELECT id FROM accounts INDEXED BY accounts_other_username
     WHERE deleted_at IS NULL AND delivered_username <> username AND instr(delivered_key, ${word}) > 0))`;
}
