import { accountView } from './account-view.ts';
import { answerJson, type Route } from './http.ts';
import { readCount, readCursor, readFlag, readLimit, readText, writeCursor } from './query.ts';

/** The living accounts, or the deleted ones, page by page. */
export const accounts: Route = {
  name: 'accounts',
  method: 'GET',
  path: 'accounts',
  scope: 'viewer',
  async handler({ query }, app) {
    const page = await app.accounts.list({
      search: readText(query, 'search'),
      enabled: readFlag(query, 'enabled'),
      staleDays: readCount(query, 'stale', 0, 36_500),
      deleted: readFlag(query, 'deleted') ?? false,
      limit: readLimit(query),
      after: readCursor(query, isPosition),
    });
    return answerJson({ accounts: page.accounts.map(accountView), next: writeCursor(page.next) });
  },
};

function isPosition(value: unknown): value is [string, number] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isSafeInteger(value[1]);
}
