import { mkdtemp, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '../errors.ts';
import { previewStart } from '../daily/parts.ts';
import { copyUnpacked } from '../export/packed.ts';
import { deliveredFile, isKeptWhole } from '../export/pair.ts';
import { inWorker } from '../worker.ts';
import type { ThinTask } from './thin-worker.ts';

/** Puts a copy of a pair, without these accounts, under another name (or in its own place); nothing where the pair is not whole. */
export async function thinPair(
  archive: string,
  pair: string,
  name: string,
  accounts: ReadonlySet<number>,
): Promise<void> {
  if (!isKeptWhole(join(archive, pair))) return;
  const [from, to] = [await mkdtemp(join(archive, previewStart)), await mkdtemp(join(archive, previewStart))];
  try {
    await copyUnpacked(join(archive, pair), from, deliveredFile); // a restore must not take it for what was delivered
    const task: ThinTask = { from, to, pair, accounts: [...accounts] };
    await inWorker(new URL(`./thin-worker${extname(import.meta.url)}`, import.meta.url), task);
    await rm(join(archive, name), { recursive: true, force: true });
    await rename(to, join(archive, name));
  } catch (error) {
    if (!isUnreadable(error)) throw error; // then it is gone from the week, which is shorter by it
  } finally {
    for (const folder of [from, to]) await rm(folder, { recursive: true, force: true });
  }
}

function isUnreadable(error: unknown): boolean {
  if (error instanceof AppError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
