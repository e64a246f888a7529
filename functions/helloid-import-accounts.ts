import { helloIdRouteFor } from './helloid-route.ts';
import { answerJson } from './http.ts';
import { accountItems } from './wire/import-item.ts';
import { listReader } from './wire/list-request.ts';
import { isAccountPosition, pageOf, readCursor } from './wire/page.ts';

const list = 'import-accounts';

/** The living accounts, as HelloID's account data import takes them. */
export const helloidImportAccounts = helloIdRouteFor(list, listReader, async (request, { imports, config }) => {
  const { cursor, importFields, pageSize } = request;
  const itemOf = accountItems(config.policy, importFields);
  const accounts = imports.accounts(readCursor(list, cursor, isAccountPosition));
  const page = await pageOf(list, accounts, pageSize, ({ id, account }) => ({ item: itemOf(account), position: id }));
  return answerJson(page, 200, { items: page.items.length });
});
