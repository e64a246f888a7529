import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { AppError } from '../errors.ts';
import type { Facts } from '../store/facts.ts';
import { unsafeFileSystem } from '../store/file-system.ts';
import type { Delivery } from './delivery.ts';
import { folderDelivery } from './folder.ts';

/** Both absolute. */
export interface Outbox {
  directory: string;
  dataDir: string;
}

/** The one in the data folder is for this user only, as all that is there; others fetch from one that was set. */
export function outboxFolder({ directory, dataDir }: Outbox): Delivery {
  return folderDelivery(directory, directory === join(dataDir, 'outbox') ? 0o700 : undefined);
}

/** Where the outbox lay at the last delivery. */
interface Place {
  directory: string;
  /** The mount point it was under; null where that is the one of the data folder, which is there when this is read. */
  mount: string | null;
  /** The kind of network file system it was on. */
  network: string | null;
}

/**
 * The same delivery to a folder that may be a mounted share: once something was delivered there, a folder that is gone is not made again, and an empty mount point
 * is not taken for the share. Without this the files would lie where nobody fetches them, and be called delivered.
 */
export function onSameShare(delivery: Delivery, outbox: Outbox, facts: Pick<Facts, 'get' | 'set'>): Delivery {
  async function expectShare(): Promise<void> {
    const fault = await lostShare(outbox, facts.get('outbox-place'));
    if (fault !== undefined) throw new AppError('delivery-failed', fault);
  }

  async function remember(): Promise<void> {
    const place = JSON.stringify(await placeOf(outbox));
    if (facts.get('outbox-place') !== place) await facts.set({ 'outbox-place': place });
  }

  return {
    ...delivery,
    deliver: async (shipment, proven, look) => {
      await expectShare();
      const isThere = async () => {
        await expectShare(); // writing took a while, and nothing is in place yet
        await remember();
        await proven?.();
      };
      await delivery.deliver(shipment, isThere, look);
    },
    finish: async (shipment, look) => {
      await expectShare();
      return delivery.finish(shipment, look);
    },
  };
}

/** Why this folder is not the one of the last delivery, with what to do; undefined where it is, or where nothing was delivered to it yet. */
export async function lostShare(outbox: Outbox, stored: string | undefined): Promise<string | undefined> {
  const { directory, dataDir } = outbox;
  const last = stored === undefined ? undefined : (JSON.parse(stored) as Place);
  if (last?.directory !== directory) return undefined;
  const refuse = (what: string) => `Cannot deliver to the folder ${directory}: ${what}`;
  if (!existsSync(directory)) {
    const isOurs = directory === join(dataDir, 'outbox') && last.mount === null;
    return isOurs ? undefined : refuse('it is gone since the last delivery. Mount or make it again.');
  }
  const place = await placeOf(outbox);
  const cure = 'Mount it again, or set OUTBOX_DIR to another folder.';
  if (last.network !== null && place.network === null)
    return refuse(`it was on a network share (${last.network}) at the last delivery, and is not now. ${cure}`);
  if (last.mount === null || isIn(last.mount, place.mount) || (await isMountPoint(last.mount))) return undefined;
  return refuse(`what was mounted at ${last.mount} at the last delivery is not mounted now. ${cure}`);
}

async function placeOf({ directory, dataDir }: Outbox): Promise<Place> {
  const folder = await realpath(directory);
  const mount = await mountOf(folder);
  if (mount === (await mountOf(await realpath(dataDir)))) return { directory, mount: null, network: null };
  return { directory, mount, network: unsafeFileSystem(folder) ?? null };
}

/** The mount point that a folder without links in its path lies under; null on the disk of the system itself. */
async function mountOf(folder: string): Promise<string | null> {
  const parent = dirname(folder);
  if (parent === folder) return null;
  const [here, above] = await Promise.all([stat(folder), stat(parent)]);
  return here.dev === above.dev ? mountOf(parent) : folder;
}

async function isMountPoint(folder: string): Promise<boolean> {
  return existsSync(folder) && (await mountOf(folder)) === folder;
}

function isIn(folder: string, mount: string | null): boolean {
  return mount !== null && (mount === folder || mount.startsWith(folder + sep));
}
