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

/** Where to cut, in bytes: over the whole way, and closely at its end, where the files get their names. */
function places(total: number): number[] {
  const spread = Array.from({ length: 16 }, (_, index) => Math.floor((total * index) / 16));
  const close = Array.from({ length: 16 }, (_, index) => total - 150 * index);
  return [...spread, ...close];
}

test('wherever the line is cut, a receiver finds whole files, never new roles with old persons, and the next delivery succeeds', async () => {
  const before = aShipment({ id: 'before' });
  const total = await bytesOf(before);
  let continued = 0;

  for (const after of places(total)) {
    const proxy = await startProxy(sshd.port, { after, what: 'cut' });
    const settings = settingsFor(proxy.port);
    for (const { name, path } of before.files) copyFileSync(path, join(settings.directory, name));
    const shipment = aShipment({ id: `cut-${after}` });

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
    if (outcome === 'delivered' && proxy.connections() > 1) continued += 1;

    const next = aShipment({ id: 'next' });
    await sftpDelivery({ ...settings, port: sshd.port }).deliver(next);
    expect(contentsOf(settings.directory)).toEqual(contentsAfter(next));
  }

  expect(continued).toBeGreaterThan(0); // cut between the renames, and finished by a second session
}, 60_000);

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
  return ['ProActive.csv', 'ProActiveRoles.csv']
    .map((name) => (found[name] === after[name] ? 'new' : found[name] === before[name] ? 'old' : 'neither'))
    .join(' ');
}
