import { expectFolder, renameError, replacedByOther } from './sftp-file-errors.ts';
import type { Session } from './sftp-session.ts';
import { hasStatus, isStatus, isUnsupported, statAt, status } from './sftp-status.ts';
import { isAt } from './sftp-upload.ts';
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
      // What we asked the first time may have been done only after we looked.
      if (!(asked && (await wasRenamed(session, parcel)))) throw await renameError(session, parcel, error);
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

/** Whether a rename that was asked for took place: the temporary is gone, and the target is our file or was fetched and removed already. */
async function wasRenamed(session: Session, parcel: Parcel): Promise<boolean> {
  if (await statAt(session, parcel.temporary)) return false;
  try {
    if (await isAt(session, parcel.target, parcel.file)) return true;
  } catch (error) {
    if (!hasStatus(error, status.NO_SUCH_FILE)) throw error;
    await expectFolder(session);
    return true;
  }
  throw replacedByOther(session.settings, parcel.file);
}
