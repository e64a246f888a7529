import { posix } from 'node:path';
import type { FileEntryWithStats } from 'ssh2';
import { AppError } from '../errors.ts';
import { type Attempt, beforeDeadline } from './deadline.ts';
import type { Delivery, LocalFile, Look, Outcome, Shipment } from './delivery.ts';
import { tooLate, where } from './sftp-errors.ts';
import { expectFolder, unexpectedAnswer } from './sftp-file-errors.ts';
import { fileAt, likenessAt } from './sftp-look.ts';
import { lyingUnder } from './sftp-lying.ts';
import { giveFinalName } from './sftp-rename.ts';
import { openSession, type Session } from './sftp-session.ts';
import { isStatus } from './sftp-status.ts';
import { removeQuietly, sendProven } from './sftp-upload.ts';
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
  /** `size` where the server does not let us read back what we wrote, `none` where it does not let us look at all. */
  verify: 'content' | 'size' | 'none';
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
    deliver: async (shipment, proven, look) => {
      const progress: Progress = { renaming: false, tidied: false };
      try {
        await inTime(settings, (attempt) => deliver(settings, shipment, attempt, { progress, proven, look }));
      } catch (error) {
        throw progress.renaming && !progress.tidied ? outcomeUnknown(error) : error;
      }
    },
    finish: async (shipment, look) => {
      let outcome: Outcome = 'unseen';
      await inTime(settings, async (attempt) => {
        outcome = await finish(settings, shipment, attempt, look);
      });
      return outcome;
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
  /** After a failure the temporaries were removed, and neither file has its name: nothing more will happen there. */
  tidied: boolean;
}

interface Report {
  progress: Progress;
  proven: (() => Promise<void>) | undefined;
  look: Look | undefined;
}

async function deliver(
  settings: SftpSettings,
  shipment: Shipment,
  attempt: Attempt,
  { progress, proven, look }: Report,
): Promise<void> {
  const parcels = shipment.files.map((file) => parcelOf(file, shipment.id, settings));
  const inPlace = settings.rename === 'none';
  let session = await openSession(settings, attempt);
  try {
    if (inPlace) await lookAt(session, parcels, look);
    for (const parcel of parcels) await sendProven(session, parcel);
    if (!inPlace) await lookAt(session, parcels, look);
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
    progress.tidied = !session.isLost() && !parcels.some(isVisible);
    throw withProgress(session, error, parcels);
  } finally {
    await session.end();
  }
}

/** Goes on where an attempt stopped after everything was proven. */
async function finish(
  settings: SftpSettings,
  { id, files }: Shipment,
  attempt: Attempt,
  look: Look | undefined,
): Promise<Outcome> {
  const session = await openSession(settings, attempt);
  try {
    const parcels = files.map((file) => parcelOf(file, id, settings));
    let isLookedAt = false;
    for (const parcel of parcels) {
      attempt.doing = `looking for ${parcel.file.name}`;
      const stage = await stageOf(session, parcel);
      if (stage === 'absent' || stage === 'unseen') return stage;
      if (stage === 'arrived') continue;
      if (!isLookedAt) await lookAt(session, parcels, look);
      isLookedAt = true;
      await giveFinalName(session, { ...parcel, state: 'proven' });
    }
    attempt.settled = true;
    await removeStale(session, files);
    return 'arrived';
  } catch (error) {
    throw withProgress(session, error, []);
  } finally {
    await session.end();
  }
}

/** How far a file came: one that is in neither place was proven, renamed, and then fetched. */
async function stageOf(session: Session, { temporary, target, file }: Parcel): Promise<Outcome | 'waiting'> {
  const waiting = temporary === target ? 'gone' : await fileAt(session, temporary);
  if (waiting === 'unseen') return 'unseen';
  const found = await likenessAt(session, waiting === 'gone' ? target : temporary, file);
  if (found === 'other' || found === 'unseen') return found === 'other' ? 'absent' : 'unseen';
  if (waiting !== 'gone') return found === 'same' ? 'waiting' : 'absent';
  if (found === 'gone') await expectFolder(session);
  return 'arrived';
}

async function lookAt(session: Session, parcels: readonly Parcel[], look: Look | undefined): Promise<void> {
  if (!look) return;
  session.attempt.doing = 'looking who wrote there last';
  await look.judge(await lyingUnder(session, parcels, look.known));
}

/** A file of this attempt may be met under its name. */
function isVisible({ state, temporary, target }: Parcel): boolean {
  return state === 'delivered' || state === 'rename-asked' || (temporary === target && state === 'proven');
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

function withProgress(session: Session, error: unknown, parcels: Parcel[]): AppError {
  const known = inWords(session, error);
  const arrived = parcels.filter(({ state }) => state === 'delivered').map(({ file }) => file.name);
  if (arrived.length === 0) return known;
  return new AppError(known.code, `${known.message} Delivered before that: ${arrived.join(', ')}.`, { cause: known });
}

function inWords(session: Session, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isStatus(error)) return unexpectedAnswer(session, error);
  const unknown = 'The server answered in a way that is not SFTP. Ask its provider.';
  return new AppError('delivery-failed', unknown, { cause: error });
}
