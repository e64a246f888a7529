import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { Policy } from '../../../shared/policy.ts';
import { temporaryFolder } from '../../helpers.ts';
import { buildApp, type BuiltApp } from './built-app.ts';
import { startHost } from './host.ts';
import type { Binding } from './worker.ts';

let app: BuiltApp;
beforeAll(() => void (app = buildApp()));
afterAll(() => app.remove());

async function registered() {
  const { started, faults } = await startHost({ app: app.folder, dataDir: temporaryFolder() });
  expect([started.loadError, faults()]).toEqual([null, []]);
  const bindings = new Map(
    started.registrations.map(({ name, rawBindings }) => [
      name,
      rawBindings.map((line) => JSON.parse(line) as Binding),
    ]),
  );
  return { started, bindings };
}

test('the host gets one function for each route and the timer, by names it accepts', async () => {
  const { started } = await registered();
  const names = started.registrations.map(({ name }) => name);
  expect(names.toSorted()).toEqual([...routes.map(({ name }) => name), 'daily-dump'].toSorted());
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^(?!host$)[a-z][a-z0-9_-]{0,126}$/i);
  expect(started.model).toBe('@azure/functions');
  expect(started.hooks).toEqual(['appTerminate']);
  expect(started.capabilities).not.toHaveProperty('HttpUri'); // no streaming: a handler that fails in it never answers
});

test('every HTTP function has the trigger and the return binding that the host asks for', async () => {
  const { bindings } = await registered();
  for (const { name, method, path } of routes) {
    const [trigger, result, ...more] = bindings.get(name) ?? [];
    expect(more).toEqual([]);
    expect(trigger).toMatchObject({ type: 'httpTrigger', direction: 'in', authLevel: 'anonymous', route: path });
    expect(trigger?.methods).toEqual(method === 'GET' ? ['GET', 'HEAD'] : ['POST']);
    expect(result).toMatchObject({ name: '$return', type: 'http', direction: 'out' });
    expect(trigger?.name).toMatch(/^[a-z]\w*$/i);
  }
});

test('every route is a template that ASP.NET takes, below nothing that the host keeps for itself, and no two are the same', async () => {
  const { bindings } = await registered();
  const seen = new Set<string>();
  for (const { name } of routes) {
    const { route, methods } = bindings.get(name)?.[0] as unknown as { route: string; methods: string[] };
    expect(route).toMatch(/^([a-z][\w.-]*|\{[a-z]\w*\})(\/([a-z][\w.-]*|\{[a-z]\w*\}))*$/i);
    expect(route).not.toMatch(/^(admin|runtime)(\/|$)/i);
    const parameters = [...route.matchAll(/\{(\w+)\}/g)].map((match) => match[1]?.toLowerCase());
    expect(new Set(parameters).size).toBe(parameters.length);
    for (const method of methods) {
      const place = `${method} ${route.toLowerCase().replace(/\{\w+\}/g, '{}')}`;
      expect(seen, place).not.toContain(place);
      seen.add(place);
    }
  }
});

test('the timer asks every five minutes, never at the start of the host, keeps to six fields and needs no storage account', async () => {
  const { bindings } = await registered();
  expect(bindings.get('daily-dump')).toEqual([
    expect.objectContaining({
      type: 'timerTrigger',
      direction: 'in',
      schedule: '0 */5 * * * *',
      runOnStartup: false,
      useMonitor: false,
    }),
  ]);
});

test('host.json asks for no bundle, keeps the prefix of the routes, logs to the console and lets a delivery take its time', () => {
  const host = readProjectFile('host.json') as {
    functionTimeout: string;
    [member: string]: unknown;
  };
  expect(host).toMatchObject({
    version: '2.0',
    extensions: { http: { routePrefix: 'api' } },
    logging: { console: { isEnabled: true } },
  });
  expect(host).not.toHaveProperty('extensionBundle');
  const [hours = 0, minutes = 0] = host.functionTimeout.split(':').map(Number);
  const { deadlineSeconds } = Policy.parse({}).delivery;
  expect((hours * 60 + minutes) * 60).toBeGreaterThanOrEqual(3 * deadlineSeconds); // the host ends the worker, and all calls with it
});

test('local.settings.json holds settings and no secrets, and is not published', () => {
  const { Values } = readProjectFile('local.settings.json') as { Values: Record<string, string> };
  expect(Object.keys(Values).toSorted()).toEqual([
    'AzureWebJobsStorage',
    'DATA_DIR',
    'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
    'FUNCTIONS_WORKER_RUNTIME',
    'TZ',
  ]);
  expect(Values.AzureWebJobsStorage).toBe('UseDevelopmentStorage=true');
  const ignored = readFileSync(new URL('../../../.funcignore', import.meta.url), 'utf8').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['local.settings.json', 'data', 'test', '.git*']));
});

function readProjectFile(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'));
}
