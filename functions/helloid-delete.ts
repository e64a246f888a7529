import { deleteAccount } from '../shared/lifecycle/access.ts';
import { helloIdRoute } from './helloid-route.ts';
import { outputContext } from './wire/output-context.ts';

export const helloidDelete = helloIdRoute('delete', async (action, app, caller) => {
  return outputContext(await deleteAccount(app, action, caller), action);
});
