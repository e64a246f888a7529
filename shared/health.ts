import type { App } from './app.ts';
import { AppError } from './errors.ts';
import { afterOverdue, afterRun, afterSilence, daysBetween, helloIdSilentSince, overdueDelivery } from './watch.ts';

/** Why somebody should look, without personal data. */
export interface Trouble {
  code: 'database' | 'overdue' | 'run' | 'backup' | 'silent' | 'notifications' | 'erasure';
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

/** Everything that is wrong; empty when all is well. That the database takes writes is proven anew unless that was done so lately. */
export async function troubles(app: App, provenForSeconds = 0): Promise<Trouble[]> {
  return (await find(app, provenForSeconds)).map(({ openly: _openly, ...trouble }) => trouble);
}

/** The same in sentences for anybody. */
export async function unhealthyReasons(app: App): Promise<string[]> {
  return (await find(app, 0)).map(({ openly }) => openly);
}

async function find(app: App, provenForSeconds: number): Promise<Found[]> {
  const found = await Promise.all([
    databaseWritable(app, provenForSeconds),
    deliveryOnTime(app),
    lastRunWell(app),
    backupMade(app),
  ]);
  return [...found.flatMap((trouble) => trouble ?? []), ...helloIdCalls(app), ...messagesSent(app), ...erasedWell(app)];
}

async function databaseWritable({ facts, now }: App, provenForSeconds: number): Promise<Found | undefined> {
  const proven = Date.parse(facts.get('health-probe') ?? '');
  if (Math.abs(now().getTime() - proven) < provenForSeconds * 1000) return undefined;
  try {
    await facts.set({ 'health-probe': now().toISOString() });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return trouble('database', error.message);
    throw error;
  }
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
