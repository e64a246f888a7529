import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Shipment } from '../../shared/delivery/delivery.ts';
import type { AppError } from '../../shared/errors.ts';
import { sftpDelivery, type SftpSettings } from '../../shared/delivery/sftp.ts';
import { startProxy } from '../proxy.ts';
import { startSshd, type Sshd } from '../sshd.ts';
import { aShipment, contentsAfter, contentsOf } from './shipment.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

function settingsFor(port: number): SftpSettings {
  const { username, privateKey, fingerprint } = sshd;
  return {
    host: '127.0.0.1',
    port,
    username,
    privateKey,
    directory: mkdtempSync(join(sshd.directory, 'in-')),
    hostKeys: [fingerprint],
    rename: 'posix',
    verify: 'content',
    deadlineSeconds: 30,
  };
}

/** Where to cut, in bytes: over the whole way, and closely at its end, where the files get their names. The soak leaves little out. */
function places(total: number): number[] {
  if (process.env.SOAK) {
    const closeBytes = 8192;
    const apart = Array.from({ length: Math.ceil((total - closeBytes) / 512) }, (_, index) => closeBytes + 512 * index);
    return [...Array(closeBytes).keys(), ...apart];
  }
  const spread = Array.from({ length: 150 }, (_, index) => Math.floor((total * index) / 150));
  const close = Array.from({ length: 50 }, (_, index) => total - 50 * index);
  return [...spread, ...close];
}

// Each place waits for the far side most of the time.
const atOnce = 4;

test(
  'wherever the line is cut, a receiver finds whole files, never new roles with old persons, and the next delivery succeeds',
  async () => {
    const [before, recent, last] = [1, 2, 3].map(() =>
      aShipment({ persons: randomBytes(60_000), roles: randomBytes(30_001) }),
    ) as [Shipment, Shipment, Shipment];
    const shipments = { before, recent, last };
    const waiting = places(await bytesOf(before)).values();
    let continued = 0;
    async function takeTurns(): Promise<void> {
      for (const after of waiting) continued += (await cutAt(after, shipments)) ? 1 : 0;
    }

    await Promise.all(Array.from({ length: atOnce }, takeTurns));

    expect(continued).toBeGreaterThan(0); // cut between the renames, and finished by a second session
  },
  process.env.SOAK ? 7_200_000 : 180_000,
);

interface Shipments {
  before: Shipment;
  recent: Shipment;
  last: Shipment;
}

/** Delivers over a line that is cut there, and once more; true when the first attempt went on after the cut and delivered. */
async function cutAt(after: number, { before, recent, last }: Shipments): Promise<boolean> {
  const proxy = await startProxy(sshd.port, { after, what: 'cut' });
  const settings = settingsFor(proxy.port);
  for (const { name, path } of before.files) copyFileSync(path, join(settings.directory, name));
  const shipment = { ...recent, id: `cut-${after}` };

  const outcome = await sftpDelivery(settings)
    .deliver(shipment)
    .then(
      () => 'delivered',
      (error: unknown) => (error as AppError).code,
    );
  await proxy.stop();

  expect(['delivered', 'delivery-failed']).toContain(outcome);
  const found = versions(settings.directory, before, shipment);
  expect(outcome === 'delivered' ? ['new new'] : ['old old', 'new old', 'new new']).toContain(found);

  // Half of the time goes into this; the soak does it everywhere.
  if (after % 5 === 0 || process.env.SOAK) {
    const next = { ...last, id: 'next' };
    await sftpDelivery({ ...settings, port: sshd.port }).deliver(next);
    expect(contentsOf(settings.directory)).toEqual(contentsAfter(next));
  }
  return outcome === 'delivered' && proxy.connections() > 1;
}

/** What passes on the line for one delivery, in bytes. */
async function bytesOf(shipment: Shipment): Promise<number> {
  const proxy = await startProxy(sshd.port);
  await sftpDelivery(settingsFor(proxy.port)).deliver(shipment);
  await proxy.stop();
  return proxy.bytes();
}

/** Which version of persons and of roles lies there under the final names; what is no whole one is `neither`. */
function versions(directory: string, old: Shipment, recent: Shipment): string {
  const [found, before, after] = [contentsOf(directory), contentsAfter(old), contentsAfter(recent)];
  return ['Users.csv', 'Roles.csv']
    .map((name) => (found[name] === after[name] ? 'new' : found[name] === before[name] ? 'old' : 'neither'))
    .join(' ');
}
