import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Delivery, LocalFile, Shipment } from './delivery.ts';
import { isTemporary, temporaryName } from './temporary.ts';

/** Delivers to a folder on this machine or on a mounted share; makes the folder when it is missing. */
export function folderDelivery(directory: string): Delivery {
  const folder = resolve(directory);
  return {
    kind: 'folder',
    describe: () => `folder ${folder}`,
    deliver: (shipment) => deliver(folder, shipment),
  };
}

async function deliver(folder: string, { id, files }: Shipment): Promise<void> {
  for (const file of files) await expectReadable(file);
  const inFolder = (name: string): string => join(folder, name);
  const temporaryOf = (file: LocalFile): string => inFolder(temporaryName(file.name, id));
  try {
    await mkdir(folder, { recursive: true });
    for (const file of files) await writeProven(file, temporaryOf(file));
    for (const file of files) await rename(temporaryOf(file), inFolder(file.name));
    await syncDirectory(folder);
  } catch (error) {
    for (const file of files) await rm(temporaryOf(file), { force: true }).catch(() => undefined);
    throw folderError(folder, error);
  }
  await removeStale(folder, files);
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
  await pipeline(createReadStream(file.path), createWriteStream(temporary, { flags: 'wx', flush: true }));

  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(temporary) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256) {
    throw new AppError(
      'delivery-failed',
      `What was written to ${temporary} differs from ${file.path}. Check the disk, then deliver again.`,
    );
  }
}

/** Makes the renames outlast a power cut. */
async function syncDirectory(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows refuses to sync a folder, and keeps renames in its journal
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error; // some network shares cannot
  } finally {
    await handle.close();
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

const reasons: Record<string, [ErrorCode, string]> = {
  ENOSPC: ['delivery-failed', 'the disk is full. Make room there'],
  EDQUOT: ['delivery-failed', 'the quota is used up. Make room there, or have it raised'],
  EBUSY: ['delivery-failed', 'another program holds it. Close that program'],
  EACCES: ['delivery-refused', 'this program may not write there. Give its user write access'],
  EPERM: [
    'delivery-refused',
    'this program may not write there. Give its user write access, and look for protected files',
  ],
  EROFS: ['delivery-refused', 'it is mounted read-only. Mount it writable'],
  ENOTDIR: ['delivery-refused', 'a part of that path is a file. Choose another folder, or move that file'],
  EEXIST: ['delivery-refused', 'a file of that name is in the way. Choose another folder, or move that file'],
  EISDIR: ['delivery-refused', 'a folder in it bears the name of a file to deliver. Move that folder'],
};

function folderError(folder: string, error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof AppError || code === undefined) return error;
  // On Windows a reader that has the file open makes the rename fail as if it were forbidden.
  const held = process.platform === 'win32' && (error as NodeJS.ErrnoException).syscall === 'rename';
  const [kind, reason] = reasons[held ? 'EBUSY' : code] ?? [
    'delivery-failed',
    'the disk or the share gave an error. Check it',
  ];
  return new AppError(kind, `Cannot deliver to the folder ${folder}: ${reason} (${code}).`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
