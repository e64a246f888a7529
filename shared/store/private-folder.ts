import { chmodSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What in the data folder other users of this machine may read, write or lock; names of files and folders. */
export function openToOthers(dataDir: string): string[] {
  return ours(dataDir).flatMap(({ name, mode }) => ((mode & forOthers) === 0 ? [] : [name]));
}

/**
 * Takes from other users what is in the data folder, whatever the rights of that folder itself: people stand in the files, and whoever may read a lock can hold
 * it for good. What another user owns stays as it is, and the doctor names it. A folder that is a mount of its own, such as a share, keeps its rights.
 */
export function closeToOthers(dataDir: string): void {
  if (process.platform === 'win32') return; // rights are no mode bits there
  for (const { name, mode } of ours(dataDir)) {
    if ((mode & forOthers) === 0) continue;
    try {
      chmodSync(join(dataDir, name), mode & ~forOthers & 0o777);
    } catch {
      continue;
    }
  }
}

const forOthers = 0o077;
const folders = ['outbox', 'archive', 'backups'];
const files =
  /^(spendcloud\.db(-wal|-shm|-journal)?|.*\.lock|keys\.json|erasure\.key|erasures\.jsonl|trail-heads\.jsonl)$/;

function ours(dataDir: string): { name: string; mode: number }[] {
  const { dev } = statSync(dataDir); // it may be a link itself
  return readdirSync(dataDir).flatMap((name) => {
    const found = lstatSync(join(dataDir, name), { throwIfNoEntry: false });
    if (found?.dev !== dev) return [];
    const isOurs = found.isDirectory() ? folders.includes(name) : found.isFile() && files.test(name);
    return isOurs ? [{ name, mode: found.mode }] : [];
  });
}
