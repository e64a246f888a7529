import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Only root may mount: elsewhere a test that needs a disk of its own reports that it was skipped. */
export const canMount = process.getuid?.() === 0;

export interface SmallDisk {
  directory: string;
  makeReadOnly(): void;
  remove(): void;
}

/** A file system of its own, of so many kilobytes, to be filled or made read-only: permissions alone do not stop root. */
export function smallDisk(kilobytes: number): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'small-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', directory]);
  return {
    directory,
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', directory]),
    remove() {
      execFileSync('umount', [directory]);
      rmdirSync(directory);
    },
  };
}
