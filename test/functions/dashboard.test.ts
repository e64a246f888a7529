import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import azure from '@azure/functions';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request, type IncomingMessage } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { azureHandler, closeApp } from '../../functions/azure.ts';
import { dashboardRoutes } from '../../functions/dashboard.ts';
import { buildServer, closeServer } from '../../server/server.ts';
import { temporaryFolder, testApp } from '../helpers.ts';

const script = `console.log('één');\n${'// a line that packs well\n'.repeat(200)}`;

/** A folder as the build leaves it, with neighbours that are nobody's business. */
function aBuild(): string {
  const folder = join(temporaryFolder(), 'dashboard');
  mkdirSync(join(folder, 'assets', 'deeper'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Spend Cloud</title>');
  writeFileSync(join(folder, 'secret.json'), '{}');
  writeFileSync(join(folder, '..', 'keys.json'), '{}');
  writeFileSync(join(folder, 'assets', 'index-1a2b.js'), script);
  writeFileSync(join(folder, 'assets', 'index-1a2b.js.map'), '{}');
  writeFileSync(join(folder, 'assets', 'logo-3c4d.png'), Buffer.from([0x89, 0x50]));
  writeFileSync(join(folder, 'assets', 'deeper', 'x.js'), '');
  return folder;
}

interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A server with only the dashboard; paths go out as they are written here, and nothing is unpacked. */
async function serving(folder: string): Promise<(path: string, headers?: Record<string, string>) => Promise<Got>> {
  const server = buildServer(await testApp(), dashboardRoutes(folder));
  const address = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  onTestFinished(() => closeServer(server));
  return (path, headers = {}) =>
    new Promise((resolve, reject) => {
      const take = async (response: IncomingMessage) => {
        const body = Buffer.concat(await response.toArray());
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      };
      request({ host: address.hostname, port: address.port, path, headers }, (response) => {
        take(response).catch(reject);
      })
        .once('error', reject)
        .end();
    });
}

test('the page needs no key, is asked for each time and may load nothing from elsewhere', async () => {
  const get = await serving(aBuild());
  const { status, headers, body } = await get('/api/dashboard');
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-cache',
  ]);
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  expect(body.toString()).toBe('<!doctype html><title>Spend Cloud</title>');
  const again = await get('/api/dashboard', { 'if-none-match': String(headers.etag) });
  expect([again.status, again.body.length]).toEqual([304, 0]);
});

test('an asset is kept for ever, and goes packed to whoever takes that', async () => {
  const get = await serving(aBuild());
  const path = '/api/dashboard/assets/index-1a2b.js';
  const plain = await get(path);
  expect([plain.status, plain.headers['content-type'], plain.headers['cache-control']]).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
  expect([plain.headers['content-encoding'], plain.body.toString()]).toEqual([undefined, script]);
  const br = await get(path, { 'accept-encoding': 'gzip, deflate, br, zstd' });
  expect([br.headers['content-encoding'], brotliDecompressSync(br.body).toString()]).toEqual(['br', script]);
  const gzip = await get(path, { 'accept-encoding': 'br;q=0, gzip' });
  expect([gzip.headers['content-encoding'], gunzipSync(gzip.body).toString()]).toEqual(['gzip', script]);
  expect(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
  expect(br.headers.vary).toBe('accept-encoding');
  expect(br.body.length).toBeLessThan(plain.body.length / 10);
  const picture = await get('/api/dashboard/assets/logo-3c4d.png', { 'accept-encoding': 'br' });
  expect([picture.headers['content-type'], picture.headers['content-encoding']]).toEqual(['image/png', undefined]);
});

test('what the build did not make for the page cannot be had, however it is asked for', async () => {
  const get = await serving(aBuild());
  const paths = [
    'index-9z9z.js',
    'index-1a2b.js.map',
    'deeper/x.js',
    'deeper%2Fx.js',
    '../secret.json',
    '..%2Fsecret.json',
    '..%2F..%2Fkeys.json',
    '%2e%2e%2findex.html',
    '..%5Csecret.json',
    'index-1a2b.js%00',
    '__proto__',
    '',
  ];
  for (const path of paths) expect([path, (await get(`/api/dashboard/assets/${path}`)).status]).toEqual([path, 404]);
  expect((await get('/api/dashboard/secret.json')).status).toBe(404);
});

test('our own server leads to the page from its root', async () => {
  const get = await serving(aBuild());
  for (const path of ['/', '/api/dashboard/']) {
    const { status, headers } = await get(path);
    expect([status, headers.location]).toEqual([302, '/api/dashboard']);
  }
});

test('where the dashboard was not built it says so, and finds it once it is', async () => {
  const folder = aBuild();
  rmSync(folder, { recursive: true });
  const get = await serving(folder);
  const { status, body } = await get('/api/dashboard');
  expect([status, JSON.parse(body.toString())]).toEqual([
    503,
    { message: 'The dashboard was not built; run: npm run build', code: 'unavailable' },
  ]);
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), 'now');
  expect((await get('/api/dashboard')).body.toString()).toBe('now');
});

test('the Functions host gives the same bytes', async () => {
  vi.stubEnv('DATA_DIR', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  onTestFinished(closeApp);
  const [, asset] = dashboardRoutes(aBuild());
  const call = new azure.HttpRequest({
    method: 'GET',
    url: 'http://127.0.0.1/api/dashboard/assets/index-1a2b.js',
    headers: { 'accept-encoding': 'br' },
    params: { file: 'index-1a2b.js' },
  });
  const answer = await azureHandler(asset)(call, new azure.InvocationContext());
  expect(answer).toMatchObject({ status: 200, headers: { 'content-encoding': 'br' } });
  const { body, ...head } = answer as azure.HttpResponseInit;
  const sent = new azure.HttpResponse({ ...head, body });
  expect(brotliDecompressSync(Buffer.from(await sent.arrayBuffer())).toString()).toBe(script);
});
