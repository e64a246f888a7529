import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../export/file-writer.ts';
import { backupTime } from './names.ts';
import { cannotBackUp } from './write-backup.ts';

/** Lies beside the backups and not in the database: whoever backs up by hand only reads that, and may have one of an earlier release before him. */
const fileName = 'copy-owed';

/** Says that a backup is being made whose copy the container does not have yet. Outlives a process that is killed. */
export function oweCopy(folder: string, name: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, fileName), `${name}\n`, { mode: 0o600, flush: true });
    syncFolder(folder);
  } catch (error) {
    throw cannotBackUp(error, folder);
  }
}

/** Since when the container lacks the newest backup, because its copy is under way, was interrupted or failed; undefined when it does not. */
export function copyOwedSince(folder: string): Date | undefined {
  try {
    return backupTime(readFileSync(join(folder, fileName), 'utf8').trim()) ?? new Date(0);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The container has a whole copy. */
export function copyArrived(folder: string): void {
  rmSync(join(folder, fileName), { force: true });
}
