import { createReadStream } from 'node:fs';
import { contentDiffers, goneError, uploadError } from './sftp-file-errors.ts';
import { likenessAt } from './sftp-look.ts';
import { close, manyAtOnce, pieceBytes, pipelined } from './sftp-pieces.ts';
import type { Session } from './sftp-session.ts';
import { isStatus, isUnsupported } from './sftp-status.ts';
import type { Parcel } from './sftp.ts';

/** Writes the temporary and proves it. If what arrived differs, once more with one write at a time: some servers mix up writes in flight. */
export async function sendProven(session: Session, parcel: Parcel): Promise<void> {
  const { settings, attempt } = session;
  const { file, temporary } = parcel;
  try {
    for (const atOnce of [manyAtOnce, 1]) {
      attempt.doing = `sending ${file.name}`;
      await write(session, parcel, atOnce);
      attempt.doing = `checking ${file.name}`;
      const found = await likenessAt(session, temporary, file);
      if (found === 'gone' && temporary === parcel.target) return; // written in place and complete: the receiver was quick
      if (found === 'gone') throw await goneError(session, file);
      if (found === 'other') continue;
      parcel.state = 'proven'; // by the server's answers alone where it does not let us look
      return;
    }
    throw contentDiffers(settings, file);
  } catch (error) {
    throw await uploadError(session, parcel, error);
  }
}

async function write(session: Session, parcel: Parcel, atOnce: number): Promise<void> {
  const { file, temporary, target } = parcel;
  // The server may still be writing what a lost session had sent: into a file that has no name any more.
  if (temporary !== target) await removeQuietly(session, temporary);
  const handle = await session.request<Buffer>((sftp, done) => sftp.open(temporary, 'w', done));
  parcel.state = 'begun';
  try {
    await pipelined(writes(session, handle, file.path), atOnce);
    await sync(session, handle);
  } catch (error) {
    await close(session, handle).catch(() => undefined);
    throw error;
  }
  await close(session, handle);
  parcel.state = 'written';
}

async function* writes(session: Session, handle: Buffer, path: string): AsyncGenerator<() => Promise<void>> {
  let position = 0;
  for await (const block of createReadStream(path, { highWaterMark: 32 * pieceBytes }) as AsyncIterable<Buffer>) {
    for (let start = 0; start < block.length; start += pieceBytes) {
      const piece = block.subarray(start, start + pieceBytes);
      const at = position + start;
      yield () => session.request((sftp, done) => sftp.write(handle, piece, 0, piece.length, at, done));
    }
    position += block.length;
  }
}

/**
 * Has the server put the file on its disk, where it knows how. A refusal is no failure: some shares know no such thing, closing the file tells
 * of a disk that is full, and what arrived is proven after it.
 */
async function sync(session: Session, handle: Buffer): Promise<void> {
  try {
    await session.request((sftp, done) => sftp.ext_openssh_fsync(handle, done));
  } catch (error) {
    if (!isStatus(error) && !isUnsupported(error)) throw error;
  }
}

/** For tidying up: a failure changes nothing. */
export async function removeQuietly(session: Session, path: string): Promise<void> {
  await session.request((sftp, done) => sftp.unlink(path, done)).catch(() => undefined);
}
