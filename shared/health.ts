import type { App } from './app.ts';
import { AppError } from './errors.ts';
import { daysBetween, helloIdSilentSince, overdueDelivery } from './watch.ts';

/** Why somebody should look, in sentences without personal data; empty when all is well. */
export async function unhealthyReasons(app: App): Promise<string[]> {
  const found = await Promise.all([databaseWritable(app), deliveryOnTime(app), lastRunWell(app), app.backups.health()]);
  return [...found.flatMap((reason) => reason ?? []), ...helloIdCalls(app), ...app.notifications.failures()];
}

async function databaseWritable({ facts, now }: App): Promise<string | undefined> {
  try {
    await facts.set({ 'health-probe': now().toISOString() });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

async function deliveryOnTime(app: App): Promise<string | undefined> {
  const due = await overdueDelivery(app);
  return due ? `The delivery due at ${due.toISOString()} is overdue; see the newest run under /api/exports` : undefined;
}

async function lastRunWell({ runs }: App): Promise<string | undefined> {
  const [run] = (await runs.inState('held', 'blocked', 'failed')).slice(-1);
  return run && `Run ${run.id} is ${run.state}: ${run.reasons.join('; ')}`;
}

function helloIdCalls(app: App): string[] {
  const since = helloIdSilentSince(app);
  return since
    ? [`HelloID has not called for ${daysBetween(since, app.now())} days, since ${since.toISOString()}; see its agent`]
    : [];
}
