import { recordResources } from '../shared/lifecycle/resources.ts';
import { helloIdRouteFor } from './helloid-route.ts';
import { answerJson } from './http.ts';
import { auditLogs } from './wire/output-context.ts';
import { resourcesReader } from './wire/resources.ts';

export const helloidResources = helloIdRouteFor('resources', resourcesReader, async (action, app, caller) => {
  const { kind, success, logs, resources } = await recordResources(app, action, caller);
  const facts = { outcome: kind, success, dryRun: action.dryRun, items: action.items.length, taken: resources.length };
  return answerJson({ Success: success, AuditLogs: auditLogs(logs) }, 200, facts);
});
