import type { HttpHandler, HttpRequest as AzureRequest, InvocationContext, TimerHandler } from '@azure/functions';
import type { App } from '../shared/app.ts';
import { AppError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { refuseOldNode } from '../shared/node-version.ts';
import { largestBody, respond, type HttpRequest, type Route } from './http.ts';
import { tooLarge } from './wire/body.ts';

/** Adapts a route to Azure's request and answer. */
export function azureHandler(route: Route): HttpHandler {
  return async (request, context) => {
    const { status, headers, body } = await respond(route, translate(request), openOnce, invocationLog(context));
    return { status, headers, ...(body !== null && { body }) };
  };
}

/** The nudge: is a dump due and not yet delivered? */
export const azureTimer: TimerHandler = async (_timer, context) => {
  const log = invocationLog(context);
  try {
    const app = await openOnce();
    await app.tick();
  } catch (error) {
    log.error(
      { error: error instanceof AppError ? error.message : (error as Error).name },
      'the daily job could not be started; the next tick tries again',
    );
  }
};

let opening: Promise<App> | undefined;

/** Opens at the first call; a failed opening is tried again by the next one. */
function openOnce(): Promise<App> {
  opening ??= open().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** Closes what was opened, when the host says so; nothing depends on it. */
export async function closeApp(): Promise<void> {
  const app = await opening?.catch(() => undefined);
  opening = undefined;
  await app?.close();
}

async function open(): Promise<App> {
  refuseOldNode();
  const { loadConfig } = await import('../shared/config.ts');
  const { openApp } = await import('../shared/app.ts');
  return openApp(loadConfig(process.env), { log: hostLog });
}

function translate(request: AzureRequest): HttpRequest {
  return {
    params: request.params,
    query: request.query,
    header: (name) => request.headers.get(name),
    body: async () => {
      if (Number(request.headers.get('content-length') ?? 0) > largestBody) throw tooLarge();
      return new Uint8Array(await request.arrayBuffer());
    },
  };
}

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
