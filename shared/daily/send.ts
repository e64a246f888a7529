import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Outcome, Shipment } from '../delivery/delivery.ts';
import { retryAt } from '../domain/retry.ts';
import { isUnknown, type Attempt, type Run, type RunState } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import { hasInactive, isDescribed, readManifest, readOwners, writeDelivered } from '../export/pair.ts';
import type { DeliveredPerson } from '../store/runs.ts';
import { lookBefore, unseenFinding, type FarSideLook, type Stopped } from './far-side.ts';
import { pairFolder, type DailyParts } from './parts.ts';
import { shapeOf } from './render.ts';
import { runFailure } from './run-failure.ts';
import { weekBegins } from './week.ts';

// Slices small enough for HelloID's actions to go in between.
const personsTogether = 500;

/** One that was given up or held after an attempt may be found at the far side later. */
const mayHaveArrived: readonly RunState[] = ['rendering', 'delivering', 'failed', 'held', 'superseded', 'discarded'];

/** Delivers a rendered run, or goes on where an earlier attempt at it stopped; says why where it stopped before anything became visible. */
export async function sendRun(parts: DailyParts, run: Run): Promise<Stopped | undefined> {
  const looking = await lookBefore(parts, run);
  try {
    await send(parts, run, looking);
    return undefined;
  } catch (error) {
    const stopped = looking.stopped();
    if (!stopped) throw error;
    return stopped;
  } finally {
    await tellUnseen(parts, run, looking);
  }
}

async function send(parts: DailyParts, run: Run, looking: FarSideLook): Promise<void> {
  const { runs, delivery } = parts;
  const last = run.attempts.at(-1);
  if (last && arrived(last)) return settle(parts, run);
  const open = last && isUnknown(last) ? last : undefined;
  const outcome = open && (await finishes(parts, run, open, looking));
  if (outcome === 'arrived') return settle(parts, run);
  const sentAgain = (attempt: Attempt, why: string) =>
    runs.endAttempt(run.id, attempt.number, attempt.error ?? `${why}: they are sent again`);
  if (open && outcome === 'absent')
    await sentAgain(open, 'It stopped while renaming, and the far side has neither file');
  const number = await runs.startAttempt(run.id);
  try {
    await delivery.deliver(shipmentOf(parts, run, number), () => runs.attemptRenames(run.id, number), looking.look);
  } catch (error) {
    if (error instanceof AppError && error.code !== 'delivery-unknown')
      await runs.endAttempt(run.id, number, error.message);
    throw error;
  }
  await runs.endAttempt(run.id, number, null);
  // while it was not known whether it had arrived, it could be asked for as the base of a newer run
  if (open && outcome === 'unseen')
    await sentAgain(open, 'It stopped while renaming, and the far side does not tell whether the files arrived');
  await settle(parts, run);
}

/** Says once that nobody sees who writes at the far side, for as long as that is so. */
async function tellUnseen({ runs, facts, now, log }: DailyParts, run: Run, { seen }: FarSideLook): Promise<void> {
  const isTold = facts.get('far-side-unseen') !== undefined;
  if (seen() === true && isTold) await facts.set({ 'far-side-unseen': null });
  if (seen() !== false) return;
  if (!isTold) {
    log.warn({ run: run.id }, unseenFinding.message);
    await facts.set({ 'far-side-unseen': now().toISOString() });
  }
  const current = await runs.find(run.id);
  if (!current || current.findings.some(({ code }) => code === unseenFinding.code)) return;
  await runs.addFinding(run.id, { ...unseenFinding, since: now().toISOString() });
}

/** Writes down that a run failed, and when it goes on by itself. */
export async function failRun({ runs, log, now }: DailyParts, run: Run, error: AppError): Promise<void> {
  const failures = run.attempts.length + 1;
  const next = error.code === 'delivery-refused' ? null : retryAt(failures, now(), Math.random());
  log.error({ run: run.id, code: error.code, retryAt: next }, `run failed while ${run.state}: ${error.message}`);
  await runs.move(run.id, [run.state], { state: 'failed', reasons: [error.message], retryAt: next });
}

