import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Attributes, FileEntryWithStats } from 'ssh2';
import type { LocalFile } from './delivery.ts';
import { readBackError } from './sftp-file-errors.ts';
import { close, manyAtOnce, pieceBytes, pipelined } from './sftp-pieces.ts';
import type { Session } from './sftp-session.ts';
import { hasStatus, isStatus, status } from './sftp-status.ts';

/** What a name at the far side leads to; `unseen` where the server does not let us look. */
export type FarFile =
  { bytes: number; modifiedAt: string | null; kind: 'file' | 'link' | 'folder' } | 'gone' | 'unseen';

/** How a file at the far side compares with one of ours. */
export type Likeness = 'same' | 'other' | 'gone' | 'unseen';

/** Asks for the file itself, and where that is refused for the folder: some servers answer "denied" or "failure" for what is not there. */
export async function fileAt(session: Session, path: string): Promise<FarFile> {
  if (session.settings.verify === 'none') return 'unseen';
  try {
    return toFarFile(await session.request<Attributes>((sftp, done) => sftp.stat(path, done)));
  } catch (error) {
    if (hasStatus(error, status.NO_SUCH_FILE)) return 'gone';
    if (!isStatus(error)) throw error;
  }
  const entries = await listing(session, posix.dirname(path));
  return entries === undefined ? 'unseen' : entryOf(entries, path);
}

/** What lies in a folder; undefined where the server does not tell. */
export async function listing(session: Session, folder: string): Promise<FileEntryWithStats[] | undefined> {
  try {
    return await session.request<FileEntryWithStats[]>((sftp, done) => sftp.readdir(folder, done));
  } catch (error) {
    if (!isStatus(error)) throw error;
    return undefined;
  }
}

export function entryOf(entries: readonly FileEntryWithStats[], path: string): FarFile {
  const entry = entries.find(({ filename }) => filename === posix.basename(path));
  return entry ? toFarFile(entry.attrs) : 'gone';
}

/** Compares by the size and, where `delivery.verify` says so, by the content. Throws where the content may not be read. */
export async function likenessAt(session: Session, path: string, file: LocalFile): Promise<Likeness> {
  const found = await fileAt(session, path);
  const { verify } = session.settings;
  if (found === 'gone' || (found === 'unseen' && verify !== 'content')) return found;
  if (found !== 'unseen' && found.bytes !== file.bytes) return 'other';
  if (verify !== 'content') return 'same';
  try {
    const { bytes, sha256 } = await contentAt(session, path, file.bytes);
    return bytes === file.bytes && sha256 === file.sha256 ? 'same' : 'other';
  } catch (error) {
    if (hasStatus(error, status.NO_SUCH_FILE)) return 'gone';
    throw readBackError(session.settings, file, error);
  }
}

/** What a file holds, read to at most one byte behind the size that is expected. */
export async function contentAt(
  session: Session,
  path: string,
  expected: number,
): Promise<{ bytes: number; sha256: string }> {
  const handle = await session.request<Buffer>((sftp, done) => sftp.open(path, 'r', done));
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipelined(reads(session, handle, expected + 1), manyAtOnce, (piece) => {
      bytes += piece.length;
      hash.update(piece);
    });
  } finally {
    await close(session, handle).catch(() => undefined);
  }
  return { bytes, sha256: hash.digest('hex') };
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

const typeMask = 0o170_000;
const kinds: Record<number, 'link' | 'folder'> = { 0o120_000: 'link', 0o040_000: 'folder' };

/** A server may leave out each of these. */
function toFarFile({ size, mtime, mode }: Partial<Attributes>): FarFile {
  if (size === undefined) return 'unseen';
  const modifiedAt = mtime === undefined ? null : new Date(mtime * 1000).toISOString();
  return { bytes: size, modifiedAt, kind: kinds[(mode ?? 0) & typeMask] ?? 'file' };
}
