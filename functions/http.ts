import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { App } from '../shared/app.ts';
import { AppError, type ErrorCode } from '../shared/errors.ts';
import { allows, isOperator, type Scope } from '../shared/keys.ts';
import type { Log } from '../shared/log.ts';
import { cannotRead } from '../shared/store/writer.ts';

/** A request as every host can give it: small, so that handlers are fast and free of hosts. */
export interface HttpRequest {
  /** The route's `{parameters}`, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  header(name: string): string | null;
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
  const seen: { app?: App } = {};
  const answer = await answerOf(route, request, async () => (seen.app = await open()), log, requestId);
  const { facts, status, headers } = answer;
  const took = performance.now() - started;
  if (route.scope === 'agent')
    seen.app?.metrics.acted(route.name.replace('helloid-', ''), outcomeOf(answer), took / 1000);
  const ms = Math.round(took);
  // an unhealthy answer is one that works, and monitoring asks for it all day
  log[status >= 500 && route.name !== 'health' ? 'error' : 'info'](
    { route: route.name, status, ms, requestId, ...forLog(facts) },
    'call',
  );
  return { ...answer, headers: { 'cache-control': 'no-store', ...headers, 'x-request-id': requestId } };
}

/** A reference of our own making names nobody; one that was taken over, or that is not known, may be a username. The request id leads to the audit entry. */
function forLog(facts: object | undefined): object | undefined {
  if (!facts || !('reference' in facts)) return facts;
  const { reference } = facts;
  return { ...facts, reference: typeof reference === 'string' && reference.startsWith('SC-') ? reference : null };
}

/** What the metrics call the outcome of an action. */
function outcomeOf({ facts = {} }: Answer): string {
  const { outcome, code, dryRun } = facts as { outcome?: string; code?: string; dryRun?: boolean };
  return dryRun ? 'preview' : (code ?? outcome ?? 'answered');
}

async function answerOf(
  route: Route,
  request: HttpRequest,
  open: () => Promise<App>,
  log: Log,
  requestId: string,
): Promise<Answer> {
  try {
    const app = await reasonForOperators(request, open);
    const { name: key, scope } = await admit(route, request, app);
    if (route.scope === 'agent') app.activity.called();
    return await route.handler({ ...request, key, scope, requestId, log }, app);
  } catch (error) {
    return failure(cannotRead(error) ?? error, requestId);
  }
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
): Promise<{ name: string; scope: Route['scope'] }> {
  if (scope === 'anonymous') return { name: 'anonymous', scope };
  const known = await reasonForOperators(request, () => app.keys.recognise(presentedKey(request)));
  if (!known) throw new AppError('unauthorized', 'A valid key is needed in the header x-functions-key');
  if (!allows(known.scope, scope))
    throw new AppError(
      'forbidden',
      `This needs a key of scope ${scope}; the key that was sent is of scope ${known.scope}`,
    );
  app.keyUse.used(known.name);
  return known;
}

function presentedKey(request: HttpRequest): string | null {
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
