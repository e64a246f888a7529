import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { keyForm, visibleForm } from '../domain/key-form.ts';
import type { RunState } from '../domain/run.ts';
import { unpackPair } from '../export/packed.ts';
import { inWords, isPairName, readDelivered, readOwners, type RowOwner } from '../export/pair.ts';
import { AppError } from '../errors.ts';
import { lostHeads } from '../kept-heads.ts';
import type { Log } from '../log.ts';
import { aboutNoAccount, auditTrail, type AuditTrail, type TrailHead } from '../store/audit.ts';
import { factStore, type Facts } from '../store/facts.ts';
import { databasePath, openDatabase, vacuum, type OpenDatabase } from '../store/open.ts';
import { runStore, type DeliveredPerson, type RunStore } from '../store/runs.ts';
import { writer, type Write } from '../store/writer.ts';
import { eraseAgain, type AgainOrder } from './erase-again.ts';
import type { Before } from './replace.ts';

export interface RestoredFrom extends AgainOrder {
  /** Where the key for digests of erased persons lies. */
  dataDir: string;
  /** Rendered pairs, a folder per run. */
  archive: string;
  /** The name of the backup. */
  source: string;
  before: Before;
  log: Log;
}

// Slices as in a delivery.
const personsTogether = 500;
const openStates: RunState[] = ['waiting', 'rendering', 'held', 'blocked', 'delivering', 'failed'];

/** Brings an unpacked database to this release and writes into it what the restore means, before it is put in place. */
export async function prepareRestored(
  folder: string,
  from: RestoredFrom,
): Promise<{
  accounts: number;
  trail: TrailHead;
  baseline: string | null;
  erasedAgain: number;
  keyFault: string | null;
}> {
  const { dataDir, archive, erasures, now, log } = from;
  const database = openDatabase(folder, log, dataDir);
  try {
    const { write } = writer(database.writing);
    const audit = auditTrail(database.writing, database.reading);
    const facts = factStore(database, write, audit, () => now);
    const runs = runStore(database, write, audit, () => now);
    const baseline = await takeUpBeside({ database, write, facts, runs, archive }, openStates, now);
    const trail = audit.head();
    const lost = lostHeads(databasePath(dataDir), database);
    await write(() => record(audit, { trail, baseline, lost }, from));
    const erasedAgain = await eraseAgain(database, write, audit, from);
    const count = database.reading
      .prepare<[], number>('SELECT count(*) FROM accounts WHERE deleted_at IS NULL')
      .pluck();
    database.files.moving();
    if (erasures.length > 0) vacuum(database.writing); // else copies of rows that were moved stay in its pages
    const [{ busy } = { busy: 1 }] = database.writing.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (busy !== 0) throw new AppError('unavailable', 'The restored database could not be written whole; try again');
    const keyFault = database.erasureKey.fault() ?? null;
    return { accounts: count.get() ?? 0, trail, baseline, erasedAgain, keyFault };
  } finally {
    database.close();
  }
}

/** What a database that is older than the pairs beside it needs to know of them. */
export interface BesideParts {
  database: OpenDatabase;
  write: Write;
  facts: Facts;
  runs: RunStore;
  /** Rendered pairs, a folder per run. */
  archive: string;
  /** The fact `older-than`, where nobody restored it. */
  olderThan?: string;
}

/**
 * Brings an older database to what lies beside it: the pair that Spend Cloud got last and the names in it. Runs in these states are given up, for
 * an old list must not go out by itself, and the next delivery will be held. Gives the name of that pair.
 */
export async function takeUpBeside(
  { database, write, facts, runs, archive, olderThan }: BesideParts,
  givenUp: readonly RunState[],
  now: Date,
): Promise<string | null> {
  await write(() => reserveRuns(database, archive));
  await runs.supersedeBefore(Number.MAX_SAFE_INTEGER, ...givenUp);
  const baseline = newestDelivered(archive) ?? stillThere(archive, facts.get('delivered-pair'));
  let toldInactive = false;
  if (baseline !== null) {
    await unpackPair(join(archive, baseline), new AbortController().signal); // compressed where a later pair took its place
    const delivery = { run: Number(baseline) || 0, at: now.toISOString() };
    toldInactive = await rememberUsernames(database, runs, write, join(archive, baseline), delivery);
  }
  const shape = baseline === null ? undefined : readDelivered(join(archive, baseline))?.shape;
  await facts.set({
    'restored-at': now.toISOString(),
    'older-than': olderThan ?? null,
    ...{ 'arrived-since': null, 'foreign-accepted': null }, // of the time before what counts now
    'delivered-pair': baseline,
    ...(shape !== undefined && { 'delivered-shape': shape }),
    ...(toldInactive && { 'delivered-inactive': now.toISOString() }),
    'week-start': null,
    'backup-failed': null,
    'outbox-place': null, // this may be another machine; the first delivery is held for a person in any case
  });
  return baseline;
}

