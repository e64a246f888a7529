import { expect, onTestFinished } from 'vitest';
import type { App } from '../../shared/app.ts';
import type { Run } from '../../shared/domain/run.ts';
import { clockAt, temporaryFolder, testApp } from '../helpers.ts';
import { canLogIn, spendCloudAt, type SpendCloudAtFolder } from '../spend-cloud.ts';
import { startFarSide, type FarSide } from './far-side.ts';
import { hire, numbers, registered } from './people.ts';

/** A connector that has delivered once over a line that can break, and the Spend Cloud that fetched it. */
export interface Scene {
  far: FarSide;
  spendCloud: SpendCloudAtFolder;
  app: App;
  /** Opens another app on the same data folder and clock, with other settings. */
  reopen(environment: Record<string, string>): Promise<App>;
  environment: Record<string, string>;
  /** Somebody joins, and the clock goes to the next due time; gives that time. */
  morning(): Promise<string>;
  now(): Date;
  setClock(text: string): void;
  pass(minutes: number): void;
}

export interface SceneOptions {
  parent?: string;
  dataDir?: string;
  people?: number;
  /** How long one attempt may take; short only where a test waits for its end. */
  deadlineSeconds?: number;
}

export const decider = { by: 'Fenna', reason: 'looked at' };
const minuteMilliseconds = 60_000;
const dayMilliseconds = 1440 * minuteMilliseconds;

export async function aScene({
  parent,
  dataDir,
  people = 60,
  deadlineSeconds = 60,
}: SceneOptions = {}): Promise<Scene> {
  const far = await startFarSide(parent === undefined ? {} : { parent });
  onTestFinished(() => far.stop());
  const clock = clockAt('2026-11-23T10:00:00Z');
  const environment = { ...far.environment, DATA_DIR: dataDir ?? temporaryFolder() };
  const policy = { delivery: { deadlineSeconds } };
  const reopen = (more: Record<string, string>) =>
    testApp({ now: clock.now, policy, environment: { ...environment, ...more } });

  const app = await reopen({});
  await hire(app, numbers(1, people));
  const { id } = await app.daily.runNow();
  await app.daily.settled();
  const held = await runOf(app, id);
  expect(held.state).toBe('held');
  await app.daily.decide(held, 'release', decider);
  await app.daily.settled();

  let due = Date.parse('2026-11-23T04:30:00Z');
  let newest = people;
  const scene: Scene = {
    far,
    spendCloud: spendCloudAt(far.directory, registered),
    app,
    environment,
    reopen,
    async morning() {
      await hire(app, [(newest += 1)]);
      due += dayMilliseconds;
      clock.set(new Date(due).toISOString());
      return new Date(due).toISOString();
    },
    now: clock.now,
    setClock: clock.set,
    pass: (minutes) => clock.set(new Date(clock.now().getTime() + minutes * minuteMilliseconds).toISOString()),
  };
  await expectDelivered(scene);
  return scene;
}

export async function newestRun(app: App): Promise<Run> {
  const [run] = await app.runs.list(1, null);
  if (!run) throw new Error('there is no run');
  return run;
}

async function runOf(app: App, id: number): Promise<Run> {
  const run = await app.runs.find(id);
  if (!run) throw new Error(`there is no run ${id}`);
  return run;
}

/** The newest run is delivered, once, and Spend Cloud knows everybody. `fetched`: it took the files away already. */
export async function expectDelivered(
  { app, far, spendCloud }: Pick<Scene, 'app' | 'far' | 'spendCloud'>,
  { fetched = false } = {},
): Promise<void> {
  const run = await newestRun(app);
  expect(run).toMatchObject({ state: 'delivered', reasons: [], retryAt: null });
  expect(run.attempts.at(-1)).toMatchObject({ error: null, finishedAt: expect.any(String) as string });
  expect(far.renamesOf(run.id)).toEqual(['Users.csv', 'Roles.csv']);
  if (fetched) expect(far.visible()).toEqual({ persons: null, roles: null });
  else expect(far.visible()).toEqual({ persons: run.files[0]?.sha256, roles: run.files[1]?.sha256 });
  expect(spendCloud.fetch()).toEqual([]);
  const { enabled } = await app.accounts.count();
  expect(canLogIn(spendCloud.state())).toHaveLength(enabled);
  expect(spendCloud.state().roles).toHaveLength(enabled);
}

/** The newest run failed with this reason and nothing of it is to be seen at the far side. */
export async function expectFailed({ app, far }: Scene, reason: RegExp): Promise<Run> {
  const run = await newestRun(app);
  expect(run).toMatchObject({ state: 'failed', reasons: [expect.stringMatching(reason)] });
  expect(far.renamesOf(run.id)).toEqual([]);
  const last = await app.runs.lastDelivered();
  expect(far.visible()).toEqual({ persons: last?.files[0]?.sha256, roles: last?.files[1]?.sha256 });
  return run;
}
