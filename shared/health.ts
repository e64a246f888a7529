import type { App } from './app.ts';
import { AppError } from './errors.ts';

const minuteMilliseconds = 60_000;

/** Why somebody should look, in sentences without personal data; empty when all is well. */
export async function unhealthyReasons(app: App): Promise<string[]> {
  const found = await Promise.all([databaseWritable(app), deliveryOnTime(app), lastRunWell(app)]);
  return found.flatMap((reason) => reason ?? []);
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

async function deliveryOnTime({ daily, runs, accounts, config, now }: App): Promise<string | undefined> {
  const { newest } = await daily.due();
  if (!newest || !(await accounts.everCreated())) return undefined;
  const late = newest.getTime() + config.policy.schedule.overdueMinutes * minuteMilliseconds;
  const delivered = await runs.lastDelivered();
  if (now().getTime() < late || (delivered?.finishedAt ?? '') >= newest.toISOString()) return undefined;
  // a clock that was set back gives its delivery an end before its due time
  if ((await runs.forDueTime(newest.toISOString()))?.state === 'delivered') return undefined;
  return `The delivery due at ${newest.toISOString()} is overdue; see the newest run under /api/exports`;
}

async function lastRunWell({ runs }: App): Promise<string | undefined> {
  const [run] = (await runs.inState('held', 'blocked', 'failed')).slice(-1);
  return run && `Run ${run.id} is ${run.state}: ${run.reasons.join('; ')}`;
}