/** Pairs of runs that the backup does not know keep their numbers: new runs begin behind them. */
function reserveRuns({ writing }: OpenDatabase, archive: string): void {
  const highest = Math.max(0, ...namesIn(archive).map(Number).filter(Number.isSafeInteger));
  writing
    .prepare(
      "INSERT INTO sqlite_sequence (name, seq) SELECT 'runs', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'runs')",
    )
    .run();
  writing.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'runs'").run(highest);
}

/**
 * The pair that Spend Cloud got last, whatever the backup knows of it. Runs are told apart by their numbers, for a clock that ran ahead leaves times that are
 * later than those after it; a baseline has only its time.
 */
export function newestDelivered(archive: string): string | undefined {
  const found = namesIn(archive)
    .filter(isPairName)
    .flatMap((name) => {
      const delivered = readDelivered(join(archive, name));
      return delivered ? [{ name, at: delivered.at, run: Number(name) }] : [];
    });
  const baseline = found.find(({ run }) => Number.isNaN(run));
  const [run] = found.filter((pair) => pair !== baseline).sort((some, other) => other.run - some.run);
  return (baseline && (!run || run.at < baseline.at) ? baseline : run)?.name;
}

function stillThere(archive: string, pair: string | undefined): string | null {
  return pair !== undefined && namesIn(join(archive, pair)).length > 0 ? pair : null;
}

/**
 * Spend Cloud knows people by the names of that pair: a changed one must be confirmed, and none is given to somebody else. Who is not in the backup may have
 * his own again, so that HelloID can create him anew. Gives whether the pair says of anybody that he is not active any more.
 */
async function rememberUsernames(
  database: OpenDatabase,
  runs: RunStore,
  write: Write,
  pair: string,
  { run, at }: { run: number; at: string },
): Promise<boolean> {
  const isKnown = database.writing.prepare<[number], 1>('SELECT 1 FROM accounts WHERE id = ?').pluck();
  const allow = database.writing.prepare(
    'INSERT OR IGNORE INTO allowed_usernames (username_key, external_id, allowed_at) VALUES (?, ?, ?)',
  );
  let persons: DeliveredPerson[] = [];
  let lost: RowOwner[] = [];
  let toldInactive = false;
  const put = async () => {
    await runs.rememberDelivered(run, at, persons);
    await write(() =>
      lost.forEach(({ username, externalId }) => allow.run(keyForm(username), visibleForm(externalId), at)),
    );
    persons = [];
    lost = [];
  };
  for (const owner of readOwners(pair)) {
    const isActive = owner.inactiveSince === null;
    if (!isActive) toldInactive = true;
    if (owner.account === null) continue;
    const { account, username, externalId } = owner;
    if (isKnown.get(account) === undefined) lost.push(owner);
    if (persons.push({ account, username, externalId, isActive }) >= personsTogether) await put();
  }
  await put();
  return toldInactive;
}

function record(
  audit: AuditTrail,
  { trail, baseline, lost }: { trail: TrailHead; baseline: string | null; lost: TrailHead[] },
  { source, before, decider, now }: RestoredFrom,
): void {
  const { by, reason } = decider;
  audit.append(
    now.toISOString(),
    'restore',
    null,
    aboutNoAccount({
      outcome: 'restored',
      success: true,
      key: by,
      messages: [
        `Restored from [${source}], whose trail ends at entry ${trail.entry} (${trail.hash})`,
        before.trail
          ? `The replaced trail ended at entry ${before.trail.entry} (${before.trail.hash})`
          : 'No trail was there before, or it could not be read',
        baseline === null
          ? 'No delivered pair is left to compare with'
          : `The next dump is compared with the pair of ${inWords(baseline)}`,
        `${by} decided: restore. Reason: ${reason}`,
      ],
      by,
      reason,
      restored: { from: trail, replaced: before.trail, lost },
    }),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no archive is left
  }
}
