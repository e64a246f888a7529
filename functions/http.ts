import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { App } from '../shared/app.ts';
import { AppError, type ErrorCode } from '../shared/errors.ts';
import { withoutFolders } from '../shared/health.ts';
import { allows, isOperator, type Scope } from '../shared/keys.ts';
import type { RefusalReason } from '../shared/key-refusals.ts';
import type { Log } from '../shared/log.ts';
import { cannotRead } from '../shared/store/writer.ts';
import { callerAddress } from './caller-address.ts';

/** A request as every host can give it: small, so that handlers are fast and free of hosts. */
export interface HttpRequest {
  /** The route's `{parameters}`, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  header(name: string): string | null;
  /** The address at the other end of the connection; null where the host does not tell it. */
  peer: string | null;
  /** The whole body; rejects with `too-large` past `largestBody`. */
  body(): Promise<Uint8Array>;
}

/** A request that passed the door. */
export interface Call extends HttpRequest {
  /** The name of the key that was used; for the audit trail. */
  key: string;
  /** What that key may do. */
  scope: Route['scope'];
  /** Ours, also in the answer's `x-request-id` header and the audit entry. */
  requestId: string;
  log: Log;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array | Readable | null;
  /** What the log line says beside the route and the status: no names, no addresses. */
  facts?: object;
}

/** One function in Azure, one route on our own server. */
export interface Route {
  /** Unique, and the function's name in Azure. */
  name: string;
  method: 'GET' | 'POST';
  /** Below the prefix `api`, parameters in braces. */
  path: string;
  /** Who may call it; see interface section 3. */
  scope: Scope | 'anonymous';
  handler(call: Call, app: App): Promise<Answer>;
}

/** Bytes; a create with its contracts is some 12 kB. */
export const largestBody = 4 * 1024 * 1024;

/** On every answer of ours: a browser does not guess what it is. */
export const everyAnswer = { 'x-content-type-options': 'nosniff' } as const;

/** The HTTP status that each error we foresee becomes. */
export const statuses: Readonly<Record<ErrorCode, number>> = {
  'invalid-settings': 503,
  unreadable: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'unsupported-type': 415,
  impossible: 422,
  'broken-table': 503,
  unavailable: 503,
  'delivery-refused': 503,
  'delivery-failed': 503,
  'delivery-unknown': 503,
};

/** Checks the key, calls the handler, turns every failure into an answer and leaves one log line. Never rejects. */
export async function respond(route: Route, request: HttpRequest, open: () => Promise<App>, log: Log): Promise<Answer> {
  const requestId = randomUUID();
  const started = performance.now();
  const seen: Seen = {};
  const answer = await answerOf(route, request, async () => (seen.app = await open()), log, requestId, seen);
  const { facts, status, headers } = answer;
  const took = performance.now() - started;
  if (route.scope === 'agent')
    seen.app?.metrics.acted(route.name.replace('helloid-', ''), outcomeOf(answer), took / 1000);
  const ms = Math.round(took);
  const who = whoCalled(request, seen, status);
  // an unhealthy answer is one that works, and monitoring asks for it all day
  const level = status >= 500 && route.name !== 'health' ? 'error' : 'info';
  log[level]({ route: route.name, status, ms, requestId, ...who, ...forLog(facts) }, 'call');
  return { ...answer, headers: { ...everyAnswer, 'cache-control': 'no-store', ...headers, 'x-request-id': requestId } };
}

/** The name of the key, and the address where the settings want it told. */
function whoCalled(request: HttpRequest, { app, key }: Seen, status: number): { key?: string; address?: string } {
  const named = key === undefined ? {} : { key };
  if (!app) return named;
  const { logAddresses, trustedProxies } = app.config;
  if (logAddresses === 'off' || (logAddresses === 'refused' && status !== 401 && status !== 403)) return named;
  const path = { peer: request.peer, forwardedFor: request.header('x-forwarded-for') };
  const address = callerAddress(path, trustedProxies);
  return address === null ? named : { ...named, address };
}

