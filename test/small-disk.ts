import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Only root may mount: elsewhere a test that needs a disk of its own reports that it was skipped. */
export const canMount = process.getuid?.() === 0;

export interface SmallDisk {
  directory: string;
  makeReadOnly(): void;
  makeWritable(): void;
  /** Fills it up but for so many kilobytes; gives a function that makes room again. */
  fill(leave?: number): () => void;
  /** Leaves the empty folder behind, as a share does that is not there. */
  unmount(): void;
  mountAgain(): void;
  remove(): void;
}

/** A file system of its own, of so many kilobytes, to be filled or made read-only: permissions alone do not stop root. */
export function smallDisk(kilobytes: number): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mount = () => void execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', directory]);
  mount();
  return {
    directory,
    unmount: () => void execFileSync('umount', [directory]),
    mountAgain: mount,
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', directory]),
    makeWritable: () => void execFileSync('mount', ['-o', 'remount,rw', directory]),
    fill(leave = 0) {
      const ballast = join(directory, 'ballast');
      const { bavail, bsize } = statfsSync(directory);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leave * 1024)));
      return () => rmSync(ballast);
    },
    remove() {
      execFileSync('umount', [directory]);
      rmdirSync(directory);
    },
  };
}
