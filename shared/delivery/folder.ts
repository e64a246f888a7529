import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { syncTogether } from '../export/file-writer.ts';
import type { Delivery, KnownFile, LocalFile, Look, Lying, Outcome, Shipment } from './delivery.ts';
import { isTemporary, temporaryName } from './temporary.ts';

/** Delivers to a folder on this machine or on a mounted share; makes the folder, with this mode, when it is missing. */
export function folderDelivery(directory: string, mode = 0o777): Delivery {
  const folder = resolve(directory);
  return {
    kind: 'folder',
    describe: () => `folder ${folder}`,
    deliver: (shipment, proven, look) => deliver({ folder, mode }, shipment, proven, look),
    finish: (shipment, look) => finish(folder, shipment, look),
    existing: (names) => existing(folder, names),
  };
}

async function deliver(
  { folder, mode }: { folder: string; mode: number },
  { id, files }: Shipment,
  proven?: () => Promise<void>,
  look?: Look,
): Promise<void> {
  for (const file of files) await expectReadable(file);
  const temporaryOf = (file: LocalFile): string => join(folder, temporaryName(file.name, id));
  const arrived: string[] = [];
  try {
    await mkdir(folder, { recursive: true, mode });
    for (const file of files) await writeProven(file, temporaryOf(file));
    await look?.judge(await lyingIn(folder, files, look.known));
    await proven?.();
    for (const file of files) {
      await rename(temporaryOf(file), join(folder, file.name));
      arrived.push(file.name);
    }
    await syncDirectory(folder);
  } catch (error) {
    // once a file has its name the rest must follow it: the next try finishes what this one began
    if (arrived.length === 0)
      for (const file of files) await rm(temporaryOf(file), { force: true }).catch(() => undefined);
    throw folderError(folder, arrived, error);
  }
  await removeStale(folder, files);
}

/** Renames what still waits; a file that is in neither place was proven and renamed, and then fetched. */
async function finish(folder: string, { id, files }: Shipment, look?: Look): Promise<Outcome> {
  try {
    await access(folder); // a share that is gone holds no file either
    let isLookedAt = false;
    for (const file of files) {
      const [temporary, target] = [join(folder, temporaryName(file.name, id)), join(folder, file.name)];
      const waiting = await contentOf(temporary);
      if (waiting && !isContent(waiting, file)) return 'absent';
      if (waiting) {
        if (!isLookedAt) await look?.judge(await lyingIn(folder, files, look.known));
        isLookedAt = true;
        await rename(temporary, target);
        continue;
      }
      const arrived = await contentOf(target);
      if (arrived && !isContent(arrived, file)) return 'absent';
    }
    await syncDirectory(folder);
    return 'arrived';
  } catch (error) {
    throw folderError(folder, [], error);
  }
}

/** What lies under the final names; content is read only where the size is that of a known file. */
async function lyingIn(folder: string, files: readonly LocalFile[], known: readonly KnownFile[]): Promise<Lying[]> {
  const lying: Lying[] = [];
  for (const { name } of files) {
    const fitting = known.filter((one) => one.name === name);
    lying.push(await lyingAt(join(folder, name), name, fitting));
  }
  return lying;
}

async function lyingAt(path: string, name: string, known: readonly KnownFile[]): Promise<Lying> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return { name, what: 'nothing' }; // the rename meets it, and tells of it
    const its = { name, bytes: found.size, modifiedAt: found.mtime.toISOString() };
    const other: Lying = { ...its, what: 'other' };
    if (!known.some(({ bytes }) => bytes === found.size)) return other;
    const content = await contentOf(path);
    if (!content) return { name, what: 'nothing' };
    const isKnown = known.some((one) => isContent(content, one));
    return isKnown ? { ...its, what: 'known', sha256: [content.sha256] } : other;
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'ENOENT') return { name, what: 'nothing' };
    if (mayNotLook.has(code)) return { name, what: 'unseen' };
    throw error;
  }
}

/** Refused, or locked by a program that has it open. */
const mayNotLook = new Set(['EACCES', 'EPERM', 'EBUSY', 'ETXTBSY', 'EAGAIN']);

