import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { startProgram } from '../../process.ts';
import { agentKey, createBody, operatorKey, temporaryFolder, viewerKey, type TestServer } from '../../helpers.ts';
import { buildApp, type BuiltApp } from './built-app.ts';
import { startHost, type FunctionsHost } from './host.ts';
import { live, seenOf } from './life.ts';

let app: BuiltApp;
beforeAll(() => void (app = buildApp()));
afterAll(() => app.remove());

type Server = Pick<TestServer, 'get' | 'post'> & { address: string; dataDir: string };

/** Our own server and the Functions host, each with an empty data folder. */
async function bothHosts(): Promise<[server: Server, host: FunctionsHost & { dataDir: string }]> {
  const [ours, theirs] = [temporaryFolder(), temporaryFolder()];
  const [server, host] = await Promise.all([startProgram(ours), startHost({ app: app.folder, dataDir: theirs })]);
  return [
    { ...server, dataDir: ours },
    { ...host, dataDir: theirs },
  ];
}

test('every route answers on the Functions host what it answers on our own server', async () => {
  const [server, host] = await bothHosts();
  const [expected, found] = await Promise.all([live(server, server.dataDir), live(host, host.dataDir)]);
  for (const [index, answered] of expected.entries())
    expect(found[index], `call ${index}: ${answered.route}`).toEqual(answered);
  expect(found).toHaveLength(expected.length);
  expect(host.faults()).toEqual([]);

  const called = new Set(expected.map(({ route }) => route));
  expect([...called].toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
  const never = new Set(['export-retry', 'also-accept']); // the first below, on a delivery that failed; the other needs a table
  const succeeded = new Set(expected.filter(({ status }) => status < 300).map(({ route }) => route));
  expect(routes.filter(({ name }) => !succeeded.has(name) && !never.has(name))).toEqual([]);
});

/** The same request to both, by every means a client has. */
const requests: [title: string, path: string, init: RequestInit][] = [
  ['no key', 'accounts', {}],
  ['a wrong key', 'accounts', { headers: { 'x-functions-key': 'wrong' } }],
  ['the wrong scope', 'accounts', { headers: { 'x-functions-key': agentKey } }],
  ['a key in the address', `accounts?code=${viewerKey}`, {}],
  ['a wrong key in the address', 'accounts?code=wrong', {}],
  ['two keys in the address', `accounts?code=${viewerKey}&code=${viewerKey}`, {}],
  ['a missing body', 'helloid/create', post(undefined)],
  ['an empty body', 'helloid/create', post('')],
  ['a body that is no JSON', 'helloid/create', post('{')],
  ['a body that is no UTF-8', 'helloid/create', post(Buffer.from([0x7b, 0x22, 0xe9, 0x22]))],
  ['a body with a byte order mark', 'helloid/create', post(`\uFEFF${JSON.stringify(createBody(1))}`)],
  [
    'a body in Latin-1 that says so',
    'helloid/create',
    post(
      Buffer.from(JSON.stringify(createBody(2, { voornaam: 'Renée' })), 'latin1'),
      'application/json; charset=latin1',
    ),
  ],
  ['a body of another type', 'helloid/create', post('a=b', 'application/x-www-form-urlencoded')],
  ['a body of exactly 4 MB', 'helloid/create', post(padded(4 * 1024 * 1024))],
  ['a body of 4 MB and a byte', 'helloid/create', post(padded(4 * 1024 * 1024 + 1))],
  ['an account that is not there', 'accounts/SC-%C3%BC%20x', get()],
  ['a path with one segment more', 'accounts/SC-a/b', get()],
  ['a run that is no number', 'exports/x', get()],
  ['a file that is not there', 'exports/1/files/keys.json', get()],
  ['a route that is not there', 'nothing', get()],
  ['HEAD', 'live', { method: 'HEAD' }],
  ['HEAD with a key', 'accounts', { ...get(), method: 'HEAD' }],
  ['GET where only POST is', 'helloid/create', get()],
  ['another method', 'accounts', { ...get(), method: 'DELETE' }],
  ['a method that browsers ask with first', 'accounts', { ...get(), method: 'OPTIONS' }],
  ['CSV asked for', 'audit', { headers: { 'x-functions-key': viewerKey, accept: 'text/csv' } }],
];

function get(): RequestInit {
  return { headers: { 'x-functions-key': operatorKey } };
}

function post(body: string | Buffer | undefined, type = 'application/json'): RequestInit {
  const headers = { 'x-functions-key': agentKey, 'content-type': type };
  return { method: 'POST', headers, ...(body !== undefined && { body: body as string }) };
}

/** A create that is padded with blanks to a length in bytes. */
function padded(length: number): string {
  return JSON.stringify(createBody(3)).padEnd(length);
}

test('what a client may do wrong is answered the same on both hosts', async () => {
  const [server, host] = await bothHosts();
  for (const [title, path, init] of requests) {
    const [expected, found] = await Promise.all([server, host].map((one) => answerOf(one, path, init)));
    expect([title, found]).toEqual([title, expected]);
  }
  expect(host.faults()).toEqual([]);
});

/** A route that is not there is refused by the host before it reaches us: only the status is the same. */
async function answerOf({ address, dataDir }: Server, path: string, init: RequestInit) {
  const response = await fetch(`${address}/api/${path}`, init);
  const { status, headers } = response;
  const text = await response.text();
  const isTheHosts = status === 404 && !text.includes('"code":"not-found"');
  if (isTheHosts || text.includes('There is no such route')) return { status };
  return seenOf(path, { status, headers, text, json: undefined as never }, dataDir);
}

test('an encoded slash in a path, which the host cannot tell from the text %2F, is refused and never another name', async () => {
  const [server, host] = await bothHosts();
  for (const path of ['accounts/SC-a%2Fb', 'accounts/SC-a%252Fb', 'exports/1/files/..%2f..%2fkeys.json']) {
    const headers = { 'x-functions-key': viewerKey };
    const [there, here] = await Promise.all(
      [host, server].map(({ address }) => fetch(`${address}/api/${path}`, { headers })),
    );
    expect([path, there?.status, here?.status]).toEqual([path, 400, 404]);
    expect(await there?.json()).toMatchObject({ message: expect.stringContaining('in the query as well') as string });
    const withoutKey = await fetch(`${host.address}/api/${path}`);
    expect(withoutKey.status).toBe(401);
  }
});

test('a body sent without its length does not reach a function of the host, and the answer says so', async () => {
  const host = await startHost({ app: app.folder, dataDir: temporaryFolder() });
  const { port } = new URL(host.address);
  const socket = connect(Number(port), '127.0.0.1');
  const body = JSON.stringify(createBody(1));
  const head = `POST /api/helloid/create HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-functions-key: ${agentKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  socket.write(`${head}${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`);
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 400/);
  expect(answer).toContain('Content-Length');
});
