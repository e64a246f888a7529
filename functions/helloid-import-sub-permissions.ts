import { helloIdRouteFor } from './helloid-route.ts';
import { answerJson } from './http.ts';
import { subPermissionItem } from './wire/import-item.ts';
import { listReader } from './wire/list-request.ts';
import { isMemberPosition, pageOf, readCursor } from './wire/page.ts';

const list = 'import-sub-permissions';

/** Who holds which role per contract; nobody where the account actions carry the roles. */
export const helloidImportSubPermissions = helloIdRouteFor(list, listReader, async (request, { imports, rules }) => {
  const after = readCursor(list, request.cursor, isMemberPosition);
  if (rules.assignedBy !== 'permissions') return answerJson({ items: [], next: null });
  const members = imports.membersByPermission('permissions', after);
  const page = await pageOf(list, members, request.pageSize, (batch) => ({
    item: subPermissionItem(batch),
    position: batch.last,
  }));
  return answerJson(page, 200, { items: page.items.length });
});