async function existing(folder: string, names: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => entries.includes(name));
}

async function expectReadable(file: LocalFile): Promise<void> {
  try {
    await access(file.path, constants.R_OK);
  } catch (error) {
    throw new AppError('delivery-failed', `${file.path} cannot be read any more, so it cannot be delivered.`, {
      cause: error,
    });
  }
}

async function writeProven(file: LocalFile, temporary: string): Promise<void> {
  await rm(temporary, { force: true }); // of an earlier attempt that was cut short
  await copy(file.path, temporary);

  const written = await contentOf(temporary);
  if (!written || !isContent(written, file)) {
    throw new AppError(
      'delivery-failed',
      `What was written to ${temporary} differs from ${file.path}. Check the disk, then deliver again.`,
    );
  }
}

/** Copies in pieces that are on the disk before the next comes: others at that disk, such as the commits HelloID waits for, go in between. */
async function copy(source: string, target: string): Promise<void> {
  await using file = await open(target, 'wx');
  let waiting = 0;
  for await (const piece of pieces(source)) {
    await file.writeFile(piece);
    waiting += piece.length;
    if (waiting < syncTogether) continue;
    await file.datasync();
    waiting = 0;
  }
  await file.sync();
}

interface Content {
  bytes: number;
  sha256: string;
}

/** What a file holds; undefined where there is none. */
async function contentOf(path: string): Promise<Content | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of pieces(path)) {
      hash.update(piece);
      bytes += piece.length;
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

const readTogether = 256 * 1024;

/** A file's content in one buffer, which the next piece overwrites: a stream's many buffers pile up until they are collected. */
async function* pieces(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path, 'r');
  const buffer = Buffer.allocUnsafe(readTogether);
  for (;;) {
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function isContent(content: Content, { bytes, sha256 }: Content): boolean {
  return content.bytes === bytes && content.sha256 === sha256;
}

/** Makes the renames outlast a power cut, where the system lets a program do that. */
async function syncDirectory(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // it has no such thing, and keeps renames in a journal
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    // Some network shares cannot, and a folder that may be written to need not be readable. The files are there already.
    if (!['EINVAL', 'ENOTSUP', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
  }
}

/** What a crash left behind. The files have arrived, so a failure here is not one of the delivery. */
async function removeStale(folder: string, files: LocalFile[]): Promise<void> {
  const names = files.map((file) => file.name);
  const entries = await readdir(folder).catch(() => []);
  for (const entry of entries.filter((name) => isTemporary(name, names))) {
    await rm(join(folder, entry), { force: true }).catch(() => undefined);
  }
}

/** Nothing here is harmed by another try, so each can pass once somebody has mended it. */
const reasons: Record<string, string> = {
  ENOENT: 'it is gone. Mount or make it again',
  ENOSPC: 'the disk is full. Make room there',
  EDQUOT: 'the quota is used up. Make room there, or have it raised',
  EBUSY: 'another program holds it. Close that program',
  EACCES: 'this program may not write there. Give its user write access',
  EPERM: 'this program may not write there. Give its user write access, and look for protected files',
  EROFS: 'it is mounted read-only. Mount it writable',
  ENOTDIR: 'a part of that path is a file. Choose another folder, or move that file',
  EEXIST: 'a file of that name is in the way. Choose another folder, or move that file',
  EISDIR: 'a folder in it bears the name of a file to deliver. Move that folder',
};

function folderError(folder: string, arrived: string[], error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof AppError || code === undefined) return error;
  // On Windows a reader that has the file open makes the rename fail as if it were forbidden.
  const held = process.platform === 'win32' && (error as NodeJS.ErrnoException).syscall === 'rename';
  const reason = reasons[held ? 'EBUSY' : code] ?? 'it gave an error. Check the disk or share';
  const isPartial = arrived.length > 0;
  const before = isPartial ? ` Delivered before that: ${arrived.join(', ')}. The next try goes on with the rest.` : '';
  const message = `Cannot deliver to the folder ${folder}: ${reason} (${code}).${before}`;
  return new AppError(isPartial ? 'delivery-unknown' : 'delivery-failed', message, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
