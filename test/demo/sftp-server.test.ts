import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2, { type ClientChannel } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { expect, onTestFinished, test } from 'vitest';
import { newKeyPair, startSftpServer, type SftpLogin, type SftpServer } from '../../demo/sftp-server.ts';
import { sftpDelivery } from '../../shared/delivery/sftp.ts';
import { temporaryFolder } from '../helpers.ts';

const username = 'waterrijk';
const password = 'a password for tests';

test('a delivery arrives under its names and replaces the one before, with a password or with a key', async () => {
  const { privateKey, publicKey } = newKeyPair();
  const { folder, server } = await serving({ username, password, publicKey });
  const delivery = (login: { password: string } | { privateKey: string }) =>
    sftpDelivery({
      host: '127.0.0.1',
      port: server.port,
      hostKeys: [server.hostKey],
      username,
      directory: 'inbox',
      rename: 'posix',
      verify: 'content',
      deadlineSeconds: 30,
      ...login,
    });

  await delivery({ password }).deliver({
    id: 'r1-1',
    files: [localFile('persons.csv', 'first'), localFile('roles.csv', 'x'.repeat(200_000))],
  });
  await delivery({ privateKey }).deliver({ id: 'r2-1', files: [localFile('persons.csv', 'second')] });

  expect(readdirSync(join(folder, 'inbox')).sort()).toEqual(['persons.csv', 'roles.csv']);
  expect(readFileSync(join(folder, 'inbox', 'persons.csv'), 'utf8')).toBe('second');
  expect(readFileSync(join(folder, 'inbox', 'roles.csv'), 'utf8')).toBe('x'.repeat(200_000));
});

test.each([
  ['a wrong password', { username, password: 'another' }],
  ['a wrong user', { username: 'somebody', password }],
  ['a key that is not known', { username, privateKey: newKeyPair().privateKey }],
])('%s is refused', async (_what, login) => {
  const known = newKeyPair().publicKey;
  const { server } = await serving({ username, password, publicKey: known });

  await expect(connected(server, login)).rejects.toThrow('authentication methods failed');
});

test('a key is refused where only a password was agreed on', async () => {
  const { server } = await serving({ username, password });

  const login = { username, privateKey: newKeyPair().privateKey };
  await expect(connected(server, login)).rejects.toThrow('authentication methods failed');
});

test('every key pair can be read, signs, and is known by its public half', () => {
  const data = Buffer.from('signed');
  const bad = Array.from({ length: 1000 }, newKeyPair).filter((pair) => {
    const [whole, half] = [ssh2.utils.parseKey(pair.privateKey), ssh2.utils.parseKey(pair.publicKey)];
    return whole instanceof Error || half instanceof Error || !half.verify(data, whole.sign(data));
  });

  expect(bad).toEqual([]);
});

test('no path leads out of the folder', async () => {
  const { folder, server } = await serving({ username, password });
  writeFileSync(join(folder, '..', 'secret.txt'), 'not for clients');
  const client = await connected(server, { username, password });

  expect(await client.exists('../secret.txt')).toBe(false);
  expect(await client.realPath('../..')).toBe('/');
  await client.put(Buffer.from('inside'), '/../../inside.txt');
  expect(readFileSync(join(folder, 'inside.txt'), 'utf8')).toBe('inside');
});

test('files are listed, read, renamed and removed, and what is not there is said to be so', async () => {
  const { folder, server } = await serving({ username, password });
  const client = await connected(server, { username, password });
  await client.put(Buffer.from('hello'), 'inbox/a.txt');

  expect(await client.list('inbox')).toMatchObject([{ name: 'a.txt', type: '-', size: 5 }]);
  expect(await client.stat('inbox')).toMatchObject({ isDirectory: true });
  expect(await client.get('inbox/a.txt')).toEqual(Buffer.from('hello'));
  await client.rename('inbox/a.txt', 'inbox/b.txt');
  await expect(client.stat('inbox/a.txt')).rejects.toMatchObject({ code: 'ENOENT' });
  await client.delete('inbox/b.txt');
  expect(readdirSync(join(folder, 'inbox'))).toEqual([]);
});

test('a client that has nothing more to ask, and waits for the server to close, is let go', async () => {
  const { server } = await serving({ username, password });
  const client = new ssh2.Client().on('error', nothing); // the server may be gone before it
  onTestFinished(() => void client.end());
  client.connect({ host: '127.0.0.1', port: server.port, username, password });
  await once(client, 'ready');
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.subsys('sftp', (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  channel.resume();

  channel.eof();
  await once(channel, 'close');
});

test('closing the server ends the sessions that are open', async () => {
  const { server } = await serving({ username, password });
  const client = await connected(server, { username, password });
  const ended = new Promise((resolve) => client.on('close', resolve));

  await server.close();
  await ended;
  await expect(connected(server, { username, password })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

/** A server on a folder with an empty folder `inbox` in it. */
async function serving(login: SftpLogin): Promise<{ folder: string; server: SftpServer }> {
  const folder = join(temporaryFolder(), 'served');
  mkdirSync(join(folder, 'inbox'), { recursive: true });
  const server = await startSftpServer(folder, login);
  onTestFinished(() => server.close());
  return { folder, server };
}

async function connected({ port, hostKey }: SftpServer, login: SftpClient.ConnectOptions): Promise<SftpClient> {
  const client = new SftpClient('test', { error: nothing, end: nothing, close: nothing });
  onTestFinished(async () => {
    await client.end().catch(nothing);
  });
  const hostVerifier = (key: Buffer) =>
    `SHA256:${createHash('sha256').update(key).digest('base64').replace('=', '')}` === hostKey;
  await client.connect({ host: '127.0.0.1', port, hostVerifier, ...login });
  return client;
}

function localFile(name: string, content: string) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return { name, path, bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex') };
}

function nothing(): void {
  // ssh2-sftp-client prints what nobody listens for
}
