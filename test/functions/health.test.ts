import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { databasePath } from '../../shared/store/open.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { clockAt, createBody, temporaryFolder, testServer, type TestServer } from '../helpers.ts';

async function commits({ get }: TestServer): Promise<number> {
  const { text } = await get('metrics');
  return Number(/^spendcloud_commits (\d+)/m.exec(text)?.[1]);
}

test('however often and by how many health is asked, the database is written to every thirty seconds at most', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await testServer({ now: clock.now });
  const { get, post } = server;
  await get('overview');
  await commits(server); // once in a minute the use of a key is written down
  const before = await commits(server);
  const askMuch = () => Promise.all(Array.from({ length: 50 }, () => get('health', null)));
  const proven = () => server.app.facts.get('health-probe');

  clock.set('2026-11-23T10:00:29.999Z');
  for (const { status } of await askMuch()) expect(status).toBe(200);
  await get('overview');
  expect([(await commits(server)) - before, proven()]).toEqual([0, '2026-11-23T10:00:00.000Z']);
  clock.set('2026-11-23T10:00:30.000Z');
  await askMuch();
  expect([(await commits(server)) - before, proven()]).toEqual([1, '2026-11-23T10:00:30.000Z']);
  await post('helloid/create', createBody(1)); // this proves it as well
  clock.set('2026-11-23T10:01:00.000Z');
  await askMuch();
  expect(proven()).toBe('2026-11-23T10:00:30.000Z');
});

test('where the host’s timer does not call, health says so until it does; where the timer is ours nothing is waited for', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const { app, get } = await testServer({ now: clock.now });
  clock.set('2026-11-23T10:30:00.000Z');
  expect((await get('health', null)).status).toBe(200);
  app.ticks.expect();
  clock.set('2026-11-23T10:50:00.000Z');
  expect((await get('health', null)).status).toBe(200);
  clock.set('2026-11-23T10:50:00.001Z');
  expect(await get('health', null)).toMatchObject({
    status: 503,
    json: { reasons: ['The timer has not called since 2026-11-23T10:30:00.000Z, and without it nothing is delivered'] },
  });
  await app.tick();
  expect((await get('health', null)).status).toBe(200);
});

test.runIf(canMount)(
  'an action that cannot be recorded makes health bad at once, and one that can makes it good',
  async () => {
    const disk = smallDisk(4096);
    onTestFinished(() => disk.remove());
    const { get, post } = await testServer({ environment: { DATA_DIR: disk.directory } });
    expect((await get('health', null)).status).toBe(200);
    const makeRoom = disk.fill();
    for (let number = 1; number <= 40; number += 1) {
      const { status } = await post('helloid/create', createBody(number, { voornaam: 'x'.repeat(200) }));
      if (status === 503) break;
    }
    expect((await get('health', null)).json).toMatchObject({ reasons: [expect.stringMatching(/disk is full/)] });
    makeRoom();
    await post('helloid/create', createBody(50));
    expect((await get('health', null)).status).toBe(200);
  },
);

test('while another program has the database locked probes and lists are answered, and an action waits', async () => {
  const DATA_DIR = temporaryFolder();
  const { get, post } = await testServer({ environment: { DATA_DIR } });
  const unlock = lock(DATA_DIR);
  let isAnswered = false;
  const created = post('helloid/create', createBody(1)).finally(() => (isAnswered = true));
  for (const path of ['live', 'accounts', 'live']) expect((await get(path)).status).toBe(200);
  expect(isAnswered).toBe(false);
  unlock();
  expect((await created).json).toMatchObject({ Success: true });
});

test.runIf(canMount)(
  'without a WAL a lock keeps others from reading: they are told to try again, and probes are answered',
  async () => {
    const folder = temporaryFolder();
    const [source, DATA_DIR] = ['source', 'mount'].map((name) => join(folder, name)) as [string, string];
    for (const made of [source, DATA_DIR]) mkdirSync(made);
    execFileSync('bindfs', [source, DATA_DIR]); // a FUSE mount, on which a WAL is not safe
    onTestFinished(() => void execFileSync('umount', ['-l', DATA_DIR]));
    const { app, get, post } = await testServer({ environment: { DATA_DIR } });
    expect((await post('helloid/create', createBody(1))).json).toMatchObject({ Success: true });
    const unlock = lock(DATA_DIR);
    const created = post('helloid/create', createBody(2));
    expect((await get('live', null)).status).toBe(200);
    expect(await get('accounts')).toMatchObject({
      status: 503,
      json: { message: expect.stringMatching(/has it locked; try again/) as string },
    });
    unlock();
    expect((await created).json).toMatchObject({ Success: true });
    await post('exports');
    await app.daily.settled();
    expect(await app.runs.find(1)).toMatchObject({ state: 'delivered' });
  },
);

/** What a backup program or a database browser may hold for a while; gives it back. */
function lock(dataDir: string): () => void {
  const other = new Database(databasePath(dataDir));
  onTestFinished(() => void other.close());
  other.exec('BEGIN EXCLUSIVE');
  return () => void other.exec('ROLLBACK');
}
