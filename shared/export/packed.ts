import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline as pipe, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { syncFolder } from './file-writer.ts';

/** Behind the name of a kept file that was compressed: gzip, so that every tool can open it. */
export const packedEnd = '.gz';
/** Behind the name of one that was not finished. */
export const unfinishedEnd = '.partial';

/** Puts a compressed file in the place of a plain one. Killed at any point, one of the two is whole, and it can be repeated. */
export async function pack(path: string, signal: AbortSignal): Promise<void> {
  await replace(path, `${path}${packedEnd}`, createGzip(), signal);
}

/** The way back, by the name of the plain file. */
async function unpack(path: string, signal: AbortSignal): Promise<void> {
  await replace(`${path}${packedEnd}`, path, createGunzip(), signal);
}

/** The same for every compressed file of a pair's folder. */
export async function unpackPair(folder: string, signal: AbortSignal): Promise<void> {
  for (const file of await readdir(folder)) {
    if (file.endsWith(packedEnd)) await unpack(join(folder, file.slice(0, -packedEnd.length)), signal);
  }
}

/** Copies a pair's folder, its compressed files as plain ones: for a reader beside whom it may be compressed at any moment. One name is left out. */
export async function copyUnpacked(from: string, to: string, leftOut: string): Promise<void> {
  for (const name of await readdir(from)) {
    if (name.endsWith(unfinishedEnd) || name === leftOut) continue;
    const plain = name.endsWith(packedEnd) ? name.slice(0, -packedEnd.length) : name;
    const content = await openKept(join(from, plain));
    if (content) await pipeline(content, createWriteStream(join(to, plain), { mode: 0o600 }));
  }
}

/** The content of a kept file, compressed or not, by the name of the plain one; undefined where it is not kept any more. */
export async function openKept(path: string): Promise<Readable | undefined> {
  const plain = await openIfThere(path);
  if (plain) return plain.createReadStream();
  const packed = await openIfThere(`${path}${packedEnd}`);
  return packed && pipe(packed.createReadStream(), createGunzip(), () => undefined); // a fault ends the stream, and so reaches its reader
}

async function replace(from: string, to: string, through: NodeJS.ReadWriteStream, signal: AbortSignal): Promise<void> {
  const temporary = `${to}${unfinishedEnd}`;
  const target = createWriteStream(temporary, { mode: 0o600, flush: true });
  await pipeline(createReadStream(from), through, target, { signal });
  await rename(temporary, to);
  syncFolder(dirname(to));
  await rm(from);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
