import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptHeads } from '../../shared/kept-heads.ts';
import { databasePath } from '../../shared/store/open.ts';
import { command, sqlite3 } from '../command.ts';
import { clockAt, createBody, temporaryFolder, testServer, updateBody, type TestServer } from '../helpers.ts';
import { startHook, startMailServer } from './receivers.ts';

const why = { by: 'Fenna', reason: 'checked with HR' };
const monday = '2026-11-23T10:00:00.000Z';
const tuesdayDue = '2026-11-24T04:30:00.000Z';

async function watchedServer(options: { people?: number; policy?: object; folder?: string } = {}) {
  const hook = await startHook();
  const clock = clockAt(monday);
  const folder = options.folder ?? temporaryFolder();
  const environment = { DATA_DIR: folder, NOTIFY_WEBHOOK_URL: hook.url };
  const server = await testServer({ now: clock.now, environment, ...(options.policy && { policy: options.policy }) });
  for (let number = 1; number <= (options.people ?? 10); number += 1) {
    await server.post('helloid/create', createBody(number));
  }
  const run = async () => {
    await server.post('exports');
    await server.app.daily.settled();
    await server.app.tick();
  };
  const texts = () => hook.bodies.map(({ text }) => text);
  return { hook, clock, folder, server, run, texts };
}

async function disableFive(server: TestServer) {
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
}

test('a held run is told once with numbers and the next step, and its end once', async () => {
  const { server, run, texts } = await watchedServer();
  await run();
  expect(texts()).toEqual([]);
  await disableFive(server);
  await run();
  await server.app.tick();
  expect(texts()).toEqual([expect.stringMatching(/Run 2 is held.*\n5 person\(s\) would be deactivated, of 10/)]);
  expect(texts()[0]).toMatch(/^Persons: total 5, added 0, reactivated 0, deactivated 5/m);
  expect(texts()[0]).toMatch(/^Next: .*spendcloud release 2 --by NAME --reason TEXT, or discard$/m);
  expect(texts()[0]).not.toMatch(/p1|Jansen|SC-1|waterrijk/);
  await server.post('exports/2/release', why);
  await server.app.daily.settled();
  await server.app.tick();
  await server.app.tick();
  expect(texts().slice(1)).toEqual([expect.stringMatching(/recovered: run 2 was delivered\n.*\nUsers.csv: 10 rows/)]);
});

test('a message ends with the head of the trail, by which an end that was cut off later is found', async () => {
  const { server, run, texts, folder: DATA_DIR } = await watchedServer();
  await run();
  await disableFive(server);
  await run();
  const words =
    /\nAudit trail: spendcloud (audit verify --entry \d+ --head [0-9a-f]{64})$/.exec(texts()[0] ?? '')?.[1] ?? '';
  expect(await command(words.split(' '), { DATA_DIR })).toMatchObject({ code: 0 });
  const [, entry, hash] = /--entry (\d+) --head (\w+)/.exec(words) ?? [];
  expect(keptHeads(databasePath(DATA_DIR))).toContainEqual({
    ...{ entry: Number(entry), hash, at: monday },
    where: 'when a message was sent (webhook)',
  });
  sqlite3(
    DATA_DIR,
    `DROP TRIGGER audit_keeps_entries; DROP TRIGGER audit_detail_keeps_entries; DELETE FROM audit_detail WHERE entry > 10; DELETE FROM audit WHERE entry > 10`,
  );
  expect(await command(words.split(' '), { DATA_DIR })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('cut off') as string,
  });
});

test('what was told is not told again after a restart', async () => {
  const { server, run, texts, folder } = await watchedServer();
  await run();
  await disableFive(server);
  await run();
  expect(texts()).toHaveLength(1);
  const restarted = await watchedServer({ folder, people: 0 });
  await restarted.server.app.tick();
  expect(restarted.texts()).toEqual([]);
  await restarted.server.post('exports/2/release', why);
  await restarted.server.app.daily.settled();
  await restarted.server.app.tick();
  expect(restarted.texts()).toEqual([expect.stringMatching(/recovered/)]);
});

