import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow } from './actions.ts';
import { clockAt, createBody, testServer, updateBody } from './helpers.ts';

const off = { atLeast: 1000 };
const two = { atLeast: 2, percent: 0, count: null };
// no day of these tests reaches two, and a week holds at four
const guards = { deactivated: two, reactivated: two, rolesRemoved: off, unit: null, week: { times: 2 } };
const why = { by: 'Fenna', reason: 'a reorganisation' };

/** A server on which one day after another is delivered, with what HelloID calls before it. */
async function weekServer(policy: object = {}) {
  const clock = clockAt('2026-11-01T05:00:00.000Z');
  const server = await testServer({
    now: clock.now,
    policy: { guards, schedule: { cron: '0 0 0 1 1 *' }, ...policy },
  });
  const call = (action: 'delete' | 'disable' | 'enable', ...numbers: number[]) =>
    Promise.all(numbers.map((number) => server.post(`helloid/${action}`, updateBody(`SC-${number}`, null))));
  const create = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from + 1 }, (_, index) => server.post('helloid/create', createBody(from + index))),
    );
  const on = async (day: string) => {
    clock.set(`2026-11-${day}T05:00:00.000Z`);
    const run = await runNow(server);
    await server.app.tick(); // earlier pairs are compressed
    return run;
  };
  return { ...server, call, create, on };
}

test('a few each day hold once a week is full of them; a release begins the next week, and what is older is over', async () => {
  const { app, call, create, on, post } = await weekServer();
  await create(1, 20); // the first delivery is where the week begins, and no part of it
  expect((await on('01')).state).toBe('delivered');
  for (const [day, number] of [
    ['02', 1],
    ['03', 2],
    ['04', 3],
  ] as const) {
    await call('delete', number);
    expect((await on(day)).state).toBe('delivered');
  }
  await call('delete', 4);
  const held = await on('05');
  expect([held.state, held.reasons]).toEqual([
    'held',
    ['4 person(s) would be deactivated since 2026-11-01, of 20 delivered then (guards.week)'],
  ]);
  expect((await post(`exports/${held.id}/release`, why)).status).toBe(200);
  await app.daily.settled();

  await call('delete', 5);
  expect((await on('06')).state).toBe('delivered'); // five in six days, one since the release
  for (const number of [6, 7]) {
    await call('delete', number);
    expect((await on(`0${number + 1}`)).state).toBe('delivered');
  }
  await call('delete', 8);
  expect((await on('14')).state).toBe('delivered'); // on the 7th the first two were gone already
});

test('three come back on three days and one more: held, also where leavers are missing from the file', async () => {
  const { call, create, on, get } = await weekServer({
    spendCloud: { leavers: 'absent' },
    guards: { ...guards, deactivated: off },
  });
  await create(1, 9);
  await on('01');
  await call('disable', 1, 2, 3, 4);
  await on('02');
  for (const number of [1, 2, 3]) {
    await call('enable', number);
    expect((await on(`${number + 9}`)).state).toBe('delivered');
  }
  await create(10, 15); // new people are no part of it
  expect((await on('13')).state).toBe('delivered');
  await call('enable', 4);
  expect((await on('14')).reasons).toEqual([
    '4 person(s) would be active again since 2026-11-02, of 5 delivered then (guards.week)',
  ]);
  expect((await get('overview')).json).toMatchObject({ guards: { days: 90, runs: 6, tripped: { week: 1, added: 0 } } });
});

test('a pair of the week that is gone makes the week shorter, and stops nothing', async () => {
  const { app, call, create, on } = await weekServer();
  await create(1, 20);
  for (const day of ['01', '02', '03']) {
    await call('delete', Number(day));
    await on(day);
  }
  rmSync(join(app.config.dataDir, 'archive', '1'), { recursive: true });
  await call('delete', 4, 5);
  expect((await on('04')).reasons).toEqual([
    '2 person(s) would be deactivated, of 17 delivered last (guards.deactivated)',
  ]);
});

test('an erasure takes one person out of the week, and leaves nothing of that person', async () => {
  const { app, call, create, on } = await weekServer();
  const { dataDir } = app.config;
  await create(101, 120);
  await on('01');
  for (const day of ['02', '03', '04']) {
    await call('delete', 99 + Number(day));
    await on(day);
  }
  await app.privacy.erasePerson('101', why);
  await call('delete', 104);
  expect((await on('05')).state).toBe('delivered');
  const archive = join(dataDir, 'archive');
  const kept = readdirSync(archive, { recursive: true, encoding: 'utf8' });
  expect(kept.filter((name) => name.startsWith('.preview'))).toEqual([]);
  expect(readdirSync(archive)).toContain('week-1');
  for (const path of kept.filter((name) => name.includes('/')))
    expect(readFileSync(join(archive, path), 'utf8'), path).not.toMatch(/p101|Jansen 101|SC-101/);
  await call('delete', 105);
  expect((await on('06')).reasons).toEqual([
    '4 person(s) would be deactivated since 2026-11-01, of 19 delivered then (guards.week)',
  ]);
});

test('the pairs of a week are kept as long as they are compared with, however short the term of the archive', async () => {
  const { app, call, create, on } = await weekServer({ retention: { archiveDays: 1 } });
  await create(1, 20);
  for (const day of ['01', '03', '05', '07', '09', '12']) {
    await call('delete', Number(day));
    await on(day);
  }
  const archive = join(app.config.dataDir, 'archive');
  expect(readdirSync(archive).toSorted()).toEqual(['3', '4', '5', '6']); // the one of the 5th was in force a week ago
});

test('a damaged pair of the week is told, and stops no delivery', async () => {
  const { app, call, create, on } = await weekServer();
  await create(1, 20);
  await on('01');
  await on('02');
  truncateSync(join(app.config.dataDir, 'archive', '1', 'Users.csv.gz'), 40);
  await call('delete', 1);
  const { state, findings } = await on('03');
  expect([state, findings.map(({ code }) => code)]).toEqual(['delivered', ['week-not-compared']]);
});
