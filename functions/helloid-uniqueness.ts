import { fieldNames } from '../shared/domain/account.ts';
import { nonUniqueFields } from '../shared/lifecycle/uniqueness.ts';
import { helloIdRoute } from './helloid-route.ts';
import { answerJson } from './http.ts';

export const helloidUniqueness = helloIdRoute('uniqueness', async (action, app) => {
  const fields = (await nonUniqueFields(app, action)).map((field) => fieldNames[field]);
  return answerJson({ Success: true, NonUniqueFields: fields.flatMap((name) => action.names[name] ?? [name]) });
});
