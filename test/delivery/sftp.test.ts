import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { sftpDelivery } from '../../shared/delivery/sftp.ts';
import { startProxy } from '../proxy.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { freePort, settingsFor, startSshd, type Sshd } from '../sshd.ts';
import { aShipment, contentsAfter, contentsOf, temporaryFolder } from './shipment.ts';

vi.setConfig({ testTimeout: 30_000 });

const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

test('both files arrive byte for byte, and nothing else is left', async () => {
  const settings = settingsFor(sshd);
  const shipment = aShipment();

  await sftpDelivery(settings).deliver(shipment);

  expect(contentsOf(settings.directory)).toEqual(contentsAfter(shipment));
});

test('empty files and files of many pieces arrive as well', async () => {
  const settings = settingsFor(sshd);
  const shipment = aShipment({ persons: Buffer.alloc(0), roles: Buffer.alloc(5_000_000, 'ab\r\n') });

  await sftpDelivery(settings).deliver(shipment);

  expect(contentsOf(settings.directory)).toEqual(contentsAfter(shipment));
});

test('the server’s log shows one rename for each file, persons before roles, out of a temporary in the same folder', async () => {
  const settings = settingsFor(sshd);
  const { directory } = settings;

  await sftpDelivery(settings).deliver(aShipment({ id: 'run-7' }));

  expect(sshd.renames().filter((line) => line.includes(directory))).toEqual([
    `${directory}/.Users.csv.run-7.partial -> ${directory}/Users.csv`,
    `${directory}/.Roles.csv.run-7.partial -> ${directory}/Roles.csv`,
  ]);
});

test.each(['posix', 'remove-first', 'none'] as const)(
  'with rename %j the files of yesterday are replaced',
  async (rename) => {
    const settings = settingsFor(sshd, { rename });
    await sftpDelivery(settings).deliver(aShipment({ id: '1' }));
    const next = aShipment({ id: '2', persons: Buffer.from('shorter') });

    await sftpDelivery(settings).deliver(next);

    expect(contentsOf(settings.directory)).toEqual(contentsAfter(next));
  },
);

test('a plain rename delivers to an empty folder, and fails as long as the old file is there', async () => {
  const settings = settingsFor(sshd, { rename: 'plain' });
  const first = aShipment({ id: '1' });
  await sftpDelivery(settings).deliver(first);

  await expect(sftpDelivery(settings).deliver(aShipment({ id: '2' }))).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('does not replace the Users.csv that is there') as string,
  });

  expect(contentsOf(settings.directory)).toEqual(contentsAfter(first));
});

test('temporaries of earlier shipments are removed, and what others put there stays', async () => {
  const settings = settingsFor(sshd);
  writeFileSync(join(settings.directory, '.Users.csv.run-1.partial'), 'half');
  const others = ['.Other.csv.run-1.partial', '.Users.csv.a.b.partial', 'notes.txt'];
  for (const name of others) writeFileSync(join(settings.directory, name), 'theirs');

  await sftpDelivery(settings).deliver(aShipment({ id: 'run-2' }));

  expect(Object.keys(contentsOf(settings.directory)).sort()).toEqual([...others, 'Users.csv', 'Roles.csv'].sort());
});

test('a lost session that still writes to the temporary of an earlier try spoils nothing', async () => {
  const settings = settingsFor(sshd);
  const left = openSync(join(settings.directory, '.Users.csv.1.partial'), 'w');
  onTestFinished(() => closeSync(left));
  const shipment = aShipment({ id: '1' });

  await sftpDelivery(settings).deliver(shipment);
  writeSync(left, 'late');

  expect(contentsOf(settings.directory)).toEqual(contentsAfter(shipment));
});

test('a relative folder is found from where the login begins', async () => {
  const folder = temporaryFolder();
  const server = await startSshd({ sftpServer: ['-d', folder] });
  onTestFinished(() => server.stop());
  const shipment = aShipment();

  await sftpDelivery(settingsFor(server, { directory: '.' })).deliver(shipment);

  expect(contentsOf(folder)).toEqual(contentsAfter(shipment));
});

test('a private key with a passphrase opens the door', async () => {
  const key = join(temporaryFolder(), 'key');
  writeFileSync(key, sshd.privateKey, { mode: 0o600 });
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', key]);
  const settings = settingsFor(sshd, { privateKey: readFileSync(key, 'utf8') });

  await sftpDelivery({ ...settings, passphrase: 'open sesame' }).deliver(aShipment());

  await expect(sftpDelivery(settings).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-refused',
    message: expect.stringContaining('Check it and SFTP_PASSPHRASE') as string,
  });
});

