import { enableAccount } from '../shared/lifecycle/access.ts';
import { helloIdRoute } from './helloid-route.ts';
import { outputContext } from './wire/output-context.ts';

export const helloidEnable = helloIdRoute('enable', async (action, app, caller) => {
  return outputContext(await enableAccount(app, action, caller), action);
});
