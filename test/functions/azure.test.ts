import azure from '@azure/functions';
import { execFileSync } from 'node:child_process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { agentKey, createBody, operatorKey, temporaryFolder, testServer, viewerKey } from '../helpers.ts';
import { canMount } from '../small-disk.ts';

/** Calls a route through Azure's own request and context objects, in a module state of the test's own. */
async function host(environment: Record<string, string>) {
  for (const [name, value] of Object.entries({
    AGENT_KEY: agentKey,
    OPERATOR_KEY: operatorKey,
    VIEWER_KEY: viewerKey,
    ...environment,
  }))
    vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.resetModules();
  const [{ azureHandler, azureTimer, closeApp }, { routes }] = await Promise.all([
    import('../../functions/azure.ts'),
    import('../../functions/routes.ts'),
  ]);
  onTestFinished(closeApp);
  const call = async (
    name: string,
    { key = operatorKey, body, params = {} }: { key?: string; body?: unknown; params?: Record<string, string> } = {},
  ) => {
    const route = routes.find((candidate) => candidate.name === name);
    if (!route) throw new Error(`there is no route ${name}`);
    const headers = { 'x-functions-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const request = new azure.HttpRequest({
      method: route.method,
      url: `http://127.0.0.1/api/${route.path}`,
      headers,
      params,
      ...(body !== undefined && { body: { string: JSON.stringify(body) } }),
    });
    const answer = (await azureHandler(route)(request, new azure.InvocationContext())) as {
      status: number;
      headers: Record<string, string>;
      body: string;
    };
    return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> };
  };
  return { call, tick: () => azureTimer({} as never, new azure.InvocationContext()) };
}

test('on the Functions host a create is answered in UTF-8, with the same contract as on our own server', async () => {
  const { call } = await host({ DATA_DIR: temporaryFolder() });
  const { status, headers, json } = await call('helloid-create', {
    key: agentKey,
    body: createBody(1, { voornaam: 'Renée' }),
  });
  expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  expect(json).toMatchObject({ Success: true, AccountReference: 'SC-1', Data: { voornaam: 'Renée' } });
  expect((await call('account', { params: { reference: 'SC-1' } })).json).toMatchObject({ gebruikersnaam: 'p1' });
  expect((await call('accounts', { key: agentKey })).status).toBe(403);
});

test('both hosts answer the same OpenAPI document', async () => {
  const { call } = await host({ DATA_DIR: temporaryFolder() });
  const { status, headers, body } = await call('openapi', { key: viewerKey });
  expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  const server = await testServer();
  expect(body).toBe((await server.get('openapi.json')).text);
});

test('with a wrong setting every route answers 503, and only an operator learns why', async () => {
  const { call, tick } = await host({ DATA_DIR: temporaryFolder(), DELIVERY: 'pigeon' });
  for (const name of ['live', 'accounts', 'helloid-create'])
    expect((await call(name, { body: undefined })).status).toBe(503);
  expect((await call('accounts')).json.message).toContain('DELIVERY');
  expect((await call('accounts', { key: viewerKey })).json.message).not.toContain('DELIVERY');
  await tick(); // must not reject: that would count as a crash of the worker
});

test.runIf(canMount)('on a read-only volume every call answers 503, and it recovers by itself', async () => {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,ro', 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  const { call } = await host({ DATA_DIR: folder });
  const refused = await call('helloid-create', { key: operatorKey, body: createBody(1) });
  expect([refused.status, refused.json]).toMatchObject([
    503,
    { message: expect.stringMatching(/app.lock cannot be used.*can be written/) as string },
  ]);
  execFileSync('mount', ['-o', 'remount,rw', folder]);
  expect((await call('helloid-create', { key: agentKey, body: createBody(1) })).json).toMatchObject({ Success: true });
});
