import { rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../shared/app.ts';
import { silent } from '../shared/log.ts';
import { runLock } from '../shared/store/run-lock.ts';
import { clockAt, countInFileAlone, createBody, testApp, testConfig, testServer, temporaryFolder } from './helpers.ts';

const monday = '2026-11-23T10:00:00.000Z';
const tuesdayDue = '2026-11-24T04:30:00.000Z'; // 05:30 in Amsterdam

async function states(app: Awaited<ReturnType<typeof testApp>>) {
  return (await app.runs.list(100, null)).map(({ dueAt, state, trigger }) => ({ dueAt, state, trigger }));
}

test('a dump is due at each time of the schedule, counted from the first start, and is delivered once', async () => {
  const clock = clockAt(monday);
  const { app, post } = await testServer({ now: clock.now });
  await post('helloid/create', createBody(1));
  await app.daily.tick();
  expect(await states(app)).toEqual([]);
  clock.set('2026-11-24T04:29:59.999Z');
  await app.daily.tick();
  expect(await states(app)).toEqual([]);
  clock.set(tuesdayDue);
  await Promise.all([app.daily.tick(), app.daily.tick()]);
  await app.daily.tick();
  expect(await states(app)).toEqual([{ dueAt: tuesdayDue, state: 'delivered', trigger: 'schedule' }]);
});

test('the thread that made a dump also moves what the WAL gathered meanwhile, so that no action has to', async () => {
  const { app, post } = await testServer();
  const { dataDir } = app.config;
  await post('helloid/create', createBody(1));
  const inFileAlone = () => countInFileAlone(join(dataDir, 'spendcloud.db'), 'accounts');
  expect(inFileAlone()).toBe(0);
  await app.daily.preview();
  expect(inFileAlone()).toBe(1);
});

test('ticks in between use up no run numbers', async () => {
  const clock = clockAt(monday);
  const { app, post } = await testServer({ now: clock.now });
  await post('helloid/create', createBody(1));
  for (const day of [tuesdayDue, '2026-11-25T04:30:00.000Z']) {
    clock.set(day);
    for (let tick = 0; tick < 5; tick += 1) await app.daily.tick();
  }
  expect((await app.runs.list(10, null)).map(({ id }) => id)).toEqual([2, 1]);
});

test('after an outage only the newest due time counts', async () => {
  const clock = clockAt(monday);
  const { app, post } = await testServer({ now: clock.now });
  await post('helloid/create', createBody(1));
  clock.set('2026-11-30T12:00:00.000Z');
  await app.daily.tick();
  expect(await states(app)).toEqual([{ dueAt: '2026-11-30T04:30:00.000Z', state: 'delivered', trigger: 'schedule' }]);
});

test('before any account was made a due time is skipped and is not overdue, and a run by hand is blocked', async () => {
  const clock = clockAt(monday);
  const { app, get } = await testServer({ now: clock.now });
  clock.set('2026-11-25T12:00:00.000Z');
  await app.daily.tick();
  expect(await states(app)).toEqual([]);
  expect((await get('health', null)).status).toBe(200);
  await app.daily.runNow();
  await app.daily.settled();
  expect(await states(app)).toMatchObject([{ state: 'blocked', trigger: 'manual' }]);
});

test('due times count anew from a change of schedule or destination', async () => {
  const clock = clockAt(monday);
  const folder = temporaryFolder();
  const { post } = await testServer({ now: clock.now, environment: { DATA_DIR: folder } });
  await post('helloid/create', createBody(1));
  clock.set('2026-11-25T12:00:00.000Z');
  const moved = await testApp({
    now: clock.now,
    environment: { DATA_DIR: folder, OUTBOX_DIR: join(folder, 'elsewhere') },
  });
  await moved.daily.tick();
  expect(await states(moved)).toEqual([]);
  clock.set('2026-11-26T04:30:00.000Z');
  await moved.daily.tick();
  expect(await states(moved)).toMatchObject([{ dueAt: '2026-11-26T04:30:00.000Z', state: 'held' }]);
});

test.each([
  ['spring', '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z', '2026-03-29T01:00:00.000Z'],
  ['autumn', '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00.000Z'],
])(
  'on the day the clock changes in %s a time within the change is due exactly once',
  async (_season, start, end, due) => {
    const clock = clockAt(start);
    const { app, post } = await testServer({ now: clock.now, policy: { schedule: { cron: '0 30 2 * * *' } } });
    await post('helloid/create', createBody(1));
    for (let time = Date.parse(start); time <= Date.parse(end); time += 300_000) {
      clock.set(new Date(time).toISOString());
      await app.daily.tick();
    }
    expect((await states(app)).map(({ dueAt }) => dueAt)).toEqual([due]);
  },
);

test('a failed delivery leaves nothing half-written, shows in health, and the next tick delivers the same run', async () => {
  const clock = clockAt(monday);
  const DATA_DIR = temporaryFolder();
  const outbox = join(DATA_DIR, 'outbox');
  writeFileSync(outbox, 'a file where the folder should be');
  const { app, post, get } = await testServer({ now: clock.now, environment: { DATA_DIR } });
  await post('helloid/create', createBody(1));
  clock.set(tuesdayDue);
  await app.daily.tick();
  expect(await states(app)).toMatchObject([{ state: 'failed' }]);
  const { status, json } = await get('health', null);
  expect([status, json]).toMatchObject([
    503,
    { status: 'unhealthy', reasons: [expect.stringMatching(/Run 1 is failed/)] },
  ]);
  rmSync(outbox);
  clock.set('2026-11-24T04:37:00.000Z'); // the pause is five minutes, give or take a fifth
  await app.daily.tick();
  expect((await get('exports/1')).json).toMatchObject({
    state: 'delivered',
    reasons: [],
    attempts: [
      { number: 1, error: expect.any(String) as string },
      { number: 2, error: null },
    ],
  });
  expect((await readdir(outbox)).sort()).toEqual(['Roles.csv', 'Users.csv']);
});

test('what is not delivered long after its due time is overdue', async () => {
  const clock = clockAt(monday);
  const DATA_DIR = temporaryFolder();
  const outbox = join(DATA_DIR, 'outbox');
  writeFileSync(outbox, '');
  const { app, post, get } = await testServer({ now: clock.now, environment: { DATA_DIR } });
  await post('helloid/create', createBody(1));
  clock.set('2026-11-24T06:31:00.000Z');
  await app.daily.tick();
  expect((await get('health', null)).json).toMatchObject({
    reasons: [expect.stringMatching(/overdue/), expect.stringMatching(/failed/)],
  });
});

test('with due times closer together than overdueMinutes a missing delivery becomes overdue too', async () => {
  const clock = clockAt(monday);
  const { app, post, get } = await testServer({ now: clock.now, policy: { schedule: { cron: '0 0 * * * *' } } });
  const overdue = async (time: string) => {
    clock.set(`2026-11-23T${time}:00.000Z`);
    await app.daily.tick();
    const { reasons = [] } = (await get('health', null)).json as { reasons?: string[] };
    return reasons.filter((reason) => reason.includes('overdue'));
  };
  await post('helloid/create', createBody(1));
  expect(await overdue('11:05')).toEqual([]);
  await app.daily.pause({ by: 'Fenna', reason: 'works at Spend Cloud' });
  expect(await overdue('13:55')).toEqual([]); // the one of 12:00 is not late yet
  expect(await overdue('14:05')).toEqual([expect.stringContaining('2026-11-23T12:00:00.000Z')]);
  await app.daily.resume({ by: 'Fenna', reason: 'done' });
  await app.daily.settled();
  expect(await overdue('14:10')).toEqual([]);
});

test.each(['rendering', 'delivering'] as const)(
  'a run that was left in state %s is completed by the next tick',
  async (state) => {
    const clock = clockAt(monday);
    const { app, post } = await testServer({ now: clock.now });
    await post('helloid/create', createBody(1));
    const run = await app.runs.create('manual', null);
    await app.runs.move(run?.id ?? 0, ['waiting'], { state });
    await app.daily.tick();
    expect(await states(app)).toMatchObject([{ state: 'delivered' }]);
  },
);

test('two processes on one data folder deliver once', async () => {
  const clock = clockAt(monday);
  const folder = temporaryFolder();
  const { app, post } = await testServer({ now: clock.now, environment: { DATA_DIR: folder } });
  await post('helloid/create', createBody(1));
  const other = await testApp({ now: clock.now, environment: { DATA_DIR: folder } });
  clock.set(tuesdayDue);
  await Promise.all([app.daily.tick(), other.daily.tick()]);
  await app.daily.tick();
  const runs = await app.runs.list(10, null);
  expect(runs).toMatchObject([{ state: 'delivered', attempts: [{ number: 1 }] }]);
});

test('while somebody else holds the lock a run waits, and goes on by itself once it is free', async () => {
  const app = await testApp();
  const lock = runLock(app.config.dataDir);
  const release = lock.take();
  await app.daily.runNow();
  await app.daily.settled();
  expect(await states(app)).toMatchObject([{ state: 'waiting' }]);
  release?.();
  lock.close();
  await expect.poll(() => states(app), { timeout: 30_000 }).toMatchObject([{ state: 'blocked' }]);
});

test('a newer delivery closes an earlier failed run', async () => {
  const DATA_DIR = temporaryFolder();
  const outbox = join(DATA_DIR, 'outbox');
  writeFileSync(outbox, '');
  const { app, post, get } = await testServer({ environment: { DATA_DIR } });
  await post('helloid/create', createBody(1));
  for (const broken of [true, false]) {
    if (!broken) rmSync(outbox);
    await app.daily.runNow();
    await app.daily.settled();
  }
  expect(await states(app)).toMatchObject([{ state: 'delivered' }, { state: 'superseded' }]);
  expect((await get('health', null)).status).toBe(200);
});

test('a closed app leaves a run under way to the next start', async () => {
  const config = testConfig();
  const app = await openApp(config, { log: silent });
  await app.daily.runNow();
  await app.close();
  const next = await openApp(config, { log: silent });
  await next.daily.tick();
  expect((await next.runs.list(1, null))[0]?.state).toBe('blocked');
  await next.close();
});
