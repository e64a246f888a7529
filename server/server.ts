import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { everyAnswer, failure, largestBody, respond, type HttpRequest, type Route } from '../functions/http.ts';
import { tooLarge } from '../functions/wire/body.ts';
import type { App } from '../shared/app.ts';
import { AppError } from '../shared/errors.ts';

const shared = {
  logger: false,
  bodyLimit: largestBody + 1,
  requestTimeout: 60_000,
  routerOptions: { maxParamLength: 1000 }, // references come from elsewhere, and 100 characters are not always enough
  forceCloseConnections: 'idle',
  frameworkErrors: (error: unknown, _request: unknown, reply: FastifyReply) => void refuse(reply, error),
} as const;

/** Also those that are still at their TLS handshake, of which the HTTP server does not know yet. */
const connectionsOf = new WeakMap<FastifyInstance, Set<Socket>>();

/** The same routes as the Functions host has, on Fastify; listens nowhere yet. */
export function buildServer(app: App, routes: readonly Route[]): FastifyInstance {
  const { tls } = app.config.server;
  const server: FastifyInstance = tls ? fastify({ ...shared, https: tls }) : fastify(shared);
  const connections = new Set<Socket>();
  connectionsOf.set(server, connections);
  server.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null)); // handlers read the body themselves, behind the key check
  for (const route of routes) {
    server.route({
      method: route.method,
      url: `/api/${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      handler: (request, reply) => answer(route, request, reply, app),
    });
  }
  for (const typed of ['/', '/api/dashboard/'])
    server.get(typed, (_request, reply) => reply.headers(everyAnswer).redirect('/api/dashboard'));
  server.setNotFoundHandler((_request, reply) =>
    refuse(reply, new AppError('not-found', 'There is no such route; see the README for those there are')),
  );
  server.setErrorHandler((error, _request, reply) => refuse(reply, error));
  return server;
}

/** Less than the ten seconds after which Docker kills, unless it is told to wait longer. */
const patienceMilliseconds = 8000;

/**
 * Answers what is in flight, then closes: also connections that were kept open and fell idle only after the call. Whoever still sends or reads when the
 * patience is over is cut off.
 */
export async function closeServer(server: FastifyInstance, patience = patienceMilliseconds): Promise<void> {
  const sweep = setInterval(() => server.server.closeIdleConnections(), 50);
  const end = setTimeout(() => cutOff(server), patience);
  try {
    await server.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(end);
  }
}

/** Ends every connection now, whatever it waits for. */
export function cutOff(server: FastifyInstance): void {
  for (const socket of connectionsOf.get(server) ?? []) socket.destroy();
}

async function answer(route: Route, request: FastifyRequest, reply: FastifyReply, app: App): Promise<FastifyReply> {
  const { status, headers, body } = await respond(route, translate(request), () => Promise.resolve(app), app.log);
  return reply.code(status).headers(headers).send(body);
}

/** What never reached a handler: an address that cannot be decoded, a method or header that Fastify refuses. */
function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const status = (error as { statusCode?: number }).statusCode;
  const known =
    status !== undefined && status < 500 && !(error instanceof AppError)
      ? new AppError('unreadable', 'The request cannot be read')
      : error;
  const { status: code, headers, body } = failure(known, reply.request.id);
  return reply
    .code(code)
    .headers({ ...everyAnswer, ...headers })
    .send(body);
}

function translate(request: FastifyRequest): HttpRequest {
  return {
    params: request.params as Record<string, string>,
    query: new URLSearchParams(request.raw.url?.split('?')[1] ?? ''),
    header: (name) => one(request.headers[name]),
    peer: request.raw.socket.remoteAddress ?? null,
    body: () => collect(request),
  };
}

function one(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function collect({ raw }: FastifyRequest): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(raw.headers['content-length'] ?? 0) > largestBody) {
      reject(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    raw.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= largestBody) return void chunks.push(chunk);
      chunks.length = 0; // the rest is read and thrown away: a caller that is cut off while it sends never sees the answer
      reject(tooLarge());
    });
    raw.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const breakOff = () => reject(new AppError('unreadable', 'The connection ended before the whole body arrived'));
    raw.once('error', breakOff);
    raw.once('close', () => raw.readableEnded || breakOff());
  });
}
