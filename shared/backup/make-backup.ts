import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { AppError } from '../errors.ts';
import { quietly, type Progress } from '../progress.ts';
import { inWorker } from '../worker.ts';
import { removeOld, removeOldBlobs } from './ageing.ts';
import type { BlobBackups } from './blobs.ts';
import { erasuresIn, noteErasures } from './erasure-list.ts';
import { backupName, erasuresName } from './names.ts';
import { copyArrived, oweCopy } from './owed.ts';
import type { BackupTask, WrittenBackup } from './write-backup.ts';

export interface BackupPlace {
  databasePath: string;
  /** Where backups lie: `DATA_DIR/backups`. */
  folder: string;
  backupDays: number;
  /** The list of erasures, which a restore goes by: it goes along to the container. */
  erasures: string;
  /** Null: only here. */
  blobs: BlobBackups | null;
  /** False while the clock may be wrong. */
  mayRemove(): boolean;
  now: () => Date;
}

export interface Backup extends WrittenBackup {
  /** The name it has in the container; null where there is none. */
  blob: string | null;
  /** What was past its days, here and in the container. */
  removed: string[];
}

/** Makes a backup, copies it to the container, and lets old ones go; a failed copy leaves the backup here, and throws. */
export async function makeBackup(
  place: BackupPlace,
  progress: Progress = quietly,
  signal?: AbortSignal,
): Promise<Backup> {
  const { folder, blobs, backupDays, now } = place;
  const at = now();
  const name = backupName(at);
  if (blobs) oweCopy(folder, name);
  const written = await writeTo(place.databasePath, join(folder, name), progress, signal);
  const mayRemove = place.mayRemove();
  const removed = mayRemove ? await removeOld(folder, backupDays, at) : [];
  if (!blobs) return { ...written, blob: null, removed };
  try {
    noteErasures(place.erasures, await erasuresIn(blobs, signal)); // none that only the container knows may get lost from it
    if (existsSync(place.erasures)) await blobs.put(place.erasures, erasuresName, quietly, signal);
    await blobs.put(written.file, name, progress, signal);
  } catch (error) {
    throw butOnly(`The backup ${name} was made, but only here.`, error);
  }
  copyArrived(folder);
  try {
    if (mayRemove) removed.push(...(await removeOldBlobs(blobs, backupDays, at)));
  } catch (error) {
    throw butOnly(`The backup ${name} is here and in the container, but what is past its days stays there.`, error);
  }
  return { ...written, blob: name, removed };
}

function butOnly(heading: string, error: unknown): unknown {
  return error instanceof AppError ? new AppError(error.code, `${heading} ${error.message}`, { cause: error }) : error;
}

/** Only the file, where somebody wants one elsewhere. */
export function writeTo(
  databasePath: string,
  file: string,
  progress: Progress = quietly,
  signal?: AbortSignal,
): Promise<WrittenBackup> {
  const worker = new URL(`./backup-worker${extname(import.meta.url)}`, import.meta.url);
  return inWorker<WrittenBackup>(worker, { databasePath, file } satisfies BackupTask, { onProgress: progress, signal });
}
