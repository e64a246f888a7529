import ssh2, { type Stats } from 'ssh2';
import type { Session } from './sftp-session.ts';

export const status = ssh2.utils.sftp.STATUS_CODE;

/** The server's answer to one request; `code` is one of `status`, or of a later version of the protocol. */
export type StatusError = Error & { code: number };

export function isStatus(error: unknown): error is StatusError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

export function hasStatus(error: unknown, code: number): boolean {
  return isStatus(error) && error.code === code;
}

/** Whether the server does not know this kind of request: it did not advertise it, or says so when asked. */
export function isUnsupported(error: unknown): boolean {
  if (hasStatus(error, status.OP_UNSUPPORTED)) return true;
  return error instanceof Error && error.message === 'Server does not support this extended request';
}

/** What a path leads to, or nothing. For a file that may be gone see `fileAt`: some servers then answer something else. */
export async function statAt(session: Session, path: string): Promise<Stats | undefined> {
  try {
    return await session.request<Stats>((sftp, done) => sftp.stat(path, done));
  } catch (error) {
    if (hasStatus(error, status.NO_SUCH_FILE)) return undefined;
    throw error;
  }
}
