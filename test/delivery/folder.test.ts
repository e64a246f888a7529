import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderDelivery } from '../../shared/delivery/folder.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { aShipment, contentOf, contentsAfter, contentsOf, temporaryFolder } from './shipment.ts';

test('both files arrive byte for byte in a folder that is made for them, and nothing else', async () => {
  const folder = join(temporaryFolder(), 'made', 'here');
  const shipment = aShipment();

  await folderDelivery(folder).deliver(shipment);

  expect(contentsOf(folder)).toEqual(contentsAfter(shipment));
});

test('a file is replaced in one step: who reads the old one keeps the old one', async () => {
  const folder = temporaryFolder();
  const old = aShipment({ id: '1' });
  const next = aShipment({ id: '2' });
  await folderDelivery(folder).deliver(old);
  const reader = openSync(join(folder, 'Users.csv'), 'r');
  onTestFinished(() => closeSync(reader));

  await folderDelivery(folder).deliver(next);

  expect(contentOf(reader)).toEqual(contentsAfter(old)['Users.csv']);
  expect(contentsOf(folder)).toEqual(contentsAfter(next));
});

test('persons appear first, and a roles file that cannot appear waits for the next try, which finishes what was begun', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'Roles.csv'));
  const shipment = aShipment();

  await expect(folderDelivery(folder).deliver(shipment)).rejects.toMatchObject({
    code: 'delivery-unknown',
    message: expect.stringMatching(
      /bears the name of a file to deliver.*Delivered before that: Users\.csv\. The next try goes on with the rest\.$/,
    ) as string,
  });

  rmSync(join(folder, 'Roles.csv'), { recursive: true });
  expect(contentsOf(folder)).toMatchObject({ 'Users.csv': contentsAfter(shipment)['Users.csv'] });
  expect(await folderDelivery(folder).finish(shipment)).toBe('arrived');
  expect(contentsOf(folder)).toEqual(contentsAfter(shipment));
});

test('a file that is not what it was when it was made replaces nothing', async () => {
  const folder = temporaryFolder();
  const before = aShipment({ id: '1' });
  await folderDelivery(folder).deliver(before);
  const spoiled = aShipment({ id: '2' });
  writeFileSync(spoiled.files[1]?.path ?? '', 'cut off');

  await expect(folderDelivery(folder).deliver(spoiled)).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining('differs') as string,
  });

  expect(contentsOf(folder)).toEqual(contentsAfter(before));
});

test('a file that is gone from this machine is named, and nothing is replaced', async () => {
  const folder = temporaryFolder();
  const shipment = aShipment();
  const path = shipment.files[1]?.path ?? '';
  rmSync(path);

  await expect(folderDelivery(folder).deliver(shipment)).rejects.toMatchObject({
    code: 'delivery-failed',
    message: expect.stringContaining(path) as string,
  });

  expect(contentsOf(folder)).toEqual({});
});

test('temporaries that a crash left are removed, and what others put there stays', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, '.Users.csv.run-1.partial'), 'half');
  writeFileSync(join(folder, '.Roles.csv.run-1.partial'), 'half');
  const others = ['.Other.csv.run-1.partial', '.Users.csv.a.b.partial', 'Users.csv.partial', 'notes.txt'];
  for (const name of others) writeFileSync(join(folder, name), 'theirs');
  const shipment = aShipment({ id: 'run-2' });

  await folderDelivery(folder).deliver(shipment);

  expect(Object.keys(contentsOf(folder)).sort()).toEqual([...others, 'Users.csv', 'Roles.csv'].sort());
});

test('a path through a file is refused, and the message names the folder', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');

  for (const folder of [file, join(file, 'below')]) {
    await expect(folderDelivery(folder).deliver(aShipment())).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringContaining(folder) as string,
    });
  }
});

test.runIf(canMount)('a full disk fails the delivery, says so, and leaves yesterday’s files whole', async () => {
  const disk = smallDisk(256);
  onTestFinished(() => disk.remove());
  const before = aShipment({ id: '1', persons: Buffer.alloc(50_000, 'a'), roles: Buffer.alloc(50_000, 'b') });
  await folderDelivery(disk.directory).deliver(before);

  await expect(folderDelivery(disk.directory).deliver(aShipment({ id: '2' }))).rejects.toMatchObject({
    code: 'delivery-failed',
    message: `Cannot deliver to the folder ${disk.directory}: the disk is full. Make room there (ENOSPC).`,
  });

  expect(contentsOf(disk.directory)).toEqual(contentsAfter(before));
});

test.runIf(canMount)('a read-only disk is refused, and the message says what to do', async () => {
  const disk = smallDisk(256);
  onTestFinished(() => disk.remove());
  disk.makeReadOnly();

  await expect(folderDelivery(disk.directory).deliver(aShipment())).rejects.toMatchObject({
    code: 'delivery-failed',
    message: `Cannot deliver to the folder ${disk.directory}: it is mounted read-only. Mount it writable (EROFS).`,
  });
});

test('a folder that is gone is not taken for one from which the files were fetched', async () => {
  const folder = join(temporaryFolder(), 'share');
  const shipment = aShipment();
  await folderDelivery(folder).deliver(shipment);
  rmSync(join(folder, 'Users.csv'));
  expect(await folderDelivery(folder).finish(shipment)).toBe('arrived');
  rmSync(folder, { recursive: true });
  await expect(folderDelivery(folder).finish(shipment)).rejects.toMatchObject({ code: 'delivery-failed' });
});
