import { disableAccount } from '../shared/lifecycle/access.ts';
import { helloIdRoute } from './helloid-route.ts';
import { outputContext } from './wire/output-context.ts';

export const helloidDisable = helloIdRoute('disable', async (action, app, caller) => {
  return outputContext(await disableAccount(app, action, caller), action);
});