/** A reference holds the person's number, which no erasure would reach in a log. The request id leads to the audit entry, and so to the person. */
function forLog(facts: object | undefined): object | undefined {
  if (!facts || !('reference' in facts)) return facts;
  const { reference: _reference, ...rest } = facts;
  return rest;
}

/** What the metrics call the outcome of an action. */
function outcomeOf({ facts = {} }: Answer): string {
  const { outcome, code, dryRun } = facts as { outcome?: string; code?: string; dryRun?: boolean };
  return dryRun ? 'preview' : (code ?? outcome ?? 'answered');
}

/** What became known of a call on its way, for the log line and the metrics. */
interface Seen {
  app?: App;
  /** The name of the key, also where its scope is not enough. */
  key?: string;
}

async function answerOf(
  route: Route,
  request: HttpRequest,
  open: () => Promise<App>,
  log: Log,
  requestId: string,
  seen: Seen,
): Promise<Answer> {
  try {
    const app = await reasonForOperators(request, open);
    const { name: key, scope } = await admit(route, request, app, seen);
    if (route.scope === 'agent') app.activity.called();
    return await route.handler({ ...request, key, scope, requestId, log }, app);
  } catch (error) {
    const known = cannotRead(error) ?? error;
    return failure(route.scope === 'anonymous' && seen.app ? openly(known, seen.app) : known, requestId);
  }
}

/** What anybody may know of a failure. */
function openly(error: unknown, { config }: App): unknown {
  if (!(error instanceof AppError)) return error;
  return new AppError(error.code, withoutFolders(error.message, config), { cause: error });
}

/** Where the app or its keys cannot be opened, only an operator learns why: the reason may name hosts and folders. */
async function reasonForOperators<Value>(request: HttpRequest, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || isOperator(presentedKey(request), process.env)) throw error;
    throw new AppError('unavailable', 'The connector cannot work now; the reason is shown to an operator key', {
      cause: error,
    });
  }
}

async function admit(
  { scope }: Route,
  request: HttpRequest,
  app: App,
  seen: Seen,
): Promise<{ name: string; scope: Route['scope'] }> {
  if (scope === 'anonymous') return { name: 'anonymous', scope };
  const presented = presentedKey(request);
  const known = await reasonForOperators(request, () => app.keys.recognise(presented));
  const refuse = (reason: RefusalReason, error: AppError) => {
    app.keyRefusals.refused(reason);
    return error;
  };
  if (!known)
    throw refuse(
      presented ? 'unknown' : 'missing',
      new AppError('unauthorized', 'A valid key is needed in the header x-functions-key'),
    );
  seen.key = known.name;
  if (!allows(known.scope, scope))
    throw refuse(
      'scope',
      new AppError('forbidden', `This needs a key of scope ${scope}; the key that was sent is of scope ${known.scope}`),
    );
  app.keyUse.used(known.name);
  return known;
}

export function presentedKey(request: HttpRequest): string | null {
  return request.header('x-functions-key') ?? request.query.get('code');
}

/** JSON, always with its charset: Windows PowerShell 5.1 reads a body without one as Latin-1. */
export function answerJson(value: unknown, status = 200, facts?: object): Answer & { body: string } {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
    ...(facts && { facts }),
  };
}

/** The answer to a failure: what we foresaw is told, anything else only leaves its place in the code in the log. */
export function failure(error: unknown, requestId: string): Answer & { body: string } {
  if (error instanceof AppError)
    return answerJson({ message: error.message, code: error.code }, statuses[error.code], { code: error.code });
  const message = `Something went wrong that was not foreseen; the log knows more under request id ${requestId}`;
  return answerJson({ message, code: 'fault' }, 500, { code: 'fault', fault: placeOf(error) });
}

/** Name, code and stack without the message, which may quote what somebody sent. */
export function placeOf(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { name: error.name, code: (error as NodeJS.ErrnoException).code, frames };
}
