import { helloIdRouteFor } from './helloid-route.ts';
import { answerJson } from './http.ts';
import { listReader } from './wire/list-request.ts';
import { dynamicPermissions, staticPermissions } from './wire/permission-output.ts';

/** What HelloID may grant: the one permission of roles per contract, or the catalogue. */
export const helloidPermissions = helloIdRouteFor('permissions', listReader, async ({ kind }, app) => {
  const Permissions =
    kind === 'static' ? staticPermissions(await app.catalogue.entries()) : dynamicPermissions(app.rules);
  return answerJson({ Permissions });
});