test('two processes on one folder tell once', async () => {
  const { server, clock, folder, hook } = await watchedServer();
  await disableFive(server);
  for (let number = 6; number <= 10; number += 1)
    await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  await server.post('exports');
  await server.app.daily.settled();
  const environment = { DATA_DIR: folder, NOTIFY_WEBHOOK_URL: hook.url };
  const other = await testServer({ now: clock.now, environment });
  await Promise.all([server.app.tick(), other.app.tick()]);
  await other.app.tick();
  expect(hook.bodies).toEqual([{ text: expect.stringMatching(/Run 1 is blocked/) as string }]);
});

test('a failed run is told once, however often it is tried again, and its recovery once', async () => {
  const { server, clock, folder, texts } = await watchedServer({ people: 1 });
  writeFileSync(join(folder, 'outbox'), 'a file where the folder should be');
  clock.set(tuesdayDue);
  await server.app.tick();
  expect(texts()).toEqual([
    expect.stringMatching(/Run 1 failed[^]*Next: nothing yet: it is tried again by itself, next at 2026-11-24T04:3/),
  ]);
  clock.set('2026-11-24T05:00:00.000Z');
  await server.app.tick();
  expect((await server.app.runs.find(1))?.attempts).toHaveLength(2);
  expect(texts()).toHaveLength(1);
  rmSync(join(folder, 'outbox'));
  clock.set('2026-11-24T06:00:00.000Z');
  await server.app.tick();
  expect(texts().slice(1)).toEqual([expect.stringMatching(/recovered: run 1 was delivered/)]);
});

test('a discarded run is not called recovered; the next delivery is', async () => {
  const { server, run, clock, texts } = await watchedServer();
  await run();
  await disableFive(server);
  await run();
  await server.post('exports/2/discard', why);
  await server.app.tick();
  expect(texts()).toHaveLength(1);
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/enable', updateBody(`SC-${number}`, null));
  clock.set(tuesdayDue);
  await server.app.tick();
  expect(texts().slice(1)).toEqual([expect.stringMatching(/recovered: run 3/)]);
});

test('an overdue delivery is told, with the pause that causes it', async () => {
  const { server, clock, texts } = await watchedServer({ people: 1 });
  await server.post('pause', why);
  clock.set('2026-11-24T06:29:00.000Z');
  await server.app.tick();
  expect(texts()).toEqual([]);
  clock.set('2026-11-24T06:30:00.000Z');
  await server.app.tick();
  await server.app.tick();
  expect(texts()).toEqual([
    expect.stringMatching(
      /due at 2026-11-24T04:30:00.000Z is overdue\n.*waiting\nDeliveries are paused since 2026-11-23/,
    ),
  ]);
  expect(texts()[0]).not.toMatch(/Fenna/);
});

test('changed usernames that wait are told by number, and only new ones again', async () => {
  const { server, run, texts } = await watchedServer({ people: 3 });
  await run();
  const rename = (number: number) =>
    server.post('helloid/update', updateBody(`SC-${number}`, { gebruikersnaam: `n${number}` }));
  await rename(1);
  await rename(2);
  await server.app.tick();
  await server.app.tick();
  expect(texts()).toEqual([expect.stringMatching(/^Spend Cloud connector: 2 changed username\(s\) wait/)]);
  expect(texts()[0]).not.toMatch(/n1|p1|SC-1/);
  await server.post('accounts/SC-1/accept-username', why);
  await server.app.tick();
  expect(texts()).toHaveLength(1);
  await rename(3);
  await server.app.tick();
  expect(texts().slice(1)).toEqual([expect.stringMatching(/2 changed username\(s\) wait/)]);
});

