import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../functions/routes.ts';
import { buildServer, closeServer } from '../../server/server.ts';
import { openApp } from '../../shared/app.ts';
import type { Log } from '../../shared/log.ts';
import {
  agentKey,
  client,
  clockAt,
  createBody,
  operatorKey,
  temporaryFolder,
  testConfig,
  testServer,
  viewerKey,
} from '../helpers.ts';

test('calls with a wrong key are counted: in the metrics, in the overview, and over a restart', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const options = { environment: { DATA_DIR: temporaryFolder() }, now: clock.now };
  const { get } = await testServer(options);
  for (const key of ['guess-1', 'guess-2', 'guess-3']) expect((await get('accounts', key)).status).toBe(401);
  await get('accounts', null);
  await get('accounts', agentKey);
  const { text } = await get('metrics');
  expect(text.match(/^spendcloud_refused_keys.*$/gm)).toEqual([
    'spendcloud_refused_keys{reason="missing"} 1',
    'spendcloud_refused_keys{reason="unknown"} 3',
    'spendcloud_refused_keys{reason="scope"} 1',
  ]);
  const unknownKeys = async (from = get) => ((await from('overview')).json as { unknownKeys: object }).unknownKeys;
  expect(await unknownKeys()).toEqual({ calls: 3, lastAt: '2026-11-23T10:00:00.000Z' });

  clock.set('2026-11-24T10:00:00.000Z');
  await get('accounts', 'guess-4'); // a minute has passed: all of them are written down
  await expect
    .poll(async () => unknownKeys((await testServer(options)).get))
    .toEqual({
      calls: 4,
      lastAt: '2026-11-24T10:00:00.000Z',
    });
  clock.set('2026-11-30T10:00:00.000Z');
  expect(await unknownKeys()).toMatchObject({ calls: 1 });
  clock.set('2026-12-09T10:00:00.000Z');
  expect(await unknownKeys()).toEqual({ calls: 0, lastAt: null });
});

test.each([
  ['off', null, undefined],
  ['refused', null, '127.0.0.1'],
  ['all', operatorKey, '127.0.0.1'],
  ['refused', operatorKey, undefined],
])(
  "with LOG_ADDRESSES=%s a line of a call with key %s names the caller's address as %s",
  async (setting, key, says) => {
    const { get, lines } = await serverWithLog({ LOG_ADDRESSES: setting });
    await get('accounts', key);
    expect(lines.at(-1)?.address).toBe(says);
  },
);

test('behind a trusted proxy the address is the one that the proxy saw, and nobody else is believed', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7:5100, 10.0.0.4' };
  const alone = await serverWithLog({});
  await fetch(`${alone.address}/api/accounts`, { headers });
  expect(alone.lines.at(-1)?.address).toBe('127.0.0.1');
  const behind = await serverWithLog({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' });
  await fetch(`${behind.address}/api/accounts`, { headers });
  expect(behind.lines.at(-1)?.address).toBe('198.51.100.7');
});

test('who read personal data stands in the log by the name of the key', async () => {
  const { get, post, lines } = await serverWithLog({});
  await post('helloid/create', createBody(1));
  for (const path of ['accounts', 'accounts/SC-1', 'audit']) await get(path, viewerKey);
  expect(lines.slice(-3).map(({ route, key }) => [route, key])).toEqual([
    ['accounts', 'VIEWER_KEY'],
    ['account', 'VIEWER_KEY'],
    ['audit', 'VIEWER_KEY'],
  ]);
});

test('every answer says that its type is not to be guessed', async () => {
  const { get, post, address } = await testServer();
  const replies = [
    await get('health', null),
    await get('accounts', 'wrong'),
    await get('no-such-route'),
    await get('accounts/%'),
    await get('dashboard', null),
    await post('helloid/create', createBody(1)),
    await fetch(`${address}/`, { redirect: 'manual' }),
  ];
  expect(replies.map(({ headers }) => headers.get('x-content-type-options'))).toEqual(replies.map(() => 'nosniff'));
});

async function serverWithLog(environment: Record<string, string>) {
  const lines: Record<string, unknown>[] = [];
  const write = (facts: object) => void lines.push({ ...facts });
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const app = await openApp(testConfig({ environment }), { log });
  onTestFinished(() => app.close());
  const server = buildServer(app, routes);
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => closeServer(server));
  return { ...client(address), address, lines };
}
