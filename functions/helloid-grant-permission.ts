import { grantPermission } from '../shared/lifecycle/permissions.ts';
import { helloIdRouteFor } from './helloid-route.ts';
import { permissionReader } from './wire/permission-action.ts';
import { permissionOutput } from './wire/permission-output.ts';

export const helloidGrantPermission = helloIdRouteFor(
  'grant-permission',
  permissionReader,
  async (action, app, caller) => permissionOutput(await grantPermission(app, action, caller), action),
);
