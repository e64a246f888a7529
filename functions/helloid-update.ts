import { updateAccount } from '../shared/lifecycle/update.ts';
import { helloIdRoute } from './helloid-route.ts';
import { outputContext } from './wire/output-context.ts';

export const helloidUpdate = helloIdRoute('update', async (action, app, caller) => {
  return outputContext(await updateAccount(app, action, caller), action);
});
