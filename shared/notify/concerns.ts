import { createHash } from 'node:crypto';
import type { Run } from '../domain/run.ts';
import {
  afterOverdue,
  afterRun,
  afterSilence,
  daysBetween,
  helloIdSilentSince,
  overdueDelivery,
  type Watched,
} from '../watch.ts';
import { accessSentence, afterAccess } from '../domain/kept-access.ts';
import { keptAccessNow } from '../kept-access.ts';
import { overdueTakeOver } from '../takeover/open-take-over.ts';
import type { Notice } from './notice.ts';

/** Something that somebody must hear of, once. */
export interface Concern extends Notice {
  topic: Topic;
  /** What it is about, told apart from everything else, also after a restart; nothing personal. */
  keys: string[];
  /** Said again each week while it lasts. */
  isRepeated?: boolean;
}

export type Topic = 'delivery' | 'helloid' | 'usernames' | 'backup' | 'take-over' | 'access';

/** All there is to tell now, whether it was told before or not. */
export async function concernsNow(watched: Watched): Promise<Concern[]> {
  const stopped = await watched.runs.inState('failed', 'held', 'blocked');
  const others = [
    await overdue(watched),
    await usernames(watched),
    silence(watched),
    await backup(watched),
    takeOver(watched),
  ];
  return [...stopped.map(ofRun), ...others.flatMap((concern) => concern ?? []), ...access(watched)];
}

/** Which of these keys are about a delivery that has not come to its end yet, although it may be on its way again. */
export async function openDeliveries({ runs }: Watched, keys: readonly string[]): Promise<string[]> {
  const delivered = await runs.lastDelivered();
  const open: string[] = [];
  for (const key of keys) {
    const [kind, about = ''] = key.split(' ');
    if (kind === 'overdue' && about > (delivered?.finishedAt ?? '')) open.push(key);
    if (kind !== 'run') continue;
    const run = await runs.find(Number(about));
    if (run && !['delivered', 'discarded', 'superseded'].includes(run.state)) open.push(key);
  }
  return open;
}

function ofRun(run: Run): Concern {
  const waits = run.state === 'failed' && run.retryAt === null;
  return {
    topic: 'delivery',
    keys: [`run ${run.id} ${run.state}${waits ? ' waits' : ''}`],
    title: `Run ${run.id} ${run.state === 'failed' ? 'failed' : `is ${run.state}; nothing was sent`}`,
    lines: [...run.reasons, ...numbersOf(run)],
    next: afterRun(run),
  };
}

function numbersOf({ effect }: Run): string[] {
  if (!effect) return [];
  const list = (numbers: Record<string, number>) =>
    Object.entries(numbers)
      .map(([what, number]) => `${what} ${number}`)
      .join(', ');
  return [`Persons: ${list(effect.persons)}`, `Roles: ${list(effect.roles)}`];
}

async function overdue(watched: Watched): Promise<Concern | undefined> {
  const due = await overdueDelivery(watched);
  if (!due) return undefined;
  const [newest] = await watched.runs.list(1, null);
  const paused = watched.daily.paused();
  return {
    topic: 'delivery',
    keys: [`overdue ${due.toISOString()}`],
    title: `The delivery due at ${due.toISOString()} is overdue`,
    lines: [
      newest ? `The newest run is ${newest.id}; it is ${newest.state}` : 'No run was made for it',
      ...(paused ? [`Deliveries are paused since ${paused.at}`] : []),
    ],
    next: afterOverdue(paused),
  };
}

async function usernames({ usernames: store }: Watched): Promise<Concern | undefined> {
  const pending = await store.pending();
  if (pending.length === 0) return undefined;
  return {
    topic: 'usernames',
    keys: pending.map(({ account, key }) => `username ${digest(`${account} ${key}`)}`),
    title: `${pending.length} changed username(s) wait to be confirmed`,
    lines: ['Until then the files keep the old ones, because Spend Cloud takes another username for a new employee'],
    next: 'look whose they are (pendingUsername under /api/accounts/{reference}), then: spendcloud username accept REFERENCE --by NAME --reason TEXT',
  };
}

function silence(watched: Watched): Concern | undefined {
  const since = helloIdSilentSince(watched);
  if (!since) return undefined;
  return {
    topic: 'helloid',
    keys: [`silent ${since.toISOString()}`],
    title: `HelloID has not called for ${daysBetween(since, watched.now())} days`,
    lines: [`Its last call came at ${since.toISOString()}; what changed since then is in no file`],
    next: afterSilence,
  };
}

function takeOver(watched: Watched): Concern | undefined {
  const open = overdueTakeOver(watched);
  if (!open) return undefined;
  return {
    topic: 'take-over',
    keys: [`take-over ${open.at}`],
    isRepeated: true,
    title: 'The take-over from the earlier connector is not closed',
    lines: [`Not touched since ${open.at}: ${open.untouched} of ${open.of} people`],
    next: 'look at who they are (GET /api/take-over) and whether HelloID should have them, then: spendcloud adopt --close --by NAME --reason TEXT',
  };
}

/** One for each kind that nobody accepted; new again with each run that found more of it. */
function access(watched: Watched): Concern[] {
  const { run, kinds } = keptAccessNow(watched);
  const isTold = overdueTakeOver(watched) !== null; // with its own numbers
  return kinds
    .filter(({ code, accepted }) => accepted === null && !(isTold && code === 'untouched-since-take-over'))
    .map((kind) => ({
      topic: 'access',
      keys: kind.found.map((at) => `access ${kind.code} ${at}`),
      isRepeated: true,
      title: accessSentence(kind),
      lines: [`Found by run ${run ?? ''}, the first of them at ${kind.since}`],
      next:
        `look at who it is (dashboard: /api/dashboard#/deliveries/${run ?? ''}, or: spendcloud findings), then ${afterAccess(kind)}. ` +
        `If it may stay so: spendcloud findings accept ${kind.code} --until DATE --by NAME --reason TEXT`,
    }));
}

/** One key for all of a bad time: each half hour's new try is no news. */
async function backup({ backups }: Watched): Promise<Concern | undefined> {
  const reason = await backups.health();
  if (!reason) return undefined;
  return {
    topic: 'backup',
    keys: ['backup'],
    title: 'There is no backup of today',
    lines: [reason],
    next: 'mend what it says; it is tried again by itself, and at once by: spendcloud backup',
  };
}

/** Short, and says nothing of whom it is about. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
