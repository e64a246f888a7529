import { revokePermission } from '../shared/lifecycle/permissions.ts';
import { helloIdRouteFor } from './helloid-route.ts';
import { permissionReader } from './wire/permission-action.ts';
import { permissionOutput } from './wire/permission-output.ts';

export const helloidRevokePermission = helloIdRouteFor(
  'revoke-permission',
  permissionReader,
  async (action, app, caller) => permissionOutput(await revokePermission(app, action, caller), action),
);
