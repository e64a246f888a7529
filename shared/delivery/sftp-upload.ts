import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Stats } from 'ssh2';
import type { LocalFile } from './delivery.ts';
import type { Session } from './sftp-session.ts';
import { contentDiffers, readBackError, uploadError } from './sftp-file-errors.ts';
import { hasStatus, isUnsupported, status } from './sftp-status.ts';
import type { Parcel } from './sftp.ts';

/** Every server takes writes of this size; some cut larger ones short. */
const pieceBytes = 32 * 1024;
/** Keeps a line with 20 ms of delay each way full. */
const manyAtOnce = 64;

/** Writes the temporary and proves it. If what arrived differs, once more with one write at a time: some servers mix up writes in flight. */
export async function sendProven(session: Session, parcel: Parcel): Promise<void> {
  const { settings, attempt } = session;
  const { file, temporary } = parcel;
  try {
    for (const atOnce of [manyAtOnce, 1]) {
      attempt.doing = `sending ${file.name}`;
      await write(session, parcel, atOnce);
      attempt.doing = `checking ${file.name}`;
      if (await isAt(session, temporary, file)) {
        parcel.state = 'proven';
        return;
      }
    }
    throw contentDiffers(settings, file);
  } catch (error) {
    // Written in place and complete, then gone: the receiver was quick.
    if (parcel.state === 'written' && temporary === parcel.target && hasStatus(error, status.NO_SUCH_FILE)) return;
    throw await uploadError(session, parcel, error);
  }
}

/** Whether what lies at `path` has the size and, unless told to leave it at that, the content of `file`. */
export async function isAt(session: Session, path: string, file: LocalFile): Promise<boolean> {
  const { size } = await session.request<Stats>((sftp, done) => sftp.stat(path, done));
  if (size !== file.bytes) return false;
  if (session.settings.verify === 'size') return true;
  try {
    return (await hashAt(session, path, file.bytes)) === file.sha256;
  } catch (error) {
    throw readBackError(session.settings, file, error);
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

async function hashAt(session: Session, path: string, bytes: number): Promise<string> {
  const handle = await session.request<Buffer>((sftp, done) => sftp.open(path, 'r', done));
  const hash = createHash('sha256');
  try {
    await pipelined(reads(session, handle, bytes), manyAtOnce, (piece) => hash.update(piece));
  } finally {
    await close(session, handle).catch(() => undefined);
  }
  return hash.digest('hex');
}

function* reads(session: Session, handle: Buffer, bytes: number): Generator<() => Promise<Buffer>> {
  for (let position = 0; position < bytes; position += pieceBytes) {
    yield () => readPiece(session, handle, position, Math.min(pieceBytes, bytes - position));
  }
}

/** A server may answer with less than it was asked for; nothing at all means the end. */
async function readPiece(session: Session, handle: Buffer, position: number, length: number): Promise<Buffer> {
  const piece = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const start = filled;
    const read = await session.request<number>((sftp, done) =>
      sftp.read(handle, piece, start, length - start, position + start, done),
    );
    if (read === 0) break;
    filled += read;
  }
  return piece.subarray(0, filled);
}

/** Makes the calls in their order, at most so many unanswered at once, and hands the answers over in that order. */
async function pipelined<T>(
  calls: AsyncIterable<() => Promise<T>> | Iterable<() => Promise<T>>,
  atOnce: number,
  take: (answer: T) => unknown = () => undefined,
): Promise<void> {
  const unanswered: Promise<T>[] = [];
  for await (const call of calls) {
    const answer = call();
    answer.catch(() => undefined); // a failure is met when its turn comes
    unanswered.push(answer);
    const oldest = unanswered.length >= atOnce ? unanswered.shift() : undefined;
    if (oldest) take(await oldest);
  }
  for (const answer of unanswered) take(await answer);
}

/** Has the server put the file on its disk, where it knows how. */
async function sync(session: Session, handle: Buffer): Promise<void> {
  try {
    await session.request((sftp, done) => sftp.ext_openssh_fsync(handle, done));
  } catch (error) {
    if (!isUnsupported(error)) throw error;
  }
}

function close(session: Session, handle: Buffer): Promise<void> {
  return session.request((sftp, done) => sftp.close(handle, done));
}

/** For tidying up: a failure changes nothing. */
export async function removeQuietly(session: Session, path: string): Promise<void> {
  await session.request((sftp, done) => sftp.unlink(path, done)).catch(() => undefined);
}
