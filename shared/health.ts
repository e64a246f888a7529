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

/** Everything that is wrong; empty when all is well. That the database takes writes is proven anew unless that was done so lately. */
export async function troubles(app: App, provenForSeconds = 0): Promise<Trouble[]> {
  const found = await Promise.all([
    databaseWritable(app, provenForSeconds),
    deliveryOnTime(app),
    lastRunWell(app),
    backupMade(app),
  ]);
  return [...found.flatMap((trouble) => trouble ?? []), ...helloIdCalls(app), ...messagesSent(app), ...erasedWell(app)];
}

/** The same in sentences. */
export async function unhealthyReasons(app: App): Promise<string[]> {
  return (await troubles(app)).map(({ reason }) => reason);
}

async function databaseWritable({ facts, now }: App, provenForSeconds: number): Promise<Trouble | undefined> {
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

async function deliveryOnTime(app: App): Promise<Trouble | undefined> {
  const due = await overdueDelivery(app);
  if (!due) return undefined;
  const at = due.toISOString();
  const reason = `The delivery due at ${at} is overdue; see the newest run under /api/exports`;
  return trouble('overdue', reason, { next: afterOverdue(app.daily.paused()), at });
}

async function lastRunWell({ runs }: App): Promise<Trouble | undefined> {
  const [run] = (await runs.inState('held', 'blocked', 'failed')).slice(-1);
  if (!run) return undefined;
  const reason = `Run ${run.id} is ${run.state}: ${run.reasons.join('; ')}`;
  return trouble('run', reason, { next: afterRun(run), run: run.id });
}

async function backupMade({ backups }: App): Promise<Trouble | undefined> {
  const reason = await backups.health();
  return reason === undefined ? undefined : trouble('backup', reason, { next: 'run: spendcloud doctor' });
}

function helloIdCalls(app: App): Trouble[] {
  const since = helloIdSilentSince(app);
  if (!since) return [];
  const days = daysBetween(since, app.now());
  const reason = `HelloID has not called for ${days} days, since ${since.toISOString()}; see its agent`;
  return [trouble('silent', reason, { next: afterSilence, at: since.toISOString() })];
}

function messagesSent({ notifications }: App): Trouble[] {
  const next = 'mend what it says, then try it: spendcloud doctor --notify';
  return notifications.failures().map((reason) => trouble('notifications', reason, { next }));
}

function erasedWell({ privacy }: App): Trouble[] {
  return privacy.faults().map((reason) => trouble('erasure', reason));
}

function trouble(code: Trouble['code'], reason: string, more: Partial<Trouble> = {}): Trouble {
  return { code, reason, next: null, run: null, at: null, ...more };
}
