import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  HttpHandler,
  HttpRequest as AzureRequest,
  HttpResponseInit,
  InvocationContext,
  TimerHandler,
} from '@azure/functions';
import type { App } from '../shared/app.ts';
import { AppError, reasonOf } from '../shared/errors.ts';
import { libraryFault } from '../shared/library-fault.ts';
import type { Log } from '../shared/log.ts';
import { refuseOldNode } from '../shared/node-version.ts';
import {
  everyAnswer,
  failure,
  largestBody,
  placeOf,
  respond,
  type Answer,
  type HttpRequest,
  type Route,
} from './http.ts';
import { tooLarge } from './wire/body.ts';

const inFlight = new Set<Promise<HttpResponseInit>>();

/** Adapts a route to Azure's request and answer. */
export function azureHandler(route: Route): HttpHandler {
  return async (request, context) => {
    const answering = answer(route, request, invocationLog(context));
    inFlight.add(answering);
    try {
      return await answering;
    } finally {
      inFlight.delete(answering);
    }
  };
}

async function answer(route: Route, request: AzureRequest, log: Log): Promise<HttpResponseInit> {
  const { status, headers, body } = await whole(await respond(route, translate(request), openOnce, log), log);
  return { status, headers, ...(body !== null && { body }) };
}

/** The host sends no answer before it has it all, so a stream that breaks can still become an honest one. */
async function whole(
  answered: Answer,
  log: Log,
): Promise<{ status: number; headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> | null }> {
  const { body, headers } = answered;
  if (body === null || typeof body === 'string') return { ...answered, body };
  try {
    return { ...answered, body: new Uint8Array(body instanceof Uint8Array ? body : await buffer(body)) };
  } catch (error) {
    const requestId = headers['x-request-id'] ?? '';
    const broken = failure(error, requestId);
    log.error({ requestId, ...broken.facts }, 'the answer could not be read to its end');
    return {
      ...broken,
      headers: { ...everyAnswer, ...broken.headers, 'x-request-id': requestId, 'cache-control': 'no-store' },
      body: broken.body,
    };
  }
}

/** The nudge: is a dump due and not yet delivered? */
export const azureTimer: TimerHandler = async (_timer, context) => {
  const log = invocationLog(context);
  try {
    const app = await openOnce();
    await app.tick();
  } catch (error) {
    log.error({ error: reasonOf(error) }, 'the daily job could not be started; the next tick tries again');
  }
};

let opening: Promise<App> | undefined;
let isStopping = false;
let toldReason: string | undefined;
let watching: NodeJS.Timeout | undefined;
const watchMilliseconds = 10 * 60_000;

/** Opens at the first call; a failed opening is tried again by the next one. */
function openOnce(): Promise<App> {
  if (isStopping)
    return Promise.reject(new AppError('unavailable', 'The connector is stopping; try again in a minute'));
  opening ??= open().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

// The worker waits 5 seconds for the hook; what closing itself takes must fit in as well.
const patienceMilliseconds = 3000;
const handOverMilliseconds = 300;

/** Lets the calls in flight have their answers and closes what was opened, when the host says so; nothing depends on it. */
export async function closeApp(): Promise<void> {
  isStopping = true;
  clearInterval(watching);
  if (inFlight.size > 0) {
    await Promise.race([Promise.allSettled(inFlight), sleep(patienceMilliseconds, undefined, { ref: false })]);
    await sleep(handOverMilliseconds); // the process ends right behind this hook, and the library has yet to hand the answers over
  }
  const app = await opening?.catch(() => undefined);
  opening = undefined;
  clearInterval(watching); // also of one that was still opening
  await app?.close();
}

/** Whatever goes wrong here becomes a reason that an operator can read: settings and disks can be repaired while the host runs. */
async function open(): Promise<App> {
  refuseOldNode();
  try {
    const { loadConfig } = await import('../shared/config.ts');
    const { openApp } = await import('../shared/app.ts');
    const app = await openApp(loadConfig(process.env), { log: hostLog });
    toldReason = undefined;
    watchTimer(app);
    return app;
  } catch (error) {
    const known = error instanceof AppError ? error : libraryFault(error);
    if (known) {
      tellOnce(known);
      throw known;
    }
    const { code, name } = error as NodeJS.ErrnoException;
    hostLog.error(placeOf(error), 'the connector could not be opened');
    throw new AppError('unavailable', `The connector could not be opened (${code ?? name}); its log says where`, {
      cause: error,
    });
  }
}

/** Each call tries to open again; the log is told why it fails once, until that changes. */
function tellOnce({ code, message }: AppError): void {
  if (message === toldReason) return;
  toldReason = message;
  hostLog.error({ code }, `the connector could not be opened: ${message}`);
}

/** The host's timer may never fire without a word of it: its log is told here. */
function watchTimer({ ticks }: App): void {
  ticks.expect();
  watching = setInterval(() => {
    try {
      const since = ticks.missingSince();
      if (since)
        hostLog.error({ since: since.toISOString() }, 'the timer has not called, and without it nothing is delivered');
    } catch (error) {
      hostLog.error({ reason: reasonOf(error) }, 'whether the timer calls could not be read'); // an error here would end the worker
    }
  }, watchMilliseconds).unref();
}

function translate(request: AzureRequest): HttpRequest {
  return {
    get params() {
      return unambiguous(request.params, this.query);
    },
    query: new URL(request.url).searchParams, // the library's own joins what is given twice
    header: (name) => request.headers.get(name),
    peer: null,
    body: async () => {
      if (Number(request.headers.get('content-length') ?? 0) > largestBody) throw tooLarge();
      return new Uint8Array(await request.arrayBuffer());
    },
  };
}

/**
 * The host decodes a parameter but for one sign: ASP.NET leaves an encoded slash as it came, and so it looks like the decoded text `%2F`.
 * Which of the two is meant can be said in the query, by a member of the same name.
 */
function unambiguous(params: Record<string, string>, query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (withSlashes(value) === value) return [name, value];
      const told = query.get(name);
      if (told !== null && withSlashes(told) === withSlashes(value)) return [name, told];
      throw new AppError(
        'unreadable',
        `The ${name} in the address holds %2F, which the Functions host cannot tell from a slash. Say it in the query as well: ?${name}=…`,
      );
    }),
  );
}

const withSlashes = (text: string) => text.replaceAll(/%2f/gi, '/');

/** The host's console reaches its log stream; used where no invocation is at hand. */
const hostLog: Log = {
  debug: (facts, message) => console.debug(message, JSON.stringify(facts)),
  info: (facts, message) => console.info(message, JSON.stringify(facts)),
  warn: (facts, message) => console.warn(message, JSON.stringify(facts)),
  error: (facts, message) => console.error(message, JSON.stringify(facts)),
};

function invocationLog(context: InvocationContext): Log {
  return {
    debug: (facts, message) => context.debug(message, JSON.stringify(facts)),
    info: (facts, message) => context.info(message, JSON.stringify(facts)),
    warn: (facts, message) => context.warn(message, JSON.stringify(facts)),
    error: (facts, message) => context.error(message, JSON.stringify(facts)),
  };
}
