import { join } from 'node:path';
import { isHeld, lockFault, openLockFile } from './lock-file.ts';

/**
 * Lets one process at a time render or deliver. The operating system frees the lock when its holder dies, so no lease has to
 * run out and no clock is asked; see docs/decisions.
 */
export interface RunLock {
  /** A function that gives the lock back; undefined while another process holds it. Throws `unavailable` where the disk does not let anybody lock. */
  take(): (() => void) | undefined;
  close(): void;
}

/** The lock for runs, or under another name one for other work that only one process at a time may do. */
export function runLock(dataDir: string, name = 'run.lock'): RunLock {
  const path = join(dataDir, name);
  const db = openLockFile(path, 0);
  const begin = db.prepare('BEGIN EXCLUSIVE');
  const end = db.prepare('ROLLBACK');
  return {
    take: () => {
      try {
        begin.run();
      } catch (error) {
        if (isHeld(error)) return undefined;
        throw lockFault(path, error);
      }
      return () => void end.run();
    },
    close: () => void db.close(),
  };
}
