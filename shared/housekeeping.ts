import { tidyArchive, type ArchiveParts } from './archive.ts';
import type { Notifications } from './notify/notifications.ts';
import type { RunLock } from './store/run-lock.ts';

/** What follows the daily job at every tick, and never stands in its way. */
export interface Housekeeping {
  tick(): Promise<void>;
  /** Cuts short what is under way; the next start goes on with it. */
  stop(): Promise<void>;
}

export interface HousekeepingParts {
  /** Its own, so that a delivery never waits for it; two processes on one folder would tell everything twice. */
  lock: RunLock;
  notifications: Notifications;
  archive: ArchiveParts;
}

export function housekeeping({ lock, notifications, archive }: HousekeepingParts): Housekeeping {
  const stopping = new AbortController();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    const release = stopping.signal.aborted ? undefined : lock.take();
    if (!release) return;
    try {
      await notifications.tell(stopping.signal);
      await tidyArchive(archive, stopping.signal);
    } finally {
      release();
    }
  }

  function tick(): Promise<void> {
    working ??= work().finally(() => {
      working = undefined;
    });
    return working;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await working?.catch(() => undefined); // whoever called tick hears of its failure
  }

  return { tick, stop };
}
