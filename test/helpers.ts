import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { routes } from '../functions/routes.ts';
import { buildServer, closeServer } from '../server/server.ts';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig, type Config } from '../shared/config.ts';
import { silent } from '../shared/log.ts';
import { Policy } from '../shared/policy.ts';

export const agentKey = 'agent-key-for-tests-0123456789';
export const viewerKey = 'viewer-key-for-tests-0123456789';
export const operatorKey = 'operator-key-for-tests-0123456789';

/** A folder of the test's own, gone when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spendcloud-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that stands still until it is set. */
export function clockAt(text: string): { now: () => Date; set(next: string): void } {
  let time = new Date(text);
  return { now: () => new Date(time), set: (next) => void (time = new Date(next)) };
}

export interface TestOptions {
  /** Parts of connector.json. */
  policy?: object;
  environment?: Record<string, string>;
  now?: () => Date;
}

/** Settings as `loadConfig` reads them, with fixed keys and a data folder of the test's own. */
export function testConfig({ policy = {}, environment = {} }: TestOptions = {}): Config {
  const keys = { AGENT_KEY: agentKey, VIEWER_KEY: viewerKey, OPERATOR_KEY: operatorKey };
  const folder = environment.DATA_DIR ?? temporaryFolder();
  const config = loadConfig({ ...keys, DATA_DIR: folder, PORT: '0', ...environment }, folder);
  return { ...config, policy: Policy.parse(policy) };
}

/** The app on a real SQLite file, closed when the test ends. */
export async function testApp(options: TestOptions = {}): Promise<App> {
  const app = await openApp(testConfig(options), { log: silent, ...(options.now && { now: options.now }) });
  onTestFinished(() => app.close());
  return app;
}

export interface TestServer {
  app: App;
  address: string;
  get(path: string, key?: string | null): Promise<Reply>;
  /** Sends a JSON value; text or bytes go as they are. */
  post(path: string, body?: unknown, options?: { key?: string | null; type?: string | null }): Promise<Reply>;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, undefined when it is none. */
  json: never;
}

/** The app behind our own server on a free port of 127.0.0.1. */
export async function testServer(options: TestOptions = {}): Promise<TestServer> {
  const app = await testApp(options);
  const server = buildServer(app, routes);
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => closeServer(server));
  return { app, address, ...client(address) };
}

/** Calls a running server as a client does. */
export function client(address: string): Pick<TestServer, 'get' | 'post'> {
  return {
    get: (path, key = operatorKey) =>
      call(`${address}/api/${path}`, { headers: key === null ? {} : { 'x-functions-key': key } }),
    post: (
      path,
      body,
      { key = path.startsWith('helloid/') ? agentKey : operatorKey, type = 'application/json' } = {},
    ) =>
      call(`${address}/api/${path}`, {
        method: 'POST',
        headers: {
          ...(key !== null && { 'x-functions-key': key }),
          ...(body !== undefined && type !== null && { 'content-type': type }),
        },
        ...(body !== undefined && {
          body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
        }),
      }),
  };
}

async function call(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString();
  return { status: response.status, headers: response.headers, text, json: parse(text) as never };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One of HelloID's sample payloads (or expected answers), as a fresh object that a test may change. */
export async function sample(name: string): Promise<Sample> {
  return JSON.parse(await readFile(new URL(`./samples/helloid/${name}.json`, import.meta.url), 'utf8')) as Sample;
}

export interface Sample {
  actionContext: {
    DryRun: boolean;
    Data: Record<string, unknown> | null;
    References: { Account: unknown };
    CorrelationConfiguration: Record<string, unknown>;
    Origin?: string;
    [member: string]: unknown;
  };
  personContext: { Person: { Contracts: SampleContract[]; [member: string]: unknown } };
  outputContext: Record<string, unknown> & { AuditLogs: { Action: string; Message: string; IsError: boolean }[] };
}

export interface SampleContract {
  Context: { InConditions: boolean };
  ExternalId: string;
  StartDate: string;
  EndDate: string | null;
  Department: { DisplayName: string; ExternalId: string };
  Title: { Name: string; Code: string; ExternalId: string };
  [member: string]: unknown;
}

/** A create body for an invented person; members of `data` replace or add fields. */
export function createBody(number: number | string, data: Record<string, unknown> = {}, contracts?: unknown[]) {
  const Data = {
    externalId: String(number),
    email: `p${number}@waterrijk-zorg.example`,
    voornaam: 'Anna',
    tussenvoegsel: null,
    achternaam: `Jansen ${number}`,
    geslacht: 'V',
    gebruikersnaam: `p${number}`,
    ...data,
  };
  return {
    actionContext: { DryRun: false, Data, References: { Account: null }, Origin: 'enforcement' },
    personContext: { Person: { Contracts: contracts ?? [contract(`${number}-1`)] } },
  };
}

/** An update body of the same kind. */
export function updateBody(reference: unknown, data: Record<string, unknown> | null, contracts?: unknown) {
  return {
    actionContext: { DryRun: false, Data: data, References: { Account: reference }, Origin: 'enforcement' },
    personContext: contracts === undefined ? null : { Person: { Contracts: contracts } },
  };
}

/** A contract as HelloID sends it, in conditions, with the parts that matter here. */
export function contract(
  id: string,
  unit = ['Thuiszorg Noord', 'D0310'],
  profile = ['Teamleider zorg', 'TL-ZORG'],
  inConditions = true,
) {
  return {
    Context: { InConditions: inConditions },
    ExternalId: id,
    StartDate: '2019-03-01T00:00:00Z',
    EndDate: null,
    Department: { DisplayName: unit[0], ExternalId: unit[1] },
    Title: { Name: profile[0], Code: profile[1], ExternalId: profile[1] },
  };
}

/** Counts audit entries in the database file itself, on a connection of its own. */
export function eventCount(dataDir: string): number {
  const db = new Database(join(dataDir, 'spendcloud.db'), { readonly: true });
  try {
    return db.prepare<[], number>('SELECT count(*) FROM audit').pluck().get() ?? 0;
  } finally {
    db.close();
  }
}

/** The rows of a table that are in the database's file itself, without the WAL beside it. */
export function countInFileAlone(path: string, table: string): number {
  const copy = join(temporaryFolder(), 'copy.db');
  execFileSync('cp', [path, copy]); // opening it in this process would drop the locks of its connections when it is closed
  const db = new Database(copy);
  try {
    const isThere = db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined;
    return isThere ? (db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0) : 0;
  } finally {
    db.close();
  }
}