test('another host key than the pinned one is refused, and the message shows it', async () => {
  const hostKeys = [`SHA256:${'A'.repeat(43)}`];
  const settings = settingsFor(sshd, { hostKeys });

  await expect(sftpDelivery(settings).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-refused',
    message: expect.stringContaining(`${sshd.fingerprint} (ssh-ed25519)`) as string,
  });
  await sftpDelivery({ ...settings, hostKeys: [...hostKeys, sshd.fingerprint] }).deliver(aShipment());
});

test('a pinned key of another type than the server shows first is found, and all that it shows are told when none is pinned', async () => {
  const rsa = join(temporaryFolder(), 'rsa');
  execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', rsa]);
  const [, pinned = ''] = execFileSync('ssh-keygen', ['-l', '-f', rsa], { encoding: 'utf8' }).split(' ');
  const server = await startSshd({ config: [`HostKey ${rsa}`] });
  onTestFinished(() => server.stop());
  const settings = settingsFor(server, { hostKeys: [pinned] });
  const shipment = aShipment();

  await sftpDelivery(settings).deliver(shipment);
  expect(contentsOf(settings.directory)).toEqual(contentsAfter(shipment));

  await expect(sftpDelivery({ ...settings, hostKeys: ['SHA256:other'] }).deliver(shipment)).rejects.toMatchObject({
    code: 'delivery-refused',
    message: expect.stringContaining(`${server.fingerprint} (ssh-ed25519), ${pinned} (ssh-rsa)`) as string,
  });
  await expect(sftpDelivery({ ...settings, username: 'nobody-known' }).deliver(shipment)).rejects.toMatchObject({
    message: expect.stringContaining('refuses the login') as string,
  });
});

test('a key that the server does not know is refused, and the message says what it takes', async () => {
  const key = join(temporaryFolder(), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const settings = settingsFor(sshd, { privateKey: readFileSync(key, 'utf8') });

  await expect(sftpDelivery(settings).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-refused',
    message: expect.stringContaining('Given: SFTP_PRIVATE_KEY; it takes: publickey.') as string,
  });
});

test('a folder that is not there, and a file in its place, are refused by name', async () => {
  const settings = settingsFor(sshd);
  const missing = join(settings.directory, 'nowhere');
  const file = join(settings.directory, 'file');
  writeFileSync(file, '');

  await expect(sftpDelivery({ ...settings, directory: missing }).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining(`has no folder ${missing} for this user`) as string,
  });
  await expect(sftpDelivery({ ...settings, directory: file }).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining(`has a file where SFTP_DIRECTORY says ${file}`) as string,
  });
});

test('a login without the right to write is refused', async () => {
  const server = await startSshd({ sftpServer: ['-R'] });
  onTestFinished(() => server.stop());

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('does not let us write to the folder') as string,
  });
});

test.runIf(canMount)('a full disk over there fails the delivery and leaves yesterday’s files whole', async () => {
  const disk = smallDisk(256);
  onTestFinished(() => disk.remove());
  const settings = settingsFor(sshd, { directory: disk.directory });
  const before = aShipment({ id: '1', persons: Buffer.alloc(50_000, 'a'), roles: Buffer.alloc(50_000, 'b') });
  await sftpDelivery(settings).deliver(before);

  await expect(sftpDelivery(settings).deliver(aShipment({ id: '2' }))).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('has no room for Users.csv') as string,
  });

  expect(contentsOf(disk.directory)).toEqual(contentsAfter(before));
});

test('a server that offers only old algorithms is refused, and the message shows its offer', async () => {
  const server = await startSshd({ config: ['KexAlgorithms diffie-hellman-group1-sha1'] });
  onTestFinished(() => server.stop());

  await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-refused',
    message: expect.stringContaining('diffie-hellman-group1-sha1') as string,
  });
});

test.each(['MaxSessions 0', 'ForceCommand false', 'ForceCommand echo Welcome to this machine; cat'])(
  'a login that gives no SFTP fails, and the message says so (%s)',
  async (line) => {
    const server = await startSshd({ config: [line] });
    onTestFinished(() => server.stop());

    await expect(sftpDelivery(settingsFor(server)).deliver(aShipment())).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringContaining('let us in, but without SFTP') as string,
    });
  },
);

