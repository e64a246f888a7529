import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measuresOf, trippedBy, weekMeasuresOf, type Measures } from '../domain/guards.ts';
import type { Run } from '../domain/run.ts';
import { copyUnpacked, isPacked } from '../export/packed.ts';
import { deliveredFile, isKeptWhole, readDelivered } from '../export/pair.ts';
import type { RenderedDump } from '../render-dump.ts';
import { weekPairs, weekStart } from '../store/week-pairs.ts';
import { pairFolder, previewStart, thinnedStart, type DailyParts } from './parts.ts';

/** The pair of a week ago, in a folder where its files can be read. */
export interface WeekPair {
  folder: string;
  /** UTC time at which it was delivered. */
  since: string;
}

/**
 * Does something with the pair that the guard of a week compares with: null where it is off, where nothing but the pair delivered last can be
 * read, or nothing was delivered. Most days that pair is compressed, and a copy of it is read.
 */
export async function withWeekPair<Result>(
  parts: DailyParts,
  work: (week: WeekPair | null) => Promise<Result>,
): Promise<Result> {
  const found = parts.guards.week && (await oldestReadable(parts));
  if (!found) return work(null);
  const { folder, since } = found;
  if (!isPacked(await readdir(folder))) return work(found);
  const copy = await mkdtemp(join(parts.archive, previewStart));
  try {
    await copyUnpacked(folder, copy, deliveredFile);
    return await work({ folder: copy, since });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** A pair that somebody removed is passed over, and so the week is shorter: what is left still counts more than a day. */
async function oldestReadable(parts: DailyParts): Promise<WeekPair | null> {
  const last = parts.facts.get('delivered-pair');
  for (const { pair, at } of await weekPairs(parts)) {
    if (pair === last) return null;
    for (const folder of [pairFolder(parts, pair), pairFolder(parts, `${thinnedStart}${pair}`)])
      if (isKeptWhole(folder)) return { folder, since: readDelivered(folder)?.at ?? at };
    parts.log.warn({ run: pair }, 'the pair of a week ago is not kept any more; the next one is compared with');
  }
  return null;
}

/** What the guards look at in a dump, by the worse of its possible effects. */
export function measured({ week }: RenderedDump, comparison: Parameters<typeof measuresOf>[0]): Measures | null {
  return measuresOf(comparison, week && weekMeasuresOf(week.comparison, week.since));
}

/** With which pair the next week begins, where this run, now delivered, is that: nothing counted before it, or a person let the whole week go. */
export async function weekBegins(parts: DailyParts, run: Run, at: string): Promise<{ 'week-start'?: string }> {
  const { facts, runs, guards } = parts;
  const isFirst = facts.get('delivered-pair') === undefined || facts.get('restored-at') !== undefined;
  const wasReleased = run.decisions.some(({ decision }) => decision === 'release');
  const wasHeld = trippedBy(await runs.measured(run.id), guards).some(({ guard }) => guard === 'week');
  return isFirst || (wasReleased && wasHeld) ? { 'week-start': weekStart({ pair: String(run.id), at }) } : {};
}
