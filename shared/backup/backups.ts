import type { Daily } from '../daily.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { Facts } from '../store/facts.ts';
import type { RunLock } from '../store/run-lock.ts';
import type { RunStore } from '../store/runs.ts';
import { localBackups, sizedBackups, type KnownBackup } from './ageing.ts';
import { makeBackup, type BackupPlace } from './make-backup.ts';
import { copyOwedSince } from './owed.ts';

export interface Backups {
  /** A nudge: makes the backup of the day once its run has ended, or an hour after the due time. Never rejects for a backup that failed; see `health`. */
  tick(): Promise<void>;
  /** The newest backup that lies here. */
  newest(): Promise<KnownBackup | undefined>;
  /** All that lie here, newest first. */
  list(): Promise<(KnownBackup & { bytes: number })[]>;
  /** When and why the last one failed; undefined once one was made since, here and in the container. */
  failure(): Promise<BackupFailure | undefined>;
  /** Resolves once no backup is being made in this process. */
  settled(): Promise<void>;
  /** Why somebody should look; undefined when all is well. */
  health(): Promise<string | undefined>;
}

export interface BackupParts extends BackupPlace {
  accounts: Pick<AccountStore, 'everCreated'>;
  runs: Pick<RunStore, 'forDueTime'>;
  due: Daily['due'];
  facts: Facts;
  lock: RunLock;
  /** How long after that hour a missing backup is overdue. */
  overdueMinutes: number;
  log: Log;
  signal: AbortSignal;
}

export interface BackupFailure {
  at: string;
  message: string;
}

const minuteMilliseconds = 60_000;
const longestWaitForRun = 60 * minuteMilliseconds;
const pauseAfterFailure = 30 * minuteMilliseconds;
// Another process, such as somebody's command, may be copying.
const longestCopy = 60 * minuteMilliseconds;

/** The backup of each day. Files are the truth: whoever makes one by hand has made it. */
export function backups(parts: BackupParts): Backups {
  const { folder, accounts, runs, due, facts, lock, now, log } = parts;

  let working: Promise<void> | undefined;

  function tick(): Promise<void> {
    working ??= makeDue().finally(() => {
      working = undefined;
    });
    return working;
  }

  async function makeDue(): Promise<void> {
    if (!(await isDue())) return;
    const release = lock.take();
    if (!release) return; // another process is at it
    try {
      if (await isDue()) await make();
    } finally {
      release();
    }
  }

  async function make(): Promise<void> {
    try {
      const { bytes, databaseBytes, blob, removed } = await makeBackup(parts, undefined, parts.signal);
      if (facts.get('backup-failed')) await facts.set({ 'backup-failed': null });
      log.info({ bytes, databaseBytes, blob, removed: removed.length }, 'backup made');
    } catch (error) {
      if (parts.signal.aborted) return; // made later, also where only the copy is owed
      if (!(error instanceof AppError)) throw error;
      log.error({ code: error.code }, `backup failed: ${error.message}`);
      await facts.set({ 'backup-failed': JSON.stringify({ at: now().toISOString(), message: error.message }) });
    }
  }

  async function isDue(): Promise<boolean> {
    const newest = await dueTime();
    if (!newest) return false;
    const failed = await failure();
    if (failed) return !isRecent(failed);
    if (await isMadeSince(newest)) return false;
    if (now().getTime() >= newest.getTime() + longestWaitForRun) return true;
    const run = await runs.forDueTime(newest.toISOString());
    return run !== undefined && !['waiting', 'rendering', 'delivering'].includes(run.state);
  }

  /** The newest time, at or before a moment, that a backup belongs to; while there is nobody in the database, none. */
  async function dueTime(at = now()): Promise<Date | null> {
    return (await accounts.everCreated()) ? (await due(at)).newest : null;
  }

  /** Here, and in the container where there is one. */
  async function isMadeSince(time: Date): Promise<boolean> {
    const made = (await localBackups(folder)).some(({ at }) => at >= time && at <= now()); // not by a clock that ran ahead
    return made && !isCopyCutOff();
  }

  /** A failure of a time to come is none to wait for: the clock ran ahead then. */
  function isRecent(failed: BackupFailure): boolean {
    const since = now().getTime() - Date.parse(failed.at);
    return since >= 0 && since < pauseAfterFailure;
  }

  function isCopyCutOff(): boolean {
    const since = copyOwed();
    return since !== undefined && Math.abs(now().getTime() - since.getTime()) >= longestCopy;
  }

  function copyOwed(): Date | undefined {
    return parts.blobs ? copyOwedSince(folder) : undefined;
  }

  async function newestHere(): Promise<KnownBackup | undefined> {
    return (await localBackups(folder))[0];
  }

  async function health(): Promise<string | undefined> {
    const failed = await failure();
    if (failed) return `The backup failed at ${failed.at}: ${failed.message}`;
    const late = new Date(now().getTime() - longestWaitForRun - parts.overdueMinutes * minuteMilliseconds);
    const newest = await dueTime(late);
    if (!newest || (await isMadeSince(newest))) return undefined;
    if (isCopyCutOff())
      return 'The container has no whole copy of the newest backup, because copying it was interrupted; make one with: spendcloud backup';
    return `There is no backup since ${newest.toISOString()}; make one with: spendcloud backup`;
  }

  async function failure(): Promise<BackupFailure | undefined> {
    const stored = facts.get('backup-failed');
    if (stored === undefined) return undefined;
    const failed = JSON.parse(stored) as BackupFailure;
    const isMadeGood = (await isMadeSince(new Date(Date.parse(failed.at) + 1))) && !copyOwed(); // by hand
    return isMadeGood ? undefined : failed;
  }

  const settled = async () => working?.catch(() => undefined); // whoever started it hears of its failure
  return { tick, newest: newestHere, list: () => sizedBackups(folder), failure, settled, health };
}
