import type { IncomingMessage } from 'node:http';
import type { Registration, TypedData } from './worker.ts';

/** A registered HTTP function as the host routes to it. */
export interface HttpFunction {
  name: string;
  /** The name of its trigger. */
  binding: string;
  methods: readonly string[];
  segments: readonly string[];
}

/** Where a request leads, and the request as the host hands it to the worker, without its body. */
export interface Matched {
  name: string;
  binding: string;
  http: NonNullable<TypedData['http']>;
}

export function httpRoutes(registrations: readonly Registration[], prefix: string): HttpFunction[] {
  return registrations.flatMap(({ name, rawBindings }) => {
    const trigger = rawBindings
      .map((line) => JSON.parse(line) as HttpTrigger)
      .find(({ type }) => type === 'httpTrigger');
    if (!trigger) return [];
    const segments = `${prefix}/${trigger.route ?? name}`.split('/');
    return [{ name, binding: trigger.name, methods: trigger.methods.map((method) => method.toUpperCase()), segments }];
  });
}

interface HttpTrigger {
  name: string;
  type: string;
  route?: string;
  methods: string[];
}

/** Routes as ASP.NET does: no regard to case, none to a slash at the end, literal segments before parameters. */
export function matchRoute(routes: readonly HttpFunction[], request: IncomingMessage): Matched | undefined {
  const [rawPath = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const path = decodePath(rawPath);
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const found = routes
    .filter((route) => route.methods.includes(request.method ?? '') && fits(route.segments, segments))
    .toSorted((one, other) => parameters(one) - parameters(other))[0];
  if (!found) return undefined;

  const params = found.segments.flatMap((part, index) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [[name, segments[index] ?? ''] as const];
  });
  const http = {
    url: `http://${request.headers.host ?? ''}${encodePath(path)}${query === '' ? '' : `?${query}`}`,
    method: request.method ?? '',
    nullableHeaders: nullable(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    nullableQuery: nullable(joined(new URLSearchParams(query))),
    nullableParams: nullable(params),
  };
  return { name: found.name, binding: found.binding, http };
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((part, index) =>
    part.startsWith('{') ? segments[index] !== '' : part.toLowerCase() === segments[index]?.toLowerCase(),
  );
}

function parameters({ segments }: HttpFunction): number {
  return segments.filter((part) => part.startsWith('{')).length;
}

/** As Kestrel: everything is decoded but an encoded slash, and what is not UTF-8. */
function decodePath(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) =>
    encoded
      .split(/(%2f)/i)
      .map((part) => (/^%2f$/i.test(part) ? part : decoded(part)))
      .join(''),
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The way back for the URL that the worker sees; what looks encoded already stays. */
function encodePath(path: string): string {
  return path
    .split(/(%[0-9a-f]{2})/i)
    .map((part) => (/^%[0-9a-f]{2}$/i.test(part) ? part : encodeURI(part).replace(/[?#]/g, encodeURIComponent)))
    .join('');
}

function joined(query: URLSearchParams): [string, string][] {
  return [...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]);
}

function nullable(pairs: readonly (readonly [string, string])[]): Record<string, { value: string }> {
  return Object.fromEntries(pairs.map(([name, value]) => [name, { value }]));
}
