import type { AddressInfo } from 'node:net';
import { routes } from '../../functions/routes.ts';
import { buildServer, closeServer } from '../../server/server.ts';
import { openApp, type App } from '../../shared/app.ts';
import { loadConfig } from '../../shared/config.ts';
import { silent } from '../../shared/log.ts';

const keys = { AGENT_KEY: 'agent-key-of-the-soak-0123456789', OPERATOR_KEY: 'operator-key-of-the-soak-0123456789' };

/** The connector behind its own server, on a data folder that outlives a restart. */
export interface Connector {
  app(): App;
  /** Calls as HelloID; throws when the action did not succeed. */
  helloId(action: string, body: object): Promise<{ AccountReference: string }>;
  /** Calls as an operator: a GET without a body. Throws when the answer is no success. */
  operate<Reply>(path: string, body?: object): Promise<Reply>;
  /** A file of a run, as text. */
  file(run: number, name: string): Promise<string>;
  /** Ends and starts again, with these settings instead; something may be done to its files meanwhile. */
  restart(environment: Record<string, string>, meanwhile?: () => void): Promise<void>;
  stop(): Promise<void>;
}

interface Outcome {
  Success: boolean;
  AccountReference: string;
  AuditLogs: { Message: string }[];
}

export async function startConnector(environment: Record<string, string>, now: () => Date): Promise<Connector> {
  let running = await open(environment, now);

  async function textOf(path: string, key: string, body?: object): Promise<string> {
    const response = await fetch(`${running.address}/api/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'x-functions-key': key, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text}`);
    return text;
  }

  async function call<Reply>(path: string, key: string, body?: object): Promise<Reply> {
    return JSON.parse(await textOf(path, key, body)) as Reply;
  }

  return {
    app: () => running.app,
    async helloId(action, body) {
      const outcome = await call<Outcome>(`helloid/${action}`, keys.AGENT_KEY, body);
      if (!outcome.Success)
        throw new Error(`${action} failed: ${outcome.AuditLogs.map((log) => log.Message).join('; ')}`);
      return outcome;
    },
    operate: (path, body) => call(path, keys.OPERATOR_KEY, body),
    file: (run, name) => textOf(`exports/${run}/files/${name}`, keys.OPERATOR_KEY),
    async restart(next, meanwhile) {
      await running.close();
      meanwhile?.();
      running = await open(next, now);
    },
    stop: () => running.close(),
  };
}

async function open(environment: Record<string, string>, now: () => Date) {
  const config = loadConfig({ ...environment, ...keys }, environment.DATA_DIR);
  const app = await openApp(config, { log: silent, now });
  const server = buildServer(app, routes);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const close = async () => {
    await closeServer(server);
    await app.close();
  };
  return { app, address: `http://127.0.0.1:${port}`, close };
}
