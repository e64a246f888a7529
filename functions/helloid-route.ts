import type { App } from '../shared/app.ts';
import type { Caller } from '../shared/store/accounts.ts';
import type { Answer, Route } from './http.ts';
import { actionReader, type AccountAction, type ActionReader } from './wire/action.ts';

type Act = (action: AccountAction, app: App, caller: Caller) => Promise<Answer>;

const readers = new WeakMap<App, ActionReader>();

/** A route that reads one of HelloID's account actions and says who calls. */
export function helloIdRoute(name: string, act: Act): Route {
  return {
    name: `helloid-${name}`,
    method: 'POST',
    path: `helloid/${name}`,
    scope: 'agent',
    async handler(call, app) {
      const action = await readerOf(app)(call);
      const { key, requestId } = call;
      return act(action, app, { action: name, key, requestId, origin: action.origin });
    },
  };
}

function readerOf(app: App): ActionReader {
  const reader = readers.get(app) ?? actionReader(app.config.policy);
  readers.set(app, reader);
  return reader;
}
