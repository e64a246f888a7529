import { posix } from 'node:path';
import type { FileEntryWithStats } from 'ssh2';
import { AppError } from '../errors.ts';
import { type Attempt, beforeDeadline } from './deadline.ts';
import type { Delivery, LocalFile, Shipment } from './delivery.ts';
import { tooLate, where } from './sftp-errors.ts';
import { expectFolder } from './sftp-file-errors.ts';
import { giveFinalName } from './sftp-rename.ts';
import { openSession, type Session } from './sftp-session.ts';
import { hasStatus, statAt, status } from './sftp-status.ts';
import { isAt, removeQuietly, sendProven } from './sftp-upload.ts';
import { isTemporary, temporaryName } from './temporary.ts';

export interface SftpSettings {
  host: string;
  port: number;
  username: string;
  directory: string;
  /** OpenSSH's `SHA256:…` fingerprints; at least one, several while the server changes its key. */
  hostKeys: string[];
  password?: string;
  /** In OpenSSH's or PEM format. */
  privateKey?: string;
  passphrase?: string;
  /**
   * How a file gets its final name. `posix`: replaced in one step where the server can, else as `plain`. `plain`: SFTP's own rename, which
   * many servers refuse while the old file is there. `remove-first`: the old file goes first, so for a moment there is none. `none`, the
   * last resort, for a server that cannot rename: written in place, so that a receiver can meet half a file.
   */
  rename: 'posix' | 'plain' | 'remove-first' | 'none';
  /** `size` where the server does not let us read back what we wrote. */
  verify: 'content' | 'size';
  deadlineSeconds: number;
}

/** A file on its way. With `rename: 'none'` the temporary is the target. */
export interface Parcel {
  file: LocalFile;
  temporary: string;
  target: string;
  state: 'here' | 'begun' | 'written' | 'proven' | 'rename-asked' | 'delivered';
}

/** Delivers over SFTP, to a server whose host key is pinned. Each attempt has a connection of its own. */
export function sftpDelivery(settings: SftpSettings): Delivery {
  return {
    kind: 'sftp',
    describe: () => `SFTP ${where(settings)}, folder ${settings.directory}`,
    deliver: async (shipment, proven) => {
      const progress: Progress = { renaming: false, tidied: false };
      try {
        await inTime(settings, (attempt) => deliver(settings, shipment, attempt, { progress, proven }));
      } catch (error) {
        throw progress.renaming && !progress.tidied ? outcomeUnknown(error) : error;
      }
    },
    finish: async (shipment) => {
      let arrived = false;
      await inTime(settings, async (attempt) => {
        arrived = await finish(settings, shipment, attempt);
      });
      return arrived;
    },
    existing: async () => [],
  };
}

function inTime(settings: SftpSettings, work: (attempt: Attempt) => Promise<void>): Promise<void> {
  return beforeDeadline(settings.deadlineSeconds, (doing) => tooLate(settings, doing), work);
}

/** How far an attempt came, for whoever has to say afterwards what is known. */
interface Progress {
  /** Everything is proven, and a rename may have been asked for. */
  renaming: boolean;
  /** After a failure the temporaries were removed: nothing more will happen there. */
  tidied: boolean;
}

interface Report {
  progress: Progress;
  proven: (() => Promise<void>) | undefined;
}

async function deliver(
  settings: SftpSettings,
  shipment: Shipment,
  attempt: Attempt,
  { progress, proven }: Report,
): Promise<void> {
  const parcels = shipment.files.map((file) => parcelOf(file, shipment.id, settings));
  let session = await openSession(settings, attempt);
  try {
    for (const parcel of parcels) await sendProven(session, parcel);
    await proven?.();
    progress.renaming = true;
    for (const parcel of parcels) {
      try {
        await giveFinalName(session, parcel);
      } catch (error) {
        if (!session.isLost() || attempt.signal.aborted) throw error;
        session = await openSession(settings, attempt); // all is proven: finish, rather than leave new persons with old roles
        await giveFinalName(session, parcel);
      }
    }
    attempt.settled = true;
    await removeStale(session, shipment.files);
  } catch (error) {
    attempt.settled = true;
    await removeOwn(session, parcels);
    progress.tidied = !session.isLost();
    throw withProgress(error, parcels);
  } finally {
    await session.end();
  }
}

/** Goes on where an attempt stopped after everything was proven. */
async function finish(settings: SftpSettings, { id, files }: Shipment, attempt: Attempt): Promise<boolean> {
  const session = await openSession(settings, attempt);
  try {
    for (const file of files) {
      const parcel = parcelOf(file, id, settings);
      if (!(await putInPlace(session, parcel))) return false;
    }
    attempt.settled = true;
    await removeStale(session, files);
    return true;
  } catch (error) {
    throw withProgress(error, []);
  } finally {
    await session.end();
  }
}

/** True once the file is, or was, under its name: one that is in neither place was proven, renamed, and then fetched. */
async function putInPlace(session: Session, parcel: Parcel): Promise<boolean> {
  session.attempt.doing = `looking for ${parcel.file.name}`;
  const waiting = parcel.temporary !== parcel.target && (await statAt(session, parcel.temporary)) !== undefined;
  try {
    if (!(await isAt(session, waiting ? parcel.temporary : parcel.target, parcel.file))) return false;
  } catch (error) {
    if (waiting || !hasStatus(error, status.NO_SUCH_FILE)) throw error;
    await expectFolder(session);
  }
  if (waiting) await giveFinalName(session, { ...parcel, state: 'proven' });
  return true;
}

function outcomeUnknown(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  return new AppError('delivery-unknown', `${error.message} The next try looks first whether the files arrived.`, {
    cause: error,
  });
}

function parcelOf(file: LocalFile, shipmentId: string, { directory, rename }: SftpSettings): Parcel {
  const target = posix.join(directory, file.name);
  const temporary = rename === 'none' ? target : posix.join(directory, temporaryName(file.name, shipmentId));
  return { file, temporary, target, state: 'here' };
}

/** After a failure. A target written in place and not proven goes too: half a file does more harm than none. */
async function removeOwn(session: Session, parcels: Parcel[]): Promise<void> {
  for (const { state, temporary, target } of parcels) {
    const inPlace = temporary === target;
    if (state === 'here' || state === 'delivered' || (state === 'proven' && inPlace)) continue;
    await removeQuietly(session, temporary);
  }
}

/** What earlier attempts could not remove, once the files have arrived. A server that refuses a listing keeps it. */
async function removeStale(session: Session, files: LocalFile[]): Promise<void> {
  const { directory } = session.settings;
  const names = files.map((file) => file.name);
  const entries = await session
    .request<FileEntryWithStats[]>((sftp, done) => sftp.readdir(directory, done))
    .catch(() => []);
  for (const { filename } of entries) {
    if (isTemporary(filename, names)) await removeQuietly(session, posix.join(directory, filename));
  }
}

function withProgress(error: unknown, parcels: Parcel[]): AppError {
  const unknown = 'The server answered in a way that is not SFTP. Ask its provider.';
  const known = error instanceof AppError ? error : new AppError('delivery-failed', unknown, { cause: error });
  const arrived = parcels.filter(({ state }) => state === 'delivered').map(({ file }) => file.name);
  if (arrived.length === 0) return known;
  return new AppError(known.code, `${known.message} Delivered before that: ${arrived.join(', ')}.`, { cause: known });
}
