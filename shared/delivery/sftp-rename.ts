import { expectFolder, renameError, replacedByOther } from './sftp-file-errors.ts';
import { fileAt, likenessAt } from './sftp-look.ts';
import type { Session } from './sftp-session.ts';
import { hasStatus, isStatus, isUnsupported, status } from './sftp-status.ts';
import type { Parcel } from './sftp.ts';

/** Gives a proven file its final name. May be called again after a lost answer: it looks before it asks a second time. */
export async function giveFinalName(session: Session, parcel: Parcel): Promise<void> {
  session.attempt.doing = `giving ${parcel.file.name} its name`;
  const asked = parcel.state === 'rename-asked';
  if (parcel.temporary !== parcel.target && !(asked && (await wasRenamed(session, parcel)))) {
    try {
      await rename(session, parcel);
    } catch (error) {
      if (!isStatus(error)) throw error;
      if (!asked) parcel.state = 'proven'; // refused: nothing was done
      // What we asked the first time may have been done only after we looked; or nobody may look, and there is nothing to rename any more.
      const isDone = asked && ((await wasRenamed(session, parcel)) || isGoneUnseen(session, error));
      if (!isDone) {
        const isThere = (await fileAt(session, parcel.target)) !== 'gone';
        throw renameError(session.settings, parcel, error, isThere);
      }
    }
  }
  parcel.state = 'delivered';
}

async function rename(session: Session, parcel: Parcel): Promise<void> {
  const { temporary, target } = parcel;
  const how = session.settings.rename;
  if (how === 'posix') {
    try {
      await session.request((sftp, done) => {
        sftp.ext_openssh_rename(temporary, target, done);
        parcel.state = 'rename-asked';
      });
      return;
    } catch (error) {
      if (!isUnsupported(error)) throw error;
    }
  }
  if (how === 'remove-first') await removeTarget(session, target);
  await session.request((sftp, done) => {
    sftp.rename(temporary, target, done);
    parcel.state = 'rename-asked';
  });
}

/** If the server refuses, the rename meets the old file and says so. */
async function removeTarget(session: Session, target: string): Promise<void> {
  try {
    await session.request((sftp, done) => sftp.unlink(target, done));
  } catch (error) {
    if (!isStatus(error)) throw error;
  }
}

/**
 * Whether a rename that was asked for took place: the temporary is gone, and the target is our file or was fetched and removed already. Where the
 * server does not let us look it is asked again.
 */
async function wasRenamed(session: Session, { temporary, target, file }: Parcel): Promise<boolean> {
  const waiting = await fileAt(session, temporary);
  if (waiting !== 'gone') return false;
  const found = await likenessAt(session, target, file);
  if (found === 'other') throw replacedByOther(session.settings, file);
  if (found === 'gone') await expectFolder(session);
  return found !== 'unseen';
}

function isGoneUnseen({ settings }: Session, error: unknown): boolean {
  return settings.verify === 'none' && hasStatus(error, status.NO_SUCH_FILE);
}
