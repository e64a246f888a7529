import { changeSubPermissions } from '../shared/lifecycle/permissions.ts';
import { helloIdRouteFor } from './helloid-route.ts';
import { subPermissionsReader } from './wire/permission-action.ts';
import { subPermissionsOutput } from './wire/permission-output.ts';

export const helloidSubPermissions = helloIdRouteFor(
  'sub-permissions',
  subPermissionsReader,
  async (action, app, caller) => subPermissionsOutput(await changeSubPermissions(app, action, caller), action),
);
