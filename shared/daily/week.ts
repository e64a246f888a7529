import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measuresOf, trippedBy, weekMeasuresOf, type Measures } from '../domain/guards.ts';
import type { FindingCode } from '../domain/findings.ts';
import type { FreshFinding, Run } from '../domain/run.ts';
import { copyUnpacked } from '../export/packed.ts';
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
 * read, or nothing was delivered. A copy is read, because the pair is compressed, or may be at any moment.
 */
export async function withWeekPair<Result>(
  parts: DailyParts,
  work: (week: WeekPair | null) => Promise<Result>,
): Promise<Result> {
  const found = parts.guards.week && (await oldestReadable(parts));
  if (!found) return work(null);
  const { folder, since } = found;
  const copy = await mkdtemp(join(parts.archive, previewStart));
  try {
    await copyUnpacked(folder, copy, deliveredFile).catch(damaged);
    return await work({ folder: copy, since });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** A compressed file that cannot be unpacked is cut off in the copy, which its reader finds; what the disk refuses is another matter. */
function damaged(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_') && code !== 'ENOENT') throw error;
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

/** A damaged pair of before stops no delivery; that the week was not looked at is said. */
export function weekFindings({ weekFault }: Pick<RenderedDump, 'weekFault'>): FreshFinding[] {
  if (weekFault === null) return [];
  const message = 'The files of a week ago, which are kept in the archive, cannot be read: guards.week was not applied';
  return [{ code: 'week-not-compared' satisfies FindingCode, reference: null, message }];
}

/** With which pair the next week begins, where this run, now delivered, is that: nothing counted before it, or a person let the whole week go. */
export async function weekBegins(parts: DailyParts, run: Run, at: string): Promise<{ 'week-start'?: string }> {
  const { facts, runs, guards } = parts;
  const isFirst = facts.get('delivered-pair') === undefined || facts.get('restored-at') !== undefined;
  const wasReleased = run.decisions.some(({ decision }) => decision === 'release');
  const wasHeld = trippedBy(await runs.measured(run.id), guards).some(({ guard }) => guard === 'week');
  return isFirst || (wasReleased && wasHeld) ? { 'week-start': weekStart({ pair: String(run.id), at }) } : {};
}
