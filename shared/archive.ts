import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run, RunState } from './domain/run.ts';
import { arrivedSince } from './daily/far-side.ts';
import { previewStart, thinnedStart } from './daily/parts.ts';
import { AppError } from './errors.ts';
import { pack, packedEnd, unfinishedEnd, unpackPair } from './export/packed.ts';
import { deliveredFile, manifestFile } from './export/pair.ts';
import type { Log } from './log.ts';
import type { Facts } from './store/facts.ts';
import type { RunStore } from './store/runs.ts';
import { weekPairs } from './store/week-pairs.ts';

export interface ArchiveParts {
  runs: RunStore;
  facts: Facts;
  /** Rendered pairs lie here, a folder per run. */
  folder: string;
  /** How long they are kept, in days from the end of their run. */
  days: number;
  /** Whether those of a week are kept in any case, because the guard of a week compares with them. */
  week: boolean;
  /** False while the clock may be wrong. */
  mayRemove(): boolean;
  now: () => Date;
  log: Log;
}

const dayMilliseconds = 24 * 60 * 60 * 1000;
const longestPreview = 60 * 60 * 1000;
const open: readonly RunState[] = ['waiting', 'rendering', 'held', 'delivering'];

/**
 * Keeps delivered pairs compressed and removes what is past its term. The pair that was delivered last stays as it is, however
 * old: the next effect is measured against it. Harmless to repeat, and to be killed at any point.
 */
export async function tidyArchive(parts: ArchiveParts, stopping: AbortSignal): Promise<void> {
  try {
    const ofWeek = new Set(parts.week ? (await weekPairs(parts)).map(({ pair }) => pair) : []);
    for (const name of await readdir(parts.folder)) {
      if (stopping.aborted) return;
      if (name.startsWith(thinnedStart)) await tidyThinned(parts, name, ofWeek);
      else await tidyPair(parts, name, ofWeek.has(name), stopping);
    }
  } catch (error) {
    if (stopping.aborted) return; // the next start goes on with it
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    const text = `The archive could not be tidied (${code}); check the disk of DATA_DIR, its room and its rights`;
    throw new AppError('unavailable', text, { cause: error });
  }
}

/** One from which erased people were taken out stays as long as the guard of a week may compare with it. */
async function tidyThinned(
  { folder, mayRemove }: ArchiveParts,
  name: string,
  ofWeek: ReadonlySet<string>,
): Promise<void> {
  if (ofWeek.has(name.slice(thinnedStart.length)) || !mayRemove()) return;
  await rm(join(folder, name), { recursive: true, force: true });
}

async function tidyPair(parts: ArchiveParts, name: string, isOfWeek: boolean, stopping: AbortSignal): Promise<void> {
  const { runs, facts, now, log, days, mayRemove } = parts;
  const folder = join(parts.folder, name);
  if (name.startsWith(previewStart)) return removeCutOff(parts, folder);
  if (name === facts.get('delivered-pair')) return unpackPair(folder, stopping);
  const { persons, roles } = arrivedSince({ facts });
  if ([persons, roles].some((arrived) => String(arrived) === name)) return; // compared with as well
  const run = /^\d{1,15}$/.test(name) ? await runs.find(Number(name)) : undefined;
  if (run && open.includes(run.state)) return;
  if (mayRemove() && !isOfWeek && (await endOf(run, folder)) < now().getTime() - days * dayMilliseconds) {
    await rm(folder, { recursive: true, force: true });
    log.info({ run: name, days }, 'a kept pair was removed: its term is over');
    return;
  }
  if (run?.state === 'delivered') await packAll(folder, stopping);
}

/** Personal data of a preview that was killed; one under way is younger. */
async function removeCutOff({ now }: ArchiveParts, folder: string): Promise<void> {
  const written = await stat(folder).catch(() => undefined); // a preview that ended meanwhile
  if (written && written.mtimeMs < now().getTime() - longestPreview) await rm(folder, { recursive: true, force: true });
}

/** When a pair's term began, in milliseconds; one that the ledger does not know counts from when it was written. */
async function endOf(run: Run | undefined, folder: string): Promise<number> {
  if (run) return Date.parse(run.finishedAt ?? run.createdAt);
  return (await stat(folder)).mtimeMs;
}

async function packAll(folder: string, stopping: AbortSignal): Promise<void> {
  for (const file of await readdir(folder)) {
    if (file.endsWith(unfinishedEnd)) await rm(join(folder, file), { force: true });
    else if (file !== manifestFile && file !== deliveredFile && !file.endsWith(packedEnd))
      await pack(join(folder, file), stopping);
  }
}
