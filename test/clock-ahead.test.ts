import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overdueDelivery } from '../shared/watch.ts';
import { clockAt, createBody, testServer, updateBody } from './helpers.ts';

const monday = '2026-11-23T10:00:00.000Z';
const tuesday = '2026-11-24T06:00:00.000Z';
const nextYear = '2027-11-23T10:00:00.000Z';

async function serverAt(time: string) {
  const clock = clockAt(time);
  const server = await testServer({ now: clock.now });
  const folder = join(server.app.config.dataDir, 'backups');
  const tick = async (at: string) => {
    clock.set(at);
    await server.app.tick();
  };
  return { ...server, clock, tick, backups: () => readdirSync(folder).sort() };
}

test('a first start with a clock that ran ahead does not put off the runs', async () => {
  const { app, post, tick } = await serverAt(nextYear);
  await post('helloid/create', createBody(1));
  await tick(monday);
  await tick(tuesday);
  expect(await app.runs.forDueTime('2026-11-24T04:30:00.000Z')).toMatchObject({ state: 'delivered' });
});

test('a delivery, a backup and a failure of a time to come silence nothing', async () => {
  const { app, post, tick, clock, backups } = await serverAt(monday);
  await post('helloid/create', createBody(1));
  await tick(tuesday);
  await tick(nextYear); // delivers, and makes a backup
  await app.facts.set({ 'backup-failed': JSON.stringify({ at: nextYear, message: 'the disk is full' }) });
  clock.set('2026-11-25T07:30:00.000Z');
  expect(await app.backups.health()).toContain('the disk is full');
  expect(await overdueDelivery(app)).toEqual(new Date('2026-11-25T04:30:00.000Z'));
  await app.backups.tick();
  expect(backups()).toContain('spendcloud-20261125T073000Z.db.gz');
  expect(await app.backups.health()).toBeUndefined();
});

test('after a leap ahead nothing is aged or erased for a day, and then it is', async () => {
  const { app, post, tick, backups } = await serverAt(monday);
  for (const number of [1, 2]) await post('helloid/create', createBody(number));
  await post('helloid/delete', updateBody('SC-2', null));
  await tick(tuesday);
  writeFileSync(join(app.config.dataDir, 'backups', 'spendcloud-20261101T060000Z.db.gz'), '');
  await tick(nextYear);
  const kept = ['spendcloud-20261101T060000Z.db.gz', 'spendcloud-20261124T060000Z.db.gz'];
  expect(backups()).toEqual(expect.arrayContaining(kept));
  expect(app.facts.get('retention-done')).toBe('2026-11-24');
  await tick('2027-11-24T09:00:00.000Z');
  expect(backups()).toEqual(expect.arrayContaining(kept));
  await tick('2027-11-25T10:00:00.000Z'); // so it is the time: the connector had stood still
  expect(backups()).not.toEqual(expect.arrayContaining(kept));
  expect(app.facts.get('retention-done')).toBe('2027-11-25');
});

test('a leap that is taken back leaves everything as it was', async () => {
  const { app, post, tick, backups } = await serverAt(monday);
  await post('helloid/create', createBody(1));
  await tick(tuesday);
  await tick(nextYear);
  await tick('2026-11-25T06:00:00.000Z');
  expect(backups()).toContain('spendcloud-20261124T060000Z.db.gz');
  expect(app.facts.get('retention-done')).toBe('2026-11-25');
});