test('a server that is killed midway fails the delivery, and the next one succeeds', async () => {
  const server = await startSshd();
  onTestFinished(() => server.stop());
  const proxy = await startProxy(server.port, { after: 100_000, what: () => server.kill() });
  onTestFinished(() => proxy.stop());
  const settings = settingsFor(server);

  await expect(sftpDelivery({ ...settings, port: proxy.port }).deliver(aShipment({ id: '1' }))).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('broke the connection while sending Users.csv') as string,
  });
  expect(Object.keys(contentsOf(settings.directory))).toEqual(['.Users.csv.1.partial']);

  const next = aShipment({ id: '2' });
  await sftpDelivery({
    ...settings,
    port: sshd.port,
    hostKeys: [sshd.fingerprint],
    privateKey: sshd.privateKey,
  }).deliver(next);
  expect(contentsOf(settings.directory)).toEqual(contentsAfter(next));
});

test('a server that takes the connection and never speaks is given up at the deadline', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;

  await expect(
    sftpDelivery(settingsFor(sshd, { port, deadlineSeconds: 0.3 })).deliver(aShipment()),
  ).rejects.toMatchObject({
    code: 'delivery-failed',
    message: `127.0.0.1:${port} did not finish within 0.3 seconds: cut off while logging in. Ask the provider, or raise delivery.deadlineSeconds.`,
  });
});

test('an address behind which nothing answers is given up at the deadline', async () => {
  const port = await deafPort();

  await expect(
    sftpDelivery(settingsFor(sshd, { port, deadlineSeconds: 0.3 })).deliver(aShipment()),
  ).rejects.toMatchObject({
    code: 'delivery-failed',
    message: `127.0.0.1:${port} did not answer within 0.3 seconds. Check SFTP_HOST and SFTP_PORT, and the firewalls between.`,
  });
});

/** A port that lets nobody in, as behind a firewall that drops: a sleeping process whose queue of connections is full. */
async function deafPort(): Promise<number> {
  const script =
    "require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {" +
    'process.stdout.write(String(this.address().port)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); })';
  const sleeper = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = (await once(sleeper.stdout, 'data')) as [Buffer];
  const port = Number(output.toString());
  const queue = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  onTestFinished(async () => {
    for (const socket of queue) socket.destroy();
    sleeper.kill('SIGKILL');
    await once(sleeper, 'exit');
  });
  await Promise.all(queue.slice(0, 2).map((socket) => once(socket, 'connect')));
  return port;
}

test('a server that does not speak SSH is told apart', async () => {
  const web = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  onTestFinished(() => void web.close());

  await expect(
    sftpDelivery(settingsFor(sshd, { port: (web.address() as AddressInfo).port })).deliver(aShipment()),
  ).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('does not speak SSH') as string,
  });
});

test('a refused connection and an unknown name say which setting to check', async () => {
  const port = await freePort();

  await expect(sftpDelivery(settingsFor(sshd, { port })).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining(`127.0.0.1:${port} cannot be reached (ECONNREFUSED)`) as string,
  });
  await expect(sftpDelivery(settingsFor(sshd, { host: 'sftp.invalid' })).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringMatching(
      /^sftp\.invalid:\d+ cannot be reached \((ENOTFOUND|EAI_AGAIN)\): its name/,
    ) as string,
  });
});

test('a file that is gone from this machine is named, and nothing is replaced', async () => {
  const settings = settingsFor(sshd);
  const shipment = aShipment();
  const [persons, roles] = shipment.files;
  if (!persons || !roles) throw new Error('two files expected');
  roles.path += '.gone';

  await expect(sftpDelivery(settings).deliver(shipment)).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining(`${roles.path} cannot be read any more`) as string,
  });

  expect(contentsOf(settings.directory)).toEqual({});
});

test.runIf(hasCompiler)('a folder whose file system refuses fsync gets its files, read back as ever', async () => {
  const library = join(temporaryFolder(), 'fsync.so');
  const refusing = '#include <errno.h>\nint fsync(int file) { (void)file; errno = EINVAL; return -1; }\n';
  execFileSync('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', library], { input: refusing });
  const server = await startSshd({ preload: library });
  onTestFinished(() => server.stop());
  const settings = settingsFor(server);
  const shipment = aShipment();

  await sftpDelivery(settings).deliver(shipment);

  expect(contentsOf(settings.directory)).toEqual(contentsAfter(shipment));
});

test('a name with several addresses, of which one is dead, leads to the other', async () => {
  const settings = settingsFor(sshd, { host: 'localhost' }); // sshd listens on 127.0.0.1 alone
  const shipment = aShipment();
  await sftpDelivery(settings).deliver(shipment);
  expect(contentsOf(settings.directory)).toEqual(contentsAfter(shipment));
});
