import { appendFileSync, closeSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import type { ErasureLine } from '../store/erasure-rest.ts';
import type { BlobBackups } from './blobs.ts';
import { erasuresName } from './names.ts';

/** What a restore goes by; lies outside the database, because it must outlive it. Holds random ids, times and keyed digests only. */
export function erasuresFile(dataDir: string): string {
  return join(dataDir, erasuresName);
}

/** Empty where nothing was erased yet. A line that a crash cut off is passed over: the erasure it is about is still open, and writes it again. */
export function readErasures(path: string): ErasureLine[] {
  try {
    return parseAll(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The list that went along with the newest backup in the container; empty where there is none. */
export async function erasuresIn(blobs: Pick<BlobBackups, 'read'>, signal?: AbortSignal): Promise<ErasureLine[]> {
  try {
    return parseAll((await blobs.read(erasuresName, signal)).toString());
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return [];
    throw error;
  }
}

/** Adds what is not on the list yet, and returns once it is on disk. */
export function noteErasures(path: string, lines: readonly ErasureLine[]): void {
  const known = new Set(readErasures(path).map((line) => JSON.stringify(line)));
  const fresh = lines.map((line) => JSON.stringify(line)).filter((line) => !known.has(line));
  if (fresh.length === 0) return;
  const descriptor = openSync(path, 'a', 0o600);
  try {
    appendFileSync(descriptor, `\n${fresh.join('\n')}\n`); // begins a line of its own, also behind one that a crash cut off
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function parseAll(text: string): ErasureLine[] {
  return text.split('\n').flatMap(parse);
}

function parse(line: string): ErasureLine[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as ErasureLine];
  } catch {
    return [];
  }
}
