import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallActivity } from './activity.ts';
import type { Backups } from './backup/backups.ts';
import { accessCodes, type KeptAccess } from './domain/kept-access.ts';
import { runStates, type Run } from './domain/run.ts';
import type { RefusalReason } from './key-refusals.ts';
import type { Counts } from './store/counts.ts';
import type { RunStore } from './store/runs.ts';
import type { WriterCounts } from './store/writer.ts';

export interface Metrics {
  /** Counts one of HelloID's actions; cheap, because every call does it. */
  acted(action: string, outcome: string, seconds: number): void;
  /** The Prometheus text of this moment. */
  text(): Promise<string>;
  contentType: string;
}

export interface MetricSources {
  counts: Counts;
  runs: Pick<RunStore, 'lastDelivered'>;
  backups: Pick<Backups, 'newest'>;
  activity: CallActivity;
  access: () => KeptAccess;
  /** In how many runs of the last months each guard would have held. */
  guardTrips(): Record<string, number>;
  writer: Readonly<WriterCounts>;
  refusedKeys: () => Readonly<Record<RefusalReason, number>>;
  now: () => Date;
}

// An action takes a disk sync; a slow one waits for others or for the disk.
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Everything but the actions is looked up when somebody asks, and costs nothing in between. */
export function metrics(sources: MetricSources): Metrics {
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  const actions = new Counter({
    name: 'spendcloud_actions_total',
    help: "HelloID's actions by kind and outcome; previews count as preview, refused calls by their error code",
    labelNames: ['action', 'outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'spendcloud_action_duration_seconds',
    help: 'From the arrival of an action to its answer',
    labelNames: ['action'] as const,
    buckets,
    registers,
  });
  // looked up once per kind and outcome: the library's own look-up sorts and joins the labels of each call
  const counterOf = remembered((action, outcome = '') => actions.labels(action, outcome));
  const durationOf = remembered((action) => durations.labels(action));
  defineGauges(sources, registers);
  let defaults = false;

  return {
    contentType: register.contentType,
    acted: (action, outcome, seconds) => {
      counterOf(action, outcome).inc();
      durationOf(action).observe(seconds);
    },
    text: async () => {
      if (!defaults) collectDefaultMetrics({ register }); // these watch the process from then on, so not before somebody wants them
      defaults = true;
      return register.metrics();
    },
  };
}

function remembered<T>(make: (name: string, more?: string) => T): (name: string, more?: string) => T {
  const made = new Map<string, T>();
  return (name, more) => {
    const key = more === undefined ? name : `${name} ${more}`;
    const found = made.get(key) ?? make(name, more);
    made.set(key, found);
    return found;
  };
}

function defineGauges(
  { counts, runs, backups, activity, access, guardTrips, writer, refusedKeys, now }: MetricSources,
  registers: Registry[],
): void {
  const age = (since: Date | string) => (now().getTime() - new Date(since).getTime()) / 1000;
  const value = (name: string, help: string, read: () => number | null | Promise<number | null>) =>
    new Gauge({
      name: `spendcloud_${name}`,
      help,
      registers,
      async collect() {
        this.reset();
        const found = await read();
        if (found === null)
          this.remove(); // what never happened has no age
        else this.set(found);
      },
    });
  const labelled = (
    name: string,
    help: string,
    label: string,
    read: () => [string, number][] | Promise<[string, number][]>,
  ) =>
    new Gauge({
      name: `spendcloud_${name}`,
      help,
      labelNames: [label],
      registers,
      async collect() {
        this.reset();
        for (const [kind, number] of await read()) this.set({ [label]: kind }, number);
      },
    });
  const ofLast = async <T>(read: (run: Run) => T) => {
    const last = await runs.lastDelivered();
    return last ? read(last) : null;
  };

  value('commits', 'Commits to the database since the start', () => writer.commits);
  value('changes', 'Changes in those commits; divided by them: changes per commit', () => writer.changes);
  labelled('refused_keys', 'Calls since the start that were refused for their key', 'reason', () =>
    Object.entries(refusedKeys()),
  );
  labelled('accounts', 'Living accounts', 'access', () => Object.entries(counts.accounts()));
  value('roles', 'Roles of living accounts', () => counts.roles());
  labelled('runs', 'Runs by state', 'state', () => {
    const found = new Map(counts.runs().map(({ state, runs: number }) => [state, number]));
    return runStates.map((state) => [state, found.get(state) ?? 0]);
  });
  value('last_delivery_age_seconds', 'Since the newest delivery ended', () =>
    ofLast(({ finishedAt }) => (finishedAt === null ? null : age(finishedAt))),
  );
  value('last_delivery_duration_seconds', 'From the begin of its dump to its end, waiting for a release included', () =>
    ofLast(({ startedAt, finishedAt }) => (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000),
  );
  labelled(
    'last_delivery_rows',
    'Rows of the newest delivery',
    'file',
    async () => (await ofLast(({ files }) => files.map(({ name, rows }): [string, number] => [name, rows]))) ?? [],
  );
  labelled(
    'last_delivery_effect',
    'What the newest delivery changed in Spend Cloud',
    'change',
    async () => (await ofLast(effectOf)) ?? [],
  );
  labelled(
    'access_findings',
    'Who has access and should perhaps not, by kind; 0 while a kind is accepted',
    'kind',
    () => {
      const open = access().kinds.filter(({ accepted }) => accepted === null);
      const found = new Map(open.map(({ code, count }) => [code, count]));
      return accessCodes.map((code) => [code, found.get(code) ?? 0]);
    },
  );
  labelled(
    'guard_trips',
    'Runs of the last 90 days in which a guard, with the limits of now, would have held',
    'guard',
    () => Object.entries(guardTrips()),
  );
  value('database_bytes', 'Size of the database on disk', () => counts.bytes());
  value('backup_age_seconds', 'Since the newest backup that lies here', async () => {
    const newest = await backups.newest();
    return newest ? age(newest.at) : null;
  });
  value('helloid_silence_seconds', "Since HelloID's last call", () => {
    const last = activity.lastCall();
    return last ? age(last) : null;
  });
}

/** `persons_added`, `roles_removed` … of a run. */
function effectOf({ effect }: Run): [string, number][] {
  const all = { persons: effect?.persons ?? {}, roles: effect?.roles ?? {} };
  return Object.entries(all).flatMap(([of, numbers]) =>
    Object.entries(numbers as Record<string, number>).map(([what, number]): [string, number] => [
      `${of}_${what}`,
      number,
    ]),
  );
}
