import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../functions/routes.ts';
import { pem } from '../config/examples.ts';
import { buildServer, closeServer } from '../../server/server.ts';
import { refuseOldNode } from '../../shared/node-version.ts';
import { agentKey, client, createBody, eventCount, temporaryFolder, testApp } from '../helpers.ts';
import { runNode, startProgram } from '../process.ts';

const tls = { cert: pem('cert'), key: pem('key') };

test('plain node starts the program, it answers, delivers, and stops cleanly', async () => {
  const folder = temporaryFolder();
  const program = await startProgram(folder);
  expect((await program.get('live', null)).json).toEqual({ status: 'ok' });
  const created = await program.post('helloid/create', createBody(1));
  expect(created.json).toMatchObject({ Success: true });
  expect(created.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect((await program.post('exports')).status).toBe(202);
  await expect
    .poll(async () => (await program.get('exports/1')).json, { timeout: 20_000 })
    .toMatchObject({ state: 'delivered' });
  expect(readFileSync(join(folder, 'outbox', 'Users.csv'), 'utf8')).toContain('"p1"');
  expect(await program.end('SIGTERM')).toBe(0);
  expect(program.output()).toContain('"stopped"');
});

test('a request in flight is answered before the program stops', async () => {
  const program = await startProgram(temporaryFolder());
  const { port } = new URL(program.address);
  const body = JSON.stringify(createBody(1));
  const head = `POST /api/helloid/create HTTP/1.1\r\nHost: x\r\nx-functions-key: ${agentKey}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(head + body.slice(0, 10));
  await program.get('live', null); // by now the first request has reached the program, too
  const ended = program.end('SIGTERM');
  await expect.poll(() => program.output()).toContain('stopping');
  socket.write(body.slice(10));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
  socket.destroy();
  expect(await ended).toBe(0);
});

test('whoever never finishes a request does not hold up a stop that is asked for twice', async () => {
  const program = await startProgram(temporaryFolder());
  await unfinishedRequest(program.address);
  await program.get('live', null);
  const ended = program.end('SIGTERM');
  await expect.poll(() => program.output()).toContain('stopping');
  await Promise.all([ended, program.end('SIGTERM')]);
  expect(await ended).toBe(0);
  expect(program.output()).toContain('"stopped"');
});

test('a server that closes waits for those only so long', async () => {
  const server = buildServer(await testApp(), routes);
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  await unfinishedRequest(address);
  await client(address).get('live', null); // by now the first request has arrived, too
  await closeServer(server, 100);
  expect(server.server.listening).toBe(false);
});

test('nor for one who never ends the TLS handshake', async () => {
  const app = await testApp();
  const server = buildServer({ ...app, config: { ...app.config, server: { ...app.config.server, tls } } }, routes);
  const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  const arrived = once(server.server, 'connection');
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined); // it is cut off
  await arrived;
  await closeServer(server, 100);
  expect(server.server.listening).toBe(false);
});

/** Announces a body of 1,000 bytes, and sends ten. */
async function unfinishedRequest(address: string): Promise<void> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined); // it is cut off
  await once(socket, 'connect');
  socket.write(
    `POST /api/helloid/create HTTP/1.1\r\nHost: x\r\nx-functions-key: ${agentKey}\r\nContent-Length: 1000\r\n\r\n{"a": "b" `,
  );
}

test('kill -9 in a storm of writes loses no answered action, and the database is sound', async () => {
  const folder = temporaryFolder();
  const program = await startProgram(folder);
  const answered: number[] = [];
  const failed: string[] = [];
  const storming = new AbortController();
  const storm = Array.from({ length: 16 }, async (_, worker) => {
    let number = worker;
    while (!storming.signal.aborted) {
      const reply = await program.post('helloid/create', createBody(number)).catch(() => undefined);
      if (reply?.text.startsWith('{"Success":true')) answered.push(number);
      else if (reply) failed.push(reply.text); // no answer at all is what the kill is about
      number += 16;
    }
  });
  await expect.poll(() => answered.length, { timeout: 30_000 }).toBeGreaterThan(300);
  storming.abort();
  expect(await program.end('SIGKILL')).toBe(null);
  await Promise.all(storm);
  expect(failed).toEqual([]);
  const again = await startProgram(folder);
  for (const number of answered) {
    expect((await again.get(`accounts/SC-${number}`)).json).toMatchObject({
      externalId: String(number),
      roles: [{ contract: `${number}-1` }],
      history: [{ outcome: 'created' }],
    });
  }
  const { stdout } = await promisify(execFile)('sqlite3', [
    join(folder, 'spendcloud.db'),
    'PRAGMA integrity_check; PRAGMA foreign_key_check',
  ]);
  expect(stdout).toBe('ok\n');
  expect(await again.end('SIGTERM')).toBe(0);
});

test('200 parallel creates and updates for 50 people leave no duplicate, no lost update and an event each', async () => {
  const folder = temporaryFolder();
  const program = await startProgram(folder);
  const people = Array.from({ length: 50 }, (_, index) => index);
  const creates = await Promise.all(
    [...people, ...people].map((number) => program.post('helloid/create', createBody(number))),
  );
  const references = new Set(creates.map(({ json }) => (json as { AccountReference: string }).AccountReference));
  expect(references.size).toBe(50);
  const update = (number: number, data: object) =>
    program.post('helloid/update', { actionContext: { Data: data, References: { Account: `SC-${number}` } } });
  await Promise.all(
    people.flatMap((number) => [
      update(number, { voornaam: `N${number}` }),
      update(number, { tussenvoegsel: `T${number}` }),
    ]),
  );
  const { accounts } = (await program.get('accounts?limit=500')).json as { accounts: object[] };
  expect(accounts).toHaveLength(50);
  for (const account of accounts as { externalId: string }[]) {
    expect(account).toMatchObject({
      voornaam: `N${account.externalId}`,
      tussenvoegsel: `T${account.externalId}`,
      roles: [{ contract: `${account.externalId}-1` }],
    });
  }
  expect(eventCount(folder)).toBe(200);
});

test('the first start makes a key for each scope and prints them this once', async () => {
  const folder = temporaryFolder();
  const none = { AGENT_KEY: '', VIEWER_KEY: '', OPERATOR_KEY: '' };
  const first = await startProgram(folder, none, ['--first-keys']);
  await expect.poll(() => first.output()).toMatch(/operator +sc_operator_/);
  const [agent, viewer] = ['agent', 'viewer'].map(
    (scope) => new RegExp(`sc_${scope}_\\S{43}`).exec(first.output())?.[0] ?? '',
  );
  expect((await first.post('helloid/create', createBody(1), { key: agent ?? '' })).status).toBe(200);
  expect((await first.get('accounts', viewer)).status).toBe(200);
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'keys.json'), 'utf8')).not.toContain(agent);
  await first.end('SIGTERM');
  const second = await startProgram(folder, none, ['--first-keys']);
  expect((await second.get('accounts', viewer)).status).toBe(200);
  expect(second.output()).not.toContain('sc_');
  for (const program of [first, second])
    expect(program.output()).toContain(`The dashboard: ${program.address}/api/dashboard`);
});

test('wrong settings stop the start with exit code 2 and one message', async () => {
  const child = runNode(['server/main.ts'], { PORT: 'eighty', DELIVERY: 'pigeon', AGENT_KEY: 'short-secret' });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(2);
  expect(output).toMatch(/PORT.*\n.*/);
  expect(output).toContain('DELIVERY');
  expect(output).toContain('AGENT_KEY');
  expect(output).not.toContain('short-secret');
});

test('a port in use ends the start with one clear sentence', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void holder.close());
  await once(holder, 'listening');
  const child = runNode(['server/main.ts'], {
    PORT: String((holder.address() as AddressInfo).port),
    DATA_DIR: temporaryFolder(),
  });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  expect([code, output]).toEqual([1, expect.stringMatching(/set PORT to a free one\n$/)]);
});

test('an older Node is refused with one sentence', () => {
  for (const version of ['20.20.2', '22.13.1']) expect(() => refuseOldNode(version)).toThrow(/too old.*22\.14/);
  for (const version of ['22.14.0', '24.0.0']) expect(() => refuseOldNode(version)).not.toThrow();
});

test('a program over TLS answers over TLS', async () => {
  const fixture = (name: string) => new URL(`../fixtures/localhost.${name}.pem`, import.meta.url).pathname;
  const program = await startProgram(temporaryFolder(), {
    TLS_CERT_FILE: fixture('cert'),
    TLS_KEY_FILE: fixture('key'),
  });
  expect(program.address).toMatch(/^https:/);
  const { stdout } = await promisify(execFile)('curl', [
    '-s',
    '--cacert',
    fixture('cert'),
    '--resolve',
    `localhost:${new URL(program.address).port}:127.0.0.1`,
    `https://localhost:${new URL(program.address).port}/api/live`,
  ]);
  expect(JSON.parse(stdout)).toEqual({ status: 'ok' });
});
