import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Decider } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { quietly, type Progress } from '../progress.ts';
import type { TrailHead } from '../store/audit.ts';
import type { ErasureLine } from '../store/erasure-rest.ts';
import { databasePath } from '../store/open.ts';
import { leaveToOwner } from '../store/ownership.ts';
import { enterAlone } from '../store/presence.ts';
import type { BlobBackups } from './blobs.ts';
import { erasuresFile, erasuresIn, readErasures } from './erasure-list.ts';
import { prepareRestored } from './prepare-restored.ts';
import { leaveReplaced, replaceDatabase } from './replace.ts';
import { proveRestorable, unpack } from './unpack.ts';

export interface RestoreOrder {
  dataDir: string;
  /** A path, or a name in the container. */
  file: string;
  fromBlob: boolean;
  /** The container, where there is one: what was erased on demand stands in it, wherever the backup comes from. */
  blobs: BlobBackups | null;
  decider: Decider;
  /** The key of the digests of erased persons is lost for good: they are given up. */
  forgetErased?: boolean;
  now: Date;
  log: Log;
}

export interface Restored {
  /** Living accounts now, and the newest entry of the trail that came back. */
  accounts: number;
  trail: TrailHead;
  /** Where the replaced database lies; null when there was none. */
  replaced: string | null;
  /** The newest entry of the replaced trail; null when it could not be read. */
  replacedTrail: TrailHead | null;
  /** Persons in the backup who were erased since, and are again. */
  erasedAgain: number;
  /** Why persons erased before are not known again; null when they are. */
  keyFault: string | null;
  /** The folder of the pair that the next dump is compared with, a run's id or `baseline`; null: none is left. */
  baseline: string | null;
}

/**
 * Puts a backup in the place of the database, or leaves everything as it was and says why. What it takes over from outside the backup: the pair that Spend Cloud
 * got last, and the usernames in it. The next delivery will be held.
 */
export async function restore(order: RestoreOrder, progress: Progress = quietly): Promise<Restored> {
  const { dataDir } = order;
  const leave = enterAlone(dataDir);
  if (!leave)
    throw new AppError(
      'conflict',
      `The database in ${dataDir} is in use; stop the server, the Functions host and other commands, then restore`,
    );
  await removeUnfinished(dataDir);
  const workshop = await mkdtemp(join(dataDir, '.restore-'));
  try {
    return await restoreIn(workshop, order, progress);
  } finally {
    await rm(workshop, { recursive: true, force: true });
    leave();
    leaveToOwner(dataDir);
  }
}

async function restoreIn(workshop: string, order: RestoreOrder, progress: Progress): Promise<Restored> {
  const { dataDir, file, fromBlob, blobs, decider, forgetErased = false, now, log } = order;
  const packed = fromBlob ? join(workshop, 'downloaded') : file;
  if (fromBlob) await blobs?.get(file, packed, progress);
  const fresh = databasePath(workshop);
  await unpack(packed, fresh, progress);
  progress('checking', 0, 1);
  proveRestorable(fresh, file);

  const inContainer = blobs ? await erasedElsewhere(blobs) : [];
  const current = databasePath(dataDir);
  const folder = join(dataDir, 'backups');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const before = leaveReplaced(current, folder, now);
  const archive = join(dataDir, 'archive');
  const erasures = [...readErasures(erasuresFile(dataDir)), ...inContainer];
  const prepared = await prepareRestored(workshop, {
    dataDir,
    erasures,
    archive,
    source: basename(file),
    before,
    decider,
    forgetErased,
    now,
    log,
  });
  progress('checking', 1, 1);
  replaceDatabase(fresh, current, before);
  return { ...prepared, replaced: before.kept, replacedTrail: before.trail };
}

async function erasedElsewhere(blobs: BlobBackups): Promise<ErasureLine[]> {
  try {
    return await erasuresIn(blobs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(
      error.code,
      `The list of who was erased could not be read from the container, and without it a restore may bring them back. ${error.message}. To restore all the same, leave BACKUP_BLOB_CONNECTION out for this command`,
      { cause: error },
    );
  }
}

/** What a restore that was killed left behind: nobody else can be at it. */
async function removeUnfinished(dataDir: string): Promise<void> {
  const left = (await readdir(dataDir)).filter((name) => name.startsWith('.restore-'));
  for (const name of left) await rm(join(dataDir, name), { recursive: true, force: true });
}
