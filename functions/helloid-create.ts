import { createAccount } from '../shared/lifecycle/create.ts';
import { helloIdRoute } from './helloid-route.ts';
import { outputContext } from './wire/output-context.ts';

export const helloidCreate = helloIdRoute('create', async (action, app, caller) => {
  return outputContext(await createAccount(app, action, caller), action);
});
