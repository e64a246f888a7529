import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import type { Facts } from '../store/facts.ts';
import type { Delivery } from './delivery.ts';

/** Where the outbox lay when something was delivered there last. */
interface Place {
  directory: string;
  /** The mount point it was under; null on the disk of the system itself. */
  mount: string | null;
}

/**
 * The same delivery to a folder that may be a mounted share: once something was delivered there, a folder that is gone is not made again, and an empty mount point
 * is not taken for the share. Without this the files would lie where nobody fetches them, and be called delivered.
 */
export function onSameShare(delivery: Delivery, directory: string, facts: Facts): Delivery {
  async function expectShare(): Promise<void> {
    const fault = await lostShare(directory, facts.get('outbox-place'));
    if (fault !== undefined) throw new AppError('delivery-failed', fault);
  }

  return {
    ...delivery,
    deliver: async (shipment, proven) => {
      await expectShare();
      await delivery.deliver(shipment, proven);
      const place = JSON.stringify({ directory, mount: await mountOf(await realpath(directory)) } satisfies Place);
      if (facts.get('outbox-place') !== place) await facts.set({ 'outbox-place': place });
    },
    finish: async (shipment) => {
      await expectShare();
      return delivery.finish(shipment);
    },
  };
}

/** Why this folder is not the one of the last delivery, with what to do; undefined where it is, or where nothing was delivered to it yet. */
export async function lostShare(directory: string, stored: string | undefined): Promise<string | undefined> {
  const last = stored === undefined ? undefined : (JSON.parse(stored) as Place);
  if (last?.directory !== directory) return undefined;
  if (!existsSync(directory))
    return `Cannot deliver to the folder ${directory}: it is gone since the last delivery. Mount or make it again.`;
  const mount = await mountOf(await realpath(directory));
  if (last.mount === null || mount?.startsWith(last.mount)) return undefined;
  return `Cannot deliver to the folder ${directory}: what was mounted at ${last.mount} at the last delivery is not mounted now. Mount it again, or set OUTBOX_DIR to another folder.`;
}

/** The mount point that a folder without links in its path lies under. */
async function mountOf(folder: string): Promise<string | null> {
  const parent = dirname(folder);
  if (parent === folder) return null;
  const [here, above] = await Promise.all([stat(folder), stat(parent)]);
  return here.dev === above.dev ? mountOf(parent) : folder;
}