test('HelloID’s silence is told after notify.silentDays, counts from its first call, and its end is told', async () => {
  const schedule = { cron: '0 0 0 1 1 *' };
  const { server, clock, texts } = await watchedServer({ people: 1, policy: { schedule, notify: { silentDays: 14 } } });
  clock.set('2026-12-07T09:59:00.000Z');
  await server.app.tick();
  expect([texts(), (await server.get('health', null)).status]).toEqual([[], 200]);
  clock.set('2026-12-07T10:00:00.000Z');
  await server.app.tick();
  clock.set('2026-12-09T10:00:00.000Z');
  await server.app.tick();
  expect(texts()).toEqual([expect.stringMatching(/HelloID has not called for 14 days/)]);
  const health = await server.get('health', null);
  expect([health.status, health.json]).toMatchObject([
    503,
    { reasons: [expect.stringMatching(/not called for 16 days/)] },
  ]);
  await server.post('helloid/update', { nothing: 'that can be read' });
  await server.app.tick();
  expect(texts().slice(1)).toEqual([expect.stringMatching(/HelloID calls again/)]);
  expect((await server.get('health', null)).status).toBe(200);
});

test('a backup that cannot be made is told once, however often it is tried, and again when it fails anew', async () => {
  const { server, clock, texts } = await watchedServer({ people: 1 });
  const backups = join(server.app.config.dataDir, 'backups');
  const tickAt = async (time: string) => {
    clock.set(time);
    await server.app.tick();
  };
  writeFileSync(backups, 'a file where the folder should be');
  for (const minute of ['30', '35', '59']) await tickAt(`2026-11-24T04:${minute}:00.000Z`);
  await tickAt('2026-11-24T05:05:00.000Z'); // a second try
  await tickAt('2026-11-24T05:10:00.000Z');
  expect(texts()).toEqual([
    expect.stringMatching(/no backup of today\nThe backup failed at .*\nNext: .*spendcloud backup/),
  ]);
  rmSync(backups);
  await tickAt('2026-11-24T05:40:00.000Z');
  await tickAt('2026-11-24T05:45:00.000Z');
  expect(texts()).toHaveLength(1);
  rmSync(backups, { recursive: true });
  writeFileSync(backups, 'a file again');
  await tickAt('2026-11-25T04:30:00.000Z');
  await tickAt('2026-11-25T04:35:00.000Z');
  expect(texts()).toHaveLength(2);
});

test('where HelloID never called, or the alarm is off, its silence is no news', async () => {
  const silent = await watchedServer({ people: 0 });
  const off = await watchedServer({
    people: 1,
    policy: { notify: { silentDays: null }, schedule: { cron: '0 0 0 1 1 *' } },
  });
  for (const { clock, server } of [silent, off]) {
    clock.set('2026-12-30T10:00:00.000Z');
    await server.app.tick();
  }
  expect([silent.texts(), off.texts()]).toEqual([[], []]);
});

test('a channel that fails shows in health, stops no delivery, is tried again, and tells nothing twice on the other', async () => {
  const hook = await startHook();
  const mail = await startMailServer();
  const environment = {
    NOTIFY_WEBHOOK_URL: hook.url,
    SMTP_URL: mail.url,
    NOTIFY_EMAIL: 'beheer@waterrijk-zorg.example',
  };
  const server = await testServer({ environment });
  hook.answer = 500;
  await server.post('exports');
  await server.app.daily.settled();
  await server.app.tick();
  expect(mail.mails).toHaveLength(1);
  const { json } = await server.get('health', null);
  expect(json).toMatchObject({
    reasons: [expect.stringMatching(/Run 1 is blocked/), expect.stringMatching(/webhook.*answered 500/)],
  });
  expect(JSON.stringify(json)).not.toContain('secret');
  await server.post('helloid/create', createBody(1));
  await server.post('exports');
  await server.app.daily.settled();
  expect((await server.app.runs.find(2))?.state).toBe('delivered');
  hook.answer = 202;
  await server.app.tick();
  expect(hook.bodies).toEqual([]); // it is over, and this channel never told of it
  expect(mail.mails.map(({ text }) => /^Subject: (.*)\r$/m.exec(text)?.[1])).toEqual([
    expect.stringMatching(/Run 1 is blocked/),
    expect.stringMatching(/recovered/),
  ]);
  expect((await server.get('health', null)).json).toEqual({ status: 'ok' });
});
