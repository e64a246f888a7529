import { posix } from 'node:path';
import { AppError } from '../errors.ts';
import type { LocalFile } from './delivery.ts';
import { failed, quote } from './sftp-errors.ts';
import type { Session } from './sftp-session.ts';
import { hasStatus, isStatus, statAt, status, type StatusError } from './sftp-status.ts';
import type { Parcel, SftpSettings } from './sftp.ts';

/** Why a file could not be sent; asks the server about its folder, because its answers tell little. */
export async function uploadError(session: Session, parcel: Parcel, error: unknown): Promise<unknown> {
  const { settings } = session;
  const { directory } = settings;
  const { file } = parcel;
  if (isLocal(error)) {
    const text = `${file.path} cannot be read any more, so it cannot be delivered.`;
    return new AppError('delivery-failed', text, { cause: error });
  }
  if (!isStatus(error)) return error;

  const answer = answerOf(error);
  const name = posix.basename(parcel.temporary);
  const byName = parcel.state === 'here' && name !== file.name ? ` ${refusedName(name)}` : '';
  if (hasStatus(error, status.PERMISSION_DENIED)) {
    const text = `does not let us write to the folder ${directory}${answer}.`;
    return failed(settings, `${text} Check SFTP_DIRECTORY, or ask the provider for that right.${byName}`, error);
  }
  const folder = await statAt(session, directory).catch(() => 'unknown' as const);
  if (folder === undefined) return noFolder(settings, answer, error);
  if (folder !== 'unknown' && !folder.isDirectory()) {
    return failed(settings, `has a file where SFTP_DIRECTORY says ${directory}${answer}. Check it.`, error);
  }
  if (parcel.state !== 'here' && hasStatus(error, status.NO_SUCH_FILE)) return vanished(settings, file, error);
  if (await isFull(session, directory, file.bytes)) {
    return failed(settings, `has no room for ${file.name}${answer}. Ask the provider to make room.`, error);
  }
  const text = `could not keep ${file.name}${answer}. Ask the provider; a quota may be used up.${byName}`;
  return failed(settings, text, error);
}

/** Some servers take only names of a certain form. */
function refusedName(temporary: string): string {
  return `If it refuses the name ${temporary}, which a file bears until it is complete, ask for that too, or set delivery.rename to "none": the files are then written in place, and the receiver can meet half a file.`;
}

/** What we have just written is not there. */
export async function goneError(session: Session, file: LocalFile): Promise<AppError> {
  await expectFolder(session);
  return vanished(session.settings, file);
}

/** A file that is in neither place was fetched, unless the whole folder is gone: then nothing is known, and the next try looks again. */
export async function expectFolder(session: Session): Promise<void> {
  const { settings } = session;
  const folder = await statAt(session, settings.directory).catch((error: unknown) => {
    if (isStatus(error)) return 'not told' as const;
    throw error;
  });
  if (!folder) throw noFolder(settings, '');
}

function noFolder(settings: SftpSettings, answer: string, error?: unknown): AppError {
  return failed(settings, `has no folder ${settings.directory} for this user${answer}. Check SFTP_DIRECTORY.`, error);
}

export function contentDiffers(settings: SftpSettings, file: LocalFile): AppError {
  const text = `holds something else than the ${file.bytes} bytes of ${file.name}, sent twice. Nothing was replaced.`;
  return failed(settings, `${text} Ask the provider, and check the disk of this machine.`);
}

export function readBackError(settings: SftpSettings, file: LocalFile, error: unknown): unknown {
  if (!isStatus(error) || hasStatus(error, status.NO_SUCH_FILE)) return error;
  const text = `does not let us read back ${file.name}${answerOf(error)}. Ask the provider for that right,`;
  const cure = 'or set delivery.verify to "size", or to "none" where it does not even tell the size: they prove less.';
  return failed(settings, `${text} ${cure}`, error);
}

/** `isThere`: a file may bear the final name already. */
export function renameError(settings: SftpSettings, { file }: Parcel, error: StatusError, isThere: boolean): AppError {
  const answer = answerOf(error);
  if (hasStatus(error, status.PERMISSION_DENIED)) {
    return failed(settings, `does not let us rename to ${file.name}${answer}. Ask the provider for that right.`, error);
  }
  if (hasStatus(error, status.NO_SUCH_FILE)) return vanished(settings, file, error);
  if (!isThere) return failed(settings, `could not rename to ${file.name}${answer}. Ask the provider.`, error);
  const text = `does not replace the ${file.name} that is there${answer}.`;
  if (settings.rename === 'plain') return failed(settings, `${text} The receiver must remove what it fetched.`, error);
  return failed(
    settings,
    `${text} Choose for delivery.rename: "plain", if the receiver removes each file it fetched; "remove-first", which ` +
      'leaves a moment without the file; or "none", which writes in place, so that the receiver can meet half a file.',
    error,
  );
}

function vanished(settings: SftpSettings, file: LocalFile, error?: StatusError): AppError {
  const answer = error ? answerOf(error) : '';
  const text = `lost ${file.name} before it had its name${answer}: the receiver seems to take every file.`;
  return failed(settings, `${text} Ask them to leave what begins with a dot or ends in .partial.`, error);
}

export function replacedByOther(settings: SftpSettings, file: LocalFile): AppError {
  return failed(settings, `has a ${file.name} that is not what we just put there. Ask who else writes to that folder.`);
}

/** Only servers with an extension of OpenSSH's tell how much room is left. */
async function isFull(session: Session, directory: string, bytes: number): Promise<boolean> {
  type Space = { f_bavail: number; f_frsize: number };
  try {
    const space = await session.request<Space>((sftp, done) => sftp.ext_openssh_statvfs(directory, done));
    return space.f_bavail * space.f_frsize < bytes;
  } catch {
    return false;
  }
}

function answerOf(error: StatusError): string {
  return ` (it answered “${quote(error.message)}”)`;
}

/** An answer of the server that nobody expected there. */
export function unexpectedAnswer({ settings, attempt }: Session, error: StatusError): AppError {
  return failed(settings, `refused something while ${attempt.doing}${answerOf(error)}. Ask the provider.`, error);
}

function isLocal(error: unknown): boolean {
  return error instanceof Error && !(error instanceof AppError) && 'syscall' in error;
}
