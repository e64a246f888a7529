import type { KnownFile, Look, Lying } from '../delivery/delivery.ts';
import {
  arrivedAfterAll,
  foreignIn,
  foreignReasons,
  type Arrived,
  type Expected,
  type FileContent,
} from '../domain/far-side.ts';
import type { FindingCode } from '../domain/findings.ts';
import type { DeliveryShape } from '../domain/first-time.ts';
import type { Run } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import { isDescribed, readDelivered, readManifest } from '../export/pair.ts';
import { pairFolder, type DailyParts } from './parts.ts';

/** Why an attempt stopped before anything became visible. */
export type Stopped = { kind: 'foreign'; reasons: string[] } | { kind: 'arrived'; arrived: Arrived; lying: Lying[] };

/** A look under the final names, and what came of it. */
export interface FarSideLook {
  /** Undefined for the folder in DATA_DIR, which is for trying out. */
  look: Look | undefined;
  stopped(): Stopped | undefined;
  /** Whether the names could be looked at; undefined while they were not. */
  seen(): boolean | undefined;
}

/** Runs of which one file was found at the far side since the last delivery, though they were thought failed. */
export interface ArrivedSince {
  persons?: number;
  roles?: number;
}

export function arrivedSince({ facts }: { facts: Pick<DailyParts['facts'], 'get'> }): ArrivedSince {
  return JSON.parse(facts.get('arrived-since') ?? '{}') as ArrivedSince;
}

export const unseenFinding = {
  code: 'far-side-unseen' satisfies FindingCode,
  reference: null,
  message:
    'Nobody sees whether another program writes at the destination, or whether an earlier run arrived there: the files there may not be looked at, or delivery.verify is "none"',
};

const runsTogether = 20;

/** What a run looks for before it takes the final names: what Spend Cloud has must be what the run was compared with. */
export async function lookBefore(parts: DailyParts, run: Run): Promise<FarSideLook> {
  let stopped: Stopped | undefined;
  let seen: boolean | undefined;
  const outcome = { stopped: () => stopped, seen: () => seen };
  if (!parts.isDestinationSet) return { look: undefined, ...outcome };
  const expected = await expectedUnder(parts, run);
  const names = run.files.map(({ name }) => name);
  const accepted = acceptedReasons(parts, run);

  async function judge(lying: Lying[]): Promise<void> {
    const [persons, roles] = lying;
    if (!persons || !roles) throw new Error('both names are looked at');
    seen = ![persons, roles].some(({ what }) => what === 'unseen');
    const arrived = arrivedAfterAll([persons, roles], expected);
    if (arrived) {
      stopped = { kind: 'arrived', arrived, lying };
      throw new AppError('delivery-failed', 'An earlier run has arrived after all; this one is judged again');
    }
    const reasons = isFirstThere(parts) ? [] : foreignReasons([persons, roles], expected, names);
    if (reasons.every((reason) => accepted.includes(reason))) return;
    stopped = { kind: 'foreign', reasons };
    throw new AppError('delivery-failed', reasons.join('; '));
  }

  return { look: { known: knownFiles(run, expected), judge }, ...outcome };
}

async function expectedUnder(parts: DailyParts, run: Run): Promise<Expected> {
  const { facts } = parts;
  const since = arrivedSince(parts);
  const delivered = facts.get('delivered-pair');
  const pairs = [delivered, since.persons, since.roles].flatMap((pair) => (pair === undefined ? [] : [String(pair)]));
  const base = pairs.map((pair) => contentOf(pairFolder(parts, pair)));
  const ours = (index: 0 | 1): FileContent[] => [...base, run.files].flatMap((files) => files[index] ?? []);
  return { ours: [ours(0), ours(1)], later: await sentSince(parts, run, delivered) };
}

/** What a pair was at the far side: a baseline is kept in another form than it was given in. */
function contentOf(folder: string): FileContent[] {
  return readDelivered(folder)?.given ?? readManifest(folder).files;
}

/** Runs that were sent after the last delivery, to this destination, and whose pairs are whole; the newest first. */
async function sentSince(parts: DailyParts, run: Run, delivered: string | undefined): Promise<Expected['later']> {
  const { runs, delivery } = parts;
  const lastRun = Number(delivered ?? 0);
  const at = Number.isNaN(lastRun) ? (readDelivered(pairFolder(parts, delivered ?? ''))?.at ?? '') : '';
  const isSince = ({ id, destination, attempts, state }: Run) =>
    id !== run.id &&
    !(id <= lastRun) &&
    state !== 'delivered' &&
    destination === delivery.describe() &&
    attempts.some(({ startedAt }) => startedAt >= at);
  const later: Expected['later'] = [];
  for (let page = await runs.list(runsTogether, null); page.length > 0;) {
    for (const { id, files } of page.filter(isSince)) {
      const [persons, roles] = files;
      const isWhole = persons && roles && (await isDescribed(pairFolder(parts, id)));
      if (isWhole) later.push({ run: id, files: [persons, roles] });
    }
    const below = page.at(-1)?.id ?? 0;
    page = below <= lastRun || later.length >= runsTogether ? [] : await runs.list(runsTogether, below);
  }
  return later;
}

function knownFiles({ files, attempts }: Run, { ours, later }: Expected): KnownFile[] {
  const isOwn = ({ sha256 }: FileContent) => attempts.length > 0 && files.some((file) => file.sha256 === sha256);
  return files.flatMap(({ name }, index) => {
    const place = index === 0 ? 0 : 1;
    const own = ours[place].map((file) => ({ name, ...contentIn(file), begun: isOwn(file) }));
    const sent = later.map((pair) => ({ name, ...contentIn(pair.files[place]), begun: true }));
    return [...own, ...sent];
  });
}

function contentIn({ bytes, sha256 }: FileContent): FileContent {
  return { bytes, sha256 };
}

/** Held as a first time there, and released by a person: what lies there is what the release replaces. */
function isFirstThere({ facts, delivery }: DailyParts): boolean {
  const last = facts.get('delivered-shape');
  return last === undefined || (JSON.parse(last) as DeliveryShape).destination !== delivery.describe();
}

interface AcceptedForeign {
  run: number;
  reasons: string[];
}

function acceptedReasons({ facts }: DailyParts, { id }: Run): string[] {
  const accepted = JSON.parse(facts.get('foreign-accepted') ?? 'null') as AcceptedForeign | null;
  return accepted?.run === id ? accepted.reasons : [];
}

/** A run that was held for what somebody else wrote was released: it goes once, as long as the same lies there. */
export async function acceptForeign({ facts }: Pick<DailyParts, 'facts'>, { id, reasons }: Run): Promise<void> {
  const foreign = foreignIn(reasons);
  if (foreign.length === 0) return;
  await facts.set({ 'foreign-accepted': JSON.stringify({ run: id, reasons: foreign } satisfies AcceptedForeign) });
}
