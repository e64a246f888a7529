import type { App } from '../shared/app.ts';
import { helloIdRouteFor } from './helloid-route.ts';
import { answerJson } from './http.ts';
import { dynamicItem, staticItem } from './wire/import-item.ts';
import { listReader, type ListRequest } from './wire/list-request.ts';
import { isAccountPosition, isMemberPosition, pageOf, readCursor } from './wire/page.ts';

/** Who holds which permission of the catalogue, or any role per contract. */
export const helloidImportPermissions = helloIdRouteFor('import-permissions', listReader, async (request, app) => {
  const page = request.kind === 'static' ? await staticPage(request, app) : await dynamicPage(request, app);
  return answerJson(page, 200, { items: page.items.length });
});

async function staticPage({ cursor, pageSize }: ListRequest, { catalogue, imports }: App) {
  const list = 'import-permissions static';
  const entries = await catalogue.entries();
  const members = imports.membersByPermission('catalogue', readCursor(list, cursor, isMemberPosition));
  return pageOf(list, members, pageSize, ({ permission, references, last }) => {
    const entry = entries.get(permission);
    return entry && { item: staticItem(entry, references), position: last };
  });
}

async function dynamicPage({ cursor, pageSize }: ListRequest, { imports, rules }: App) {
  const list = 'import-permissions dynamic';
  const after = readCursor(list, cursor, isAccountPosition);
  if (rules.assignedBy !== 'permissions') return { items: [], next: null };
  return pageOf(list, imports.members('permissions', after), pageSize, ({ references, last }) => ({
    item: dynamicItem(references),
    position: last,
  }));
}
