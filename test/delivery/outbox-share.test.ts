import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Delivery } from '../../shared/delivery/delivery.ts';
import { folderDelivery } from '../../shared/delivery/folder.ts';
import { lostShare, onSameShare } from '../../shared/delivery/outbox-share.ts';
import { runNow } from '../actions.ts';
import { command } from '../command.ts';
import { temporaryFolder } from '../folder.ts';
import { createBody, testApp, testServer } from '../helpers.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { aShipment } from './shipment.ts';

const both = ['Roles.csv', 'Users.csv'];

/** A server that delivered once to this folder; a person decided it, as every first time. */
async function serverTo(outbox: string) {
  const server = await testServer({ environment: { OUTBOX_DIR: outbox } });
  await server.post('helloid/create', createBody(1));
  const { id, state } = await runNow(server);
  expect(state).toBe('held');
  await server.post(`exports/${id}/release`, { by: 'Fenna', reason: 'the files were looked at' });
  await server.app.daily.settled();
  expect(await server.app.runs.find(id)).toMatchObject({ state: 'delivered' });
  return server;
}

test.runIf(canMount)('a share that is not mounted any more is no empty one: nothing is called delivered', async () => {
  const disk = smallDisk(1024);
  onTestFinished(() => disk.remove());
  const server = await serverTo(disk.directory);

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

test.runIf(canMount)('a share that goes while the files are written gets nothing, and is not forgotten', async () => {
  const disk = smallDisk(1024);
  onTestFinished(() => disk.remove());
  const { facts, config } = await testApp();
  const outbox = { directory: disk.directory, dataDir: config.dataDir };
  const toFolder = folderDelivery(disk.directory);
  await onSameShare(toFolder, outbox, facts).deliver(aShipment({ id: '1' }));
  const place = facts.get('outbox-place');
  expect(JSON.parse(place ?? '{}')).toEqual({ directory: disk.directory, mount: disk.directory, network: null });

  const cutOff: Delivery['deliver'] = (shipment, proven) => {
    disk.unmount();
    return toFolder.deliver(shipment, proven);
  };
  const delivery = onSameShare({ ...toFolder, deliver: cutOff }, outbox, facts);
  await expect(delivery.deliver(aShipment({ id: '2' }))).rejects.toMatchObject({ code: 'delivery-failed' });
  expect(readdirSync(disk.directory)).toEqual([]);
  expect(facts.get('outbox-place')).toBe(place);
  disk.mountAgain();
});

test.runIf(canMount)('a share at the outbox of the data folder is missed, too', async () => {
  const disk = smallDisk(1024);
  onTestFinished(() => disk.remove());
  const DATA_DIR = temporaryFolder();
  symlinkSync(disk.directory, join(DATA_DIR, 'outbox'));
  const server = await testServer({ environment: { DATA_DIR } });
  await server.post('helloid/create', createBody(1));
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  disk.unmount();
  expect(await runNow(server)).toMatchObject({ state: 'failed' });
  disk.mountAgain();
});

test.runIf(canMount)('a link that is turned to another share that is mounted is no lost one', async () => {
  const disks = [smallDisk(1024), smallDisk(1024)] as const;
  onTestFinished(() => disks.forEach((disk) => disk.remove()));
  const link = join(temporaryFolder(), 'outbox');
  symlinkSync(disks[0].directory, link);
  const server = await serverTo(link);
  unlinkSync(link);
  symlinkSync(disks[1].directory, link);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  expect(readdirSync(disks[1].directory).sort()).toEqual(both);
});

test('a folder that was on a network share and is on a disk now is another one, although something is mounted there', async () => {
  const [directory, dataDir] = [temporaryFolder(), temporaryFolder()];
  const stored = JSON.stringify({ directory, mount: directory, network: 'cifs' });
  expect(await lostShare({ directory, dataDir }, stored)).toMatch(
    /it was on a network share \(cifs\) .*Mount it again/,
  );
});
