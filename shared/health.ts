import type { App } from './app.ts';
import type { Config } from './config.ts';
import { accessSentence } from './domain/kept-access.ts';
import { keptAccessNow } from './kept-access.ts';
import { cannotRead } from './store/writer.ts';
import { afterOverdue, afterRun, afterSilence, daysBetween, helloIdSilentSince, overdueDelivery } from './watch.ts';

/** Why somebody should look, without personal data. */
export interface Trouble {
  code: 'database' | 'timer' | 'overdue' | 'run' | 'backup' | 'silent' | 'notifications' | 'erasure';
  reason: string;
  /** What to do about it; null where the reason says so. */
  next: string | null;
  /** The run it is about. */
  run: number | null;
  /** UTC; the due time that was missed, or HelloID's last call. */
  at: string | null;
}

/** A trouble, and what anybody may know of it: a reason that names hosts or folders is left to those who hold a key. */
interface Found extends Trouble {
  openly: string;
}

/** Everything that is wrong; empty when all is well. */
export async function troubles(app: App): Promise<Trouble[]> {
  return (await find(app)).map(({ openly: _openly, ...trouble }) => trouble);
}

/** The same in sentences for anybody: no folder of this machine is named. */
export async function unhealthyReasons(app: App): Promise<string[]> {
  return (await find(app)).map(({ openly }) => withoutFolders(openly, app.config));
}

/** A sentence in which the folders of this installation go by the names of their settings. */
export function withoutFolders(text: string, { dataDir, delivery }: Pick<Config, 'dataDir' | 'delivery'>): string {
  const outbox: [string, string][] = delivery.kind === 'folder' ? [[delivery.directory, 'OUTBOX_DIR']] : [];
  const folders: [string, string][] = [...outbox, [dataDir, 'DATA_DIR']];
  const longestFirst = folders.toSorted(([one], [other]) => other.length - one.length);
  return longestFirst.reduce((left, [folder, name]) => left.replaceAll(folder, name), text);
}

/** Since when deliveries are paused; undefined where they are not, or where that cannot be read. */
export function pausedSince({ daily }: Pick<App, 'daily'>): string | undefined {
  try {
    return daily.paused()?.at;
  } catch (error) {
    if (!cannotRead(error)) throw error;
    return undefined;
  }
}

/** Who has access and should perhaps not, in sentences for anybody; no trouble of the connector, so its status stays. */
export function attentionOf(app: App): string[] {
  try {
    const { run, kinds } = keptAccessNow(app);
    return kinds
      .filter(({ accepted }) => accepted === null)
      .map((kind) => `${accessSentence(kind)}; see /api/exports/${run ?? ''}`);
  } catch (error) {
    if (!cannotRead(error)) throw error;
    return [];
  }
}

async function find(app: App): Promise<Found[]> {
  const database = await databaseWritable(app);
  try {
    const others = await Promise.all([deliveryOnTime(app), lastRunWell(app), backupMade(app)]);
    const found = [database, ...others].flatMap((trouble) => trouble ?? []);
    return [...found, ...timerCalls(app), ...helloIdCalls(app), ...messagesSent(app), ...erasedWell(app)];
  } catch (error) {
    const unreadable = cannotRead(error);
    if (!unreadable) throw error;
    return [database ?? trouble('database', unreadable.message)]; // the rest stands in the database
  }
}

async function databaseWritable({ writeProof }: App): Promise<Found | undefined> {
  const error = await writeProof();
  return error && trouble('database', error.message);
}

async function deliveryOnTime(app: App): Promise<Found | undefined> {
  const due = await overdueDelivery(app);
  if (!due) return undefined;
  const at = due.toISOString();
  const reason = `The delivery due at ${at} is overdue; see the newest run under /api/exports`;
  return trouble('overdue', reason, { next: afterOverdue(app.daily.paused()), at });
}

async function lastRunWell({ runs }: App): Promise<Found | undefined> {
  const [run] = (await runs.inState('held', 'blocked', 'failed')).slice(-1);
  if (!run) return undefined;
  const heading = `Run ${run.id} is ${run.state}`;
  const openly = `${heading}; see /api/exports/${run.id}`;
  return trouble('run', `${heading}: ${run.reasons.join('; ')}`, { next: afterRun(run), run: run.id, openly });
}

async function backupMade({ backups }: App): Promise<Found | undefined> {
  const reason = await backups.health();
  const openly = 'The newest backup failed or is missing; see /api/overview or run: spendcloud doctor';
  return reason === undefined ? undefined : trouble('backup', reason, { next: 'run: spendcloud doctor', openly });
}

function timerCalls({ ticks }: App): Found[] {
  const since = ticks.missingSince();
  if (!since) return [];
  const at = since.toISOString();
  const next = 'restart the Functions host; if it stays so, see its log and docs/functions-host.md';
  return [trouble('timer', `The timer has not called since ${at}, and without it nothing is delivered`, { next, at })];
}

function helloIdCalls(app: App): Found[] {
  const since = helloIdSilentSince(app);
  if (!since) return [];
  const days = daysBetween(since, app.now());
  const reason = `HelloID has not called for ${days} days, since ${since.toISOString()}; see its agent`;
  return [trouble('silent', reason, { next: afterSilence, at: since.toISOString() })];
}

function messagesSent({ notifications }: App): Found[] {
  const next = 'mend what it says, then try it: spendcloud doctor --notify';
  return notifications.failures().map((reason) => trouble('notifications', reason, { next }));
}

function erasedWell({ privacy }: App): Found[] {
  return privacy.faults().map((reason) => trouble('erasure', reason));
}

function trouble(code: Trouble['code'], reason: string, more: Partial<Found> = {}): Found {
  return { code, reason, next: null, run: null, at: null, openly: reason, ...more };
}
