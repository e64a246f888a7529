import { expect, test } from 'vitest';
import { lastDays } from '../../shared/domain/calendar.ts';
import { clockAt, createBody, testServer, updateBody, viewerKey } from '../helpers.ts';

test('actions are counted by day and kind, on the days that the schedule lives by', async () => {
  const clock = clockAt('2026-11-22T22:59:59.999Z'); // still Sunday in Amsterdam
  const server = await testServer({ now: clock.now });
  await server.post('helloid/create', createBody(1));
  clock.set('2026-11-22T23:00:00.000Z');
  await server.post('helloid/create', createBody(2));
  await server.post('helloid/update', updateBody('SC-1', { achternaam: 'Jansen' }));
  await server.post('helloid/update', updateBody('SC-1', { achternaam: 'Bakker' }));
  clock.set('2026-11-24T10:00:00.000Z');
  const { json } = await server.get('statistics?days=3', viewerKey);
  expect(json).toEqual({
    timeZone: 'Europe/Amsterdam',
    from: '2026-11-22',
    to: '2026-11-24',
    deliveries: [],
    actions: [
      { day: '2026-11-22', kinds: { create: 1 } },
      { day: '2026-11-23', kinds: { create: 1, update: 2 } },
    ],
  });
  expect((await server.get('statistics?days=2', viewerKey)).json).toMatchObject({
    actions: [{ day: '2026-11-23', kinds: { create: 1, update: 2 } }],
  });
  expect((await server.get('statistics?days=0', viewerKey)).status).toBe(422);
});

test('each delivery tells its persons and roles, and runs that were not delivered are no deliveries', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await testServer({ now: clock.now });
  await server.post('exports'); // blocked: there is nobody
  await server.app.daily.settled();
  for (const [index, at] of ['2026-11-23T23:30:00.000Z', '2026-11-25T10:00:00.000Z'].entries()) {
    clock.set(at);
    await server.post('helloid/create', createBody(index + 1));
    await server.post('exports');
    await server.app.daily.settled();
  }
  const { deliveries } = (await server.get('statistics', viewerKey)).json as { deliveries: object[] };
  expect(deliveries).toEqual([
    { run: 2, at: '2026-11-23T23:30:00.000Z', day: '2026-11-24', persons: 1, roles: 1 },
    { run: 3, at: '2026-11-25T10:00:00.000Z', day: '2026-11-25', persons: 2, roles: 2 },
  ]);
});

test('days at clock changes are 23 and 25 hours long, and each begins where the one before ends', () => {
  const hours = (now: string) =>
    lastDays('Europe/Amsterdam', new Date(now), 3).map(({ day, from, until }) => [
      day,
      (Date.parse(until) - Date.parse(from)) / 3_600_000,
    ]);
  expect(hours('2026-03-30T10:00:00Z')).toEqual([
    ['2026-03-28', 24],
    ['2026-03-29', 23],
    ['2026-03-30', 24],
  ]);
  expect(hours('2026-10-25T22:00:00Z')).toEqual([
    ['2026-10-23', 24],
    ['2026-10-24', 24],
    ['2026-10-25', 25],
  ]);
  const year = lastDays('Europe/Amsterdam', new Date('2026-11-24T10:00:00Z'), 365);
  expect(year).toHaveLength(365);
  for (const [index, { from }] of year.entries()) if (index > 0) expect(from).toBe(year[index - 1]?.until);
});
