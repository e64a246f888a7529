import { routes } from '../../functions/routes.ts';
import type { Route } from '../../functions/http.ts';
import { operatorKey, type Reply, type TestServer } from '../helpers.ts';

/** A call of a route by its name. */
export interface RouteCall {
  route: string;
  params?: Readonly<Record<string, string>>;
  query?: string;
  request?: unknown;
  key?: string | null;
}

export function routeNamed(name: string): Route {
  const route = routes.find((candidate) => candidate.name === name);
  if (!route) throw new Error(`there is no route ${name}`);
  return route;
}

/** Calls a route of a running server, with the operator's key where none is named. */
export function callRoute(
  server: Pick<TestServer, 'get' | 'post'>,
  { route: name, params = {}, query = '', request, key = operatorKey }: RouteCall,
): Promise<Reply> {
  const { method, path: template } = routeNamed(name);
  const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(params[parameter] ?? ''));
  return method === 'GET' ? server.get(path + query, key) : server.post(path + query, request, { key });
}
