import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runNow } from '../actions.ts';
import { command } from '../command.ts';
import { temporaryFolder } from '../folder.ts';
import { createBody, testServer } from '../helpers.ts';
import { canMount, smallDisk } from '../small-disk.ts';

const both = ['ProActive.csv', 'ProActiveRoles.csv'];

async function serverTo(outbox: string) {
  const server = await testServer({ environment: { OUTBOX_DIR: outbox } });
  await server.post('helloid/create', createBody(1));
  return server;
}

test.runIf(canMount)('a share that is not mounted any more is no empty one: nothing is called delivered', async () => {
  const disk = smallDisk(1024);
  onTestFinished(() => disk.remove());
  const server = await serverTo(disk.directory);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });

  disk.unmount();
  expect(await runNow(server)).toMatchObject({
    state: 'failed',
    reasons: [expect.stringMatching(/what was mounted at .* is not mounted now\. Mount it again/)],
  });
  expect(readdirSync(disk.directory)).toEqual([]);
  const { dataDir: DATA_DIR } = server.app.config;
  const { code, stdout } = await command(['doctor'], { DATA_DIR, OUTBOX_DIR: disk.directory });
  expect([code, stdout]).toEqual([1, expect.stringMatching(/FAILED +delivery folder .*Mount it again/)]);

  disk.mountAgain();
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  expect(readdirSync(disk.directory).sort()).toEqual(both);
});

test('a folder that was delivered to and is gone is not made again', async () => {
  const outbox = join(temporaryFolder(), 'share');
  const server = await serverTo(outbox);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });

  rmSync(outbox, { recursive: true });
  expect(await runNow(server)).toMatchObject({
    state: 'failed',
    reasons: [expect.stringMatching(/it is gone since the last delivery/)],
  });
  expect(existsSync(outbox)).toBe(false);

  mkdirSync(outbox);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  expect(readdirSync(outbox).sort()).toEqual(both);
});

test('the outbox in the data folder is made whenever it is missing', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const outbox = join(server.app.config.dataDir, 'outbox');
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  rmSync(outbox, { recursive: true });
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  expect(readdirSync(outbox).sort()).toEqual(both);
});
