import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DumpFile } from '../domain/run.ts';
import { fileStart, rowEncoder, type FileFormat, type Row } from './file-format.ts';

/** Writes rows under a temporary name; `finish` makes them durable and gives the file its name. */
export interface FileWriter {
  add(row: Row): void;
  finish(): DumpFile;
}

// Enough rows for csv-stringify to run hot, few enough to be gone before V8 takes them for long-lived (docs/performance.md).
const rowsTogether = 100;

/** Bytes that go to the disk at once. A large sync at the end would hold up the commits that HelloID waits for; many small ones let them in between. */
export const syncTogether = 2 * 1024 * 1024;

export function fileWriter(folder: string, format: FileFormat, encode = rowEncoder(format)): FileWriter {
  const file = durableFile(join(folder, format.fileName));
  const hash = createHash('sha256');
  let waiting: Row[] = [];
  let rows = 0;
  let bytes = 0;
  put(fileStart(format));

  function add(row: Row): void {
    rows += 1;
    if (waiting.push(row) >= rowsTogether) flush();
  }

  function flush(): void {
    if (waiting.length > 0) put(encode(waiting));
    waiting = [];
  }

  function put(chunk: Buffer): void {
    hash.update(chunk);
    bytes += chunk.length;
    file.put(chunk);
  }

  function finish(): DumpFile {
    flush();
    file.finish();
    return { name: format.fileName, rows, bytes, sha256: hash.digest('hex') };
  }

  return { add, finish };
}

/** A file that appears whole or not at all: bytes go under a temporary name, and to the disk in small pieces; `finish` gives it its own. */
export function durableFile(path: string): { put(chunk: Buffer): void; finish(): void } {
  const temporary = `${path}.partial`;
  const descriptor = openSync(temporary, 'w', 0o600);
  let waiting = 0;
  return {
    put: (chunk) => {
      writeAll(descriptor, chunk);
      waiting += chunk.length;
      if (waiting < syncTogether) return;
      fdatasyncSync(descriptor);
      waiting = 0;
    },
    finish: () => {
      fsyncSync(descriptor);
      closeSync(descriptor);
      renameSync(temporary, path);
      syncFolder(dirname(path));
    },
  };
}

/** Makes a rename durable; Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, chunk: Buffer): void {
  for (let written = 0; written < chunk.length;) written += writeSync(descriptor, chunk, written);
}