/** Looks at the far side, and finishes there what an attempt began; marks the attempt when it did. */
export async function finishes(
  parts: DailyParts,
  run: Run,
  { number }: Attempt,
  { look }: FarSideLook,
): Promise<Outcome> {
  const outcome = await parts.delivery.finish(shipmentOf(parts, run, number), look);
  if (outcome === 'arrived') await parts.runs.endAttempt(run.id, number, null);
  return outcome;
}

/** True when a rendered run can go out as it is: to the destination it was judged for, both files still there, whole, and what is told of them. */
export async function isReady(parts: DailyParts, run: Run): Promise<boolean> {
  if (run.destination !== parts.delivery.describe()) return false;
  const sizeOf = (name: string) =>
    stat(`${pairFolder(parts, run.id)}/${name}`).then(
      ({ size }) => size,
      () => -1,
    );
  const sizes = await Promise.all(run.files.map(({ name }) => sizeOf(name)));
  if (run.files.length === 0 || !run.files.every(({ bytes }, index) => bytes === sizes[index])) return false;
  return isDescribed(pairFolder(parts, run.id));
}

/** A run is rendered again, for its files or its destination are others now: what arrived before is not what will be sent. */
export async function disownArrived({ runs }: DailyParts, { id, attempts }: Run): Promise<void> {
  const last = attempts.at(-1);
  if (last && arrived(last))
    await runs.endAttempt(
      id,
      last.number,
      'It arrived, but its files or its destination changed before that was written down',
    );
}

/** Everything that follows from a delivery; harmless to repeat, so a crash in between loses nothing. */
export async function settle(parts: DailyParts, run: Run): Promise<void> {
  try {
    await record(parts, run);
  } catch (error) {
    throw runFailure('The files have arrived, and that could not be written down', error);
  }
}

async function record(parts: DailyParts, run: Run): Promise<void> {
  const { runs, facts, delivery, trailHead, now, log } = parts;
  const folder = pairFolder(parts, run.id);
  const manifest = readManifest(folder);
  const shape = JSON.stringify(shapeOf(run.destination ?? delivery.describe(), manifest));
  await rememberUsernames(parts, run.id, folder);
  const at = now().toISOString();
  writeDelivered(folder, { at, shape, trail: trailHead() });
  await facts.set({
    ...(await weekBegins(parts, run, at)),
    'delivered-shape': shape,
    'delivered-pair': String(run.id),
    ...{ 'restored-at': null, 'older-than': null, 'arrived-since': null, 'foreign-accepted': null },
    ...(hasInactive(manifest) && { 'delivered-inactive': now().toISOString() }),
  });
  await runs.move(run.id, mayHaveArrived, { state: 'delivered', reasons: [] });
  await runs.supersedeBefore(run.id, 'waiting', 'held', 'blocked', 'failed');
  log.info({ run: run.id, destination: delivery.kind, files: run.files }, 'dump delivered');
}

/** Remembers under which username each person of a delivered pair went out; harmless to repeat. */
export async function rememberUsernames(
  { runs, now }: Pick<DailyParts, 'runs' | 'now'>,
  run: number,
  folder: string,
): Promise<void> {
  const at = now().toISOString();
  let slice: DeliveredPerson[] = [];
  let read = 0;
  for (const { account, username, externalId, isNew, inactiveSince } of readOwners(folder)) {
    read += 1;
    if (read % personsTogether === 0) await setImmediate(); // most days nobody is new: HelloID's actions go in between all the same
    if (!isNew) continue;
    const isActive = inactiveSince === null;
    if (slice.push({ account, username, externalId, isActive }) < personsTogether) continue;
    await runs.rememberDelivered(run, at, slice);
    slice = [];
  }
  if (slice.length > 0) await runs.rememberDelivered(run, at, slice);
}

/** Whether an attempt is known to have delivered: what is left is to settle it. */
export function arrived({ finishedAt, error }: Attempt): boolean {
  return finishedAt !== null && error === null;
}

function shipmentOf(parts: DailyParts, run: Run, attempt: number): Shipment {
  const files = run.files.map((file) => ({ ...file, path: `${pairFolder(parts, run.id)}/${file.name}` }));
  return { id: `r${run.id}-${attempt}`, files };
}
