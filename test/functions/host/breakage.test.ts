import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { databasePath } from '../../../shared/store/open.ts';
import { createBody, temporaryFolder, viewerKey } from '../../helpers.ts';
import { startSsh2Server, type Request } from '../../ssh2-server.ts';
import { buildApp, type BuiltApp } from './built-app.ts';
import { startHost, type FunctionsHost } from './host.ts';
import { settled } from './life.ts';

let app: BuiltApp;
beforeAll(() => void (app = buildApp()));
afterAll(() => app.remove());

const why = { by: 'Fenna', reason: 'looked at' };

/** A worker that nobody's stray error has ended, and that goes on answering. */
async function expectAlive(host: FunctionsHost): Promise<void> {
  expect(host.faults()).toEqual([]);
  expect((await host.get('openapi.json')).status).toBe(200);
}

async function hostAt(misbehave: (request: Request) => boolean): Promise<FunctionsHost> {
  const far = await startSsh2Server({ misbehave });
  onTestFinished(() => far.stop());
  const environment = {
    SFTP_HOST: '127.0.0.1',
    SFTP_PORT: String(far.port),
    SFTP_USERNAME: 'spendcloud',
    SFTP_PASSWORD: 'secret',
    SFTP_HOST_KEY: far.fingerprint,
  };
  const host = await startHost({ app: app.folder, dataDir: temporaryFolder(), environment });
  await host.post('helloid/create', createBody(1));
  await host.post('exports');
  expect(await settled(host, '1')).toBe('held'); // the first time to this server
  return host;
}

const ends: [how: string, end: (request: Request) => void][] = [
  ['hangs up', ({ connection }) => void connection.end()],
  ['resets the line', resetLine],
];

function resetLine({ connection }: Request): void {
  (connection as unknown as { _sock: Socket })._sock.resetAndDestroy();
}

for (const [how, end] of ends)
  for (const step of ['OPEN', 'WRITE', 'READ', 'RENAME'] as const)
    test(`a far side that ${how} at the first ${step} ends no worker, and the file arrives in the end`, async () => {
      let isFirst = true;
      const host = await hostAt((request) => {
        if (request.name !== step || !isFirst) return false;
        isFirst = false;
        end(request);
        return true;
      });
      await host.post('exports/1/release', why);
      const afterRename = step === 'RENAME'; // where the connector looks what became of it, at once
      expect(await settled(host, '1')).toBe(afterRename ? 'delivered' : 'failed');
      await expectAlive(host);
      if (!afterRename) await host.post('exports/1/retry', why);
      expect(await settled(host, '1')).toBe('delivered');
      await expectAlive(host);
    });

test('a database file that disappears under way ends no call without an answer, and no worker', async () => {
  const dataDir = temporaryFolder();
  const host = await startHost({ app: app.folder, dataDir });
  await host.post('helloid/create', createBody(1));
  for (const end of ['', '-wal', '-shm']) rmSync(`${databasePath(dataDir)}${end}`, { force: true });
  const calls = ['accounts', 'accounts/SC-1', 'exports', 'audit', 'audit/verify', 'health', 'live', 'metrics'];
  const answers = await Promise.all([
    ...calls.map((path) => host.get(path)),
    host.post('helloid/create', createBody(2)),
    host.post('exports'),
    host.post('exports', { dryRun: true }),
  ]);
  for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(200);
  expect((await host.post('helloid/create', createBody(3))).status).toBe(503);
  await host.fire('daily-dump');
  await expectAlive(host);
});

test('a data folder that is moved away under way does no more', async () => {
  const parent = temporaryFolder();
  const dataDir = join(parent, 'data');
  mkdirSync(dataDir);
  const host = await startHost({ app: app.folder, dataDir });
  await host.post('helloid/create', createBody(1));
  await host.post('exports');
  expect(await settled(host, '1')).toBe('delivered');
  renameSync(dataDir, join(parent, 'elsewhere'));
  await Promise.all([host.post('exports'), host.fire('daily-dump'), host.get('audit/verify'), host.get('accounts')]);
  expect((await host.get('exports/1/files/Users.csv')).status).toBe(404); // it is not kept there any more
  await expectAlive(host);
});

test('a kept file that breaks off in the middle is a failed answer, never half a file', async () => {
  const dataDir = temporaryFolder();
  const host = await startHost({ app: app.folder, dataDir });
  await host.post('helloid/create', createBody(1));
  await host.post('exports');
  expect(await settled(host, '1')).toBe('delivered');
  const kept = join(dataDir, 'archive', '1', 'Users.csv');
  const packed = gzipSync(readFileSync(kept));
  rmSync(kept);
  writeFileSync(`${kept}.gz`, packed.subarray(0, packed.length / 2));
  const { status, json, headers } = await host.get('exports/1/files/Users.csv');
  expect([status, json]).toMatchObject([500, { code: 'fault' }]);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  await expectAlive(host);
});

test('a client that goes away in the middle of a CSV takes nobody along', async () => {
  const host = await startHost({ app: app.folder, dataDir: temporaryFolder() });
  for (let number = 1; number <= 200; number += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => host.post('helloid/create', createBody(number + index))),
    );
  const { port } = new URL(host.address);
  for (let times = 0; times < 5; times += 1) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET /api/audit HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nx-functions-key: ${viewerKey}\r\n\r\n`);
    if (times % 2 === 0) await once(socket, 'data');
    socket.resetAndDestroy();
  }
  const body = JSON.stringify(createBody(900));
  const half = connect(Number(port), '127.0.0.1');
  half.write(
    `POST /api/helloid/create HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
  );
  half.resetAndDestroy();
  expect((await host.get('audit/verify')).json).toMatchObject({ ok: true, entries: 200 });
  await expectAlive(host);
});
