import type { App } from '../shared/app.ts';
import type { AuditKind } from '../shared/domain/audit.ts';
import type { Policy } from '../shared/policy.ts';
import type { Caller } from '../shared/store/accounts.ts';
import type { Answer, HttpRequest, Route } from './http.ts';
import { actionReader, type AccountAction } from './wire/action.ts';

type Act<Action> = (action: Action, app: App, caller: Caller) => Promise<Answer>;
type Reader<Action> = (request: HttpRequest) => Promise<Action>;

/** A route of HelloID's account actions. */
export function helloIdRoute(name: RouteName, act: Act<AccountAction>): Route {
  return helloIdRouteFor(name, actionReader, act);
}

/** What goes into the trail is named there as here; the rest only look. */
type RouteName = AuditKind | 'uniqueness' | 'permissions' | `import-${string}`;

/** A route that reads a body of HelloID's as the policy has it, and says who calls; the reader is made once per app. */
export function helloIdRouteFor<Action extends object>(
  name: RouteName,
  readerOf: (policy: Policy) => Reader<Action>,
  act: Act<Action>,
): Route {
  const readers = new WeakMap<App, Reader<Action>>();
  return {
    name: `helloid-${name}`,
    method: 'POST',
    path: `helloid/${name}`,
    scope: 'agent',
    async handler(call, app) {
      const read = readers.get(app) ?? readerOf(app.config.policy);
      readers.set(app, read);
      const action = await read(call);
      const { key, requestId } = call;
      const origin = 'origin' in action && typeof action.origin === 'string' ? action.origin : null;
      return act(action, app, { action: name as AuditKind, key, requestId, origin });
    },
  };
}
