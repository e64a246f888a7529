import type { App } from './app.ts';
import { guardNames, trippedBy, type GuardName } from './domain/guards.ts';
import type { Run } from './domain/run.ts';
import { keptAccessNow } from './kept-access.ts';
import { troubles } from './health.ts';
import { packageVersion } from './version.ts';

const mostUsernames = 20;

/** How things are at this moment, light enough to be asked every few seconds. */
export async function overview(app: App) {
  const { daily, runs, activity, accounts, counts, backups, now } = app;
  const [due, last, stopped, reasons, everCreated, backup] = await Promise.all([
    daily.due(),
    runs.lastDelivered(),
    runs.inState('held', 'blocked', 'failed'),
    troubles(app),
    accounts.everCreated(),
    backups.newest(),
  ]);
  return {
    now: now().toISOString(),
    version: packageVersion(),
    settings: settingsOf(app),
    paused: daily.paused(),
    nextDueAt: due.next?.toISOString() ?? null,
    lastDelivered: last ? deliveredOf(last) : null,
    current: currentOf(await runs.inState('waiting', 'rendering', 'delivering'), daily.paused() !== null),
    health: { status: reasons.length === 0 ? ('ok' as const) : ('unhealthy' as const), reasons },
    waiting: {
      runs: stopped.map(stoppedOf),
      usernames: await usernamesOf(app),
      findings: await findingsOf(app),
      access: keptAccessNow(app),
    },
    guards: guardsTripped(app),
    accounts: counts.accounts(),
    roles: counts.roles(),
    helloId: { lastCall: activity.lastCall()?.toISOString() ?? null, everCreated },
    backup: backup ? { at: backup.at.toISOString() } : null,
    unknownKeys: app.keyRefusals.unknown(),
  };
}

function settingsOf({ config: { policy }, destination }: App) {
  return {
    language: policy.dashboard.language,
    personKey: policy.spendCloud.personKey,
    leavers: policy.spendCloud.leavers,
    username: policy.accounts.username,
    assignedBy: policy.roles.assignedBy,
    timeZone: policy.schedule.timeZone,
    files: [policy.files.persons.fileName, policy.files.roles.fileName],
    destination,
  };
}

/** The last delivery by its active people and their roles. */
function deliveredOf({ id, finishedAt, dueAt, trigger, files, effect }: Run) {
  const [persons, roles] = files;
  return {
    id,
    at: finishedAt,
    dueAt,
    trigger,
    persons: effect?.persons.total ?? persons?.rows ?? 0,
    roles: roles?.rows ?? 0,
    effect,
  };
}

function stoppedOf({ id, state, trigger, dueAt, reasons, retryAt }: Run) {
  return { id, state, trigger, dueAt, reasons, retryAt };
}

const guardDays = 90;

/** In how many runs of the last months each guard, with the limits of now, would have held: one that does so often is a limit to look at. */
export function guardsTripped({ runs, config, now }: Pick<App, 'runs' | 'config' | 'now'>) {
  const from = new Date(now().getTime() - guardDays * 86_400_000).toISOString();
  const measured = runs.measuredSince(from);
  const tripped = Object.fromEntries(guardNames.map((name) => [name, 0])) as Record<GuardName, number>;
  for (const measures of measured)
    for (const name of new Set(trippedBy(measures, config.policy.guards).map(({ guard }) => guard))) tripped[name] += 1;
  return { days: guardDays, runs: measured.length, tripped };
}

/** How far a run is; of several the one furthest on is told. */
const phases = ['replacing', 'sending', 'rendering', 'waiting', 'paused'] as const;
type Phase = (typeof phases)[number];

/** What is being done now, or waits to be done; as far as the ledger knows. */
function currentOf(open: readonly Run[], isPaused: boolean) {
  const told = open.map((run) => ({ run, phase: phaseOf(run, isPaused) }));
  const [first] = told.toSorted((one, other) => phases.indexOf(one.phase) - phases.indexOf(other.phase));
  if (!first) return null;
  const { id, trigger, state, dueAt, createdAt, startedAt } = first.run;
  return { id, trigger, state, phase: first.phase, dueAt, createdAt, startedAt };
}

/** A pause lets a run be made and an attempt under way end, and begins no other. */
function phaseOf({ state, files, attempts }: Run, isPaused: boolean): Phase {
  if (state === 'rendering') return 'rendering';
  if (state === 'waiting') return isPaused && files.length > 0 ? 'paused' : 'waiting';
  const attempt = attempts.at(-1);
  const isUnderWay = attempt?.finishedAt === null;
  if (isPaused && !isUnderWay) return 'paused';
  return isUnderWay && attempt.renamingAt !== null ? 'replacing' : 'sending';
}

async function usernamesOf({ usernames }: App) {
  const pending = await usernames.pending();
  const first = pending
    .slice(0, mostUsernames)
    .map(({ reference, before, key }) => ({ reference, before, after: key }));
  return { total: pending.length, first };
}

async function findingsOf({ runs, findings }: App) {
  const run = await runs.newestRendered();
  const shown = findings.shown(run?.findings ?? []);
  return { run: run?.id ?? null, unseen: shown.filter(({ seen }) => seen === null).length, total: shown.length };
}
