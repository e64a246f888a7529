import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { programEnvironment } from '../../process.ts';
import { agentKey, client, operatorKey, viewerKey, type TestServer } from '../../helpers.ts';
import { httpRoutes, matchRoute } from './routing.ts';
import type { FromWorker, Invocation, ToWorker, TypedData } from './worker.ts';

export type Started = Extract<FromWorker, { kind: 'started' }>;

/** The built app behind a stand-in of the Functions host; see docs/functions-host.md for what that proves. */
export interface FunctionsHost extends Pick<TestServer, 'get' | 'post'> {
  address: string;
  started: Started;
  /** The worker's process. */
  pid: number;
  /** What was logged so far, with the worker's own output. */
  output(): string;
  /** Uncaught errors that ended the worker, and calls that the worker failed: with the real host these are answered 500 without a word. */
  faults(): string[];
  /** Fires the timer; rejects if the function failed. */
  fire(name: string, isPastDue?: boolean): Promise<void>;
  /** Tells the worker to end, as the host does; gives its exit code. */
  terminate(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface HostOptions {
  dataDir: string;
  environment?: Record<string, string>;
  /** Another folder with a built app, its package.json and host.json. */
  app?: string;
  /** Another release of Node, which then needs a `worker` it can run. */
  node?: string;
  worker?: string;
}

const project = fileURLToPath(new URL('../../..', import.meta.url));
const workerFile = fileURLToPath(new URL('./worker.ts', import.meta.url));

export async function startHost(options: HostOptions): Promise<FunctionsHost> {
  const { app = project } = options;
  const child = startWorker({ ...options, app });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const faults: string[] = [];
  const waiting = new Map<string, (message: FromWorker) => void>();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));

  const started = await new Promise<Started>((resolve, reject) => {
    child.on('message', (message: FromWorker) => {
      if (message.kind === 'started') resolve(message);
      if (message.kind === 'log') output += `[${message.level}] ${message.message}\n`;
      if (message.kind === 'crash' || message.kind === 'failure') faults.push(message.error);
      if (message.kind === 'answer' || message.kind === 'failure') waiting.get(message.invocationId)?.(message);
    });
    void exited.then(([code]) => {
      reject(new Error(`the worker ended with code ${code ?? 'none'}: ${faults.join('\n')}${output}`));
      for (const [invocationId, answered] of waiting)
        answered({ kind: 'failure', invocationId, error: 'the worker ended' });
    });
  });

  function invoke(functionName: string, inputs: Omit<Invocation, 'invocationId'>): Promise<TypedData | null> {
    const invocationId = randomUUID();
    return new Promise((resolve, reject) => {
      waiting.set(invocationId, (message) => {
        waiting.delete(invocationId);
        if (message.kind === 'answer') resolve(message.response.returnValue ?? null);
        else reject(new Error(message.kind === 'failure' ? message.error : message.kind));
      });
      const invocation = { invocationId, ...inputs };
      child.send({ kind: 'invoke', functionName, invocation } satisfies ToWorker);
    });
  }

  const routes = httpRoutes(started.registrations, routePrefix(app));
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const matched = matchRoute(routes, request);
    if (!matched) {
      response.writeHead(404).end();
      return;
    }
    const body = await buffer(request);
    const isSent = Number(request.headers['content-length'] ?? 0) > 0; // the host takes no body that comes without its length
    const http = { ...matched.http, ...(isSent && { body: { bytes: body } }) };
    try {
      const inputData = [{ name: matched.binding, data: { http } }];
      send(await invoke(matched.name, { inputData, triggerMetadata: {} }), response);
    } catch {
      response.writeHead(500).end(); // as the host: no body, the reason only in its log
    }
  }

  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    started,
    pid: Number(child.pid),
    output: () => output,
    faults: () => [...faults],
    async fire(name, IsPastDue = false) {
      const found = started.registrations.find((registration) => registration.name === name);
      const [binding] = Object.keys(found?.bindings ?? {});
      const at = new Date().toISOString();
      const timer = {
        Schedule: { AdjustForDST: true },
        ScheduleStatus: { Last: at, LastUpdated: at, Next: at },
        IsPastDue,
      };
      await invoke(name, {
        inputData: [{ name: String(binding), data: { json: JSON.stringify(timer) } }],
        triggerMetadata: {},
      });
    },
    async terminate() {
      child.send({ kind: 'terminate' } satisfies ToWorker);
      const [code] = await exited;
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    ...client(address),
  };
}

function startWorker({
  app,
  dataDir,
  environment,
  node,
  worker = workerFile,
}: HostOptions & { app: string }): ChildProcess {
  const keys = { AGENT_KEY: agentKey, VIEWER_KEY: viewerKey, OPERATOR_KEY: operatorKey };
  const child = fork(worker, [app], {
    cwd: app,
    env: { ...programEnvironment(), TZ: 'Europe/Amsterdam', DATA_DIR: dataDir, ...keys, ...environment },
    serialization: 'advanced',
    silent: true,
    ...(node !== undefined && { execPath: node }),
    execArgv: [],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function routePrefix(app: string): string {
  const { extensions } = JSON.parse(readFileSync(join(app, 'host.json'), 'utf8')) as {
    extensions?: { http?: { routePrefix?: string } };
  };
  return extensions?.http?.routePrefix ?? 'api';
}

/** Sends what the worker answered, bytes as they are; a wrong length is a fault. */
function send(value: TypedData | null, response: ServerResponse): void {
  const { statusCode, headers = {}, body } = value?.http ?? {};
  if (statusCode === undefined || !/^[2-5]\d\d$/.test(statusCode)) throw new Error('the answer has no status');
  response.strictContentLength = true;
  response.writeHead(Number(statusCode), headers);
  response.end(body?.bytes ?? body?.string ?? '');
}
