import { readdirSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createBody, temporaryFolder } from '../../helpers.ts';
import { startSsh2Server } from '../../ssh2-server.ts';
import { startProgram } from '../../process.ts';
import { buildApp, type BuiltApp } from './built-app.ts';
import { startHost } from './host.ts';
import { settled } from './life.ts';

let app: BuiltApp;
beforeAll(() => void (app = buildApp()));
afterAll(() => app.remove());

async function hostOn(dataDir: string, environment: Record<string, string> = {}) {
  return startHost({ app: app.folder, dataDir, environment });
}

test('the timer may fire late, twice at once and among many calls: what is due goes out once', async () => {
  const dataDir = temporaryFolder();
  const configFile = join(temporaryFolder(), 'connector.json');
  writeFileSync(configFile, JSON.stringify({ schedule: { cron: '* * * * * *' } })); // due each second, so that one is due by now
  const host = await hostOn(dataDir, { CONFIG_FILE: configFile });
  await host.post('helloid/create', createBody(1));
  await expect
    .poll(
      async () => {
        const calls = Array.from({ length: 20 }, (_, number) => host.post('helloid/create', createBody(number + 2)));
        await Promise.all([host.fire('daily-dump', true), host.fire('daily-dump'), ...calls]);
        return existsSync(join(dataDir, 'outbox', 'Users.csv'));
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  const { exports } = (await host.get('exports?limit=500')).json as {
    exports: { state: string; dueAt: string | null }[];
  };
  const due = exports.map(({ dueAt }) => dueAt);
  expect(new Set(due).size).toBe(due.length);
  expect(host.faults()).toEqual([]);
});

test('many calls at once are all answered and all kept', async () => {
  const host = await hostOn(temporaryFolder());
  const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
  const answers = await Promise.all(numbers.map((number) => host.post('helloid/create', createBody(number))));
  expect(answers.map(({ status, json }) => [status, (json as { Success: boolean }).Success])).toEqual(
    numbers.map(() => [200, true]),
  );
  expect((await host.get('audit/verify')).json).toMatchObject({ ok: true, entries: 300 });
  expect(host.faults()).toEqual([]);
});

test('a host that is killed in the middle of a delivery never says goodbye, and the next one ends what it began', async () => {
  let reached = (): void => undefined;
  const midway = new Promise<void>((resolve) => (reached = resolve));
  let isFirst = true;
  const far = await startSsh2Server({
    misbehave: ({ name }) => {
      if (name !== 'WRITE' || !isFirst) return false;
      isFirst = false;
      reached();
      return true; // never answered
    },
  });
  onTestFinished(() => far.stop());
  const dataDir = temporaryFolder();
  const environment = {
    SFTP_HOST: '127.0.0.1',
    SFTP_PORT: String(far.port),
    SFTP_USERNAME: 'spendcloud',
    SFTP_PASSWORD: 'secret',
    SFTP_HOST_KEY: far.fingerprint,
  };
  const why = { by: 'Fenna', reason: 'a new server' };
  const first = await hostOn(dataDir, environment);
  await first.post('helloid/create', createBody(1));
  await first.post('exports');
  expect(await settled(first, '1')).toBe('held'); // the first time to this server
  await first.post('exports/1/release', why);
  await midway;
  await first.kill();

  const second = await hostOn(dataDir, environment);
  await second.fire('daily-dump');
  expect(await settled(second, '1')).toBe('delivered');
  expect(readFileSync(join(far.directory, 'Users.csv'), 'utf8')).toContain('"p1"');
  expect(second.faults()).toEqual([]);
});

test('told to end with calls in flight, the app answers them first, refuses later ones and leaves the database whole', async () => {
  const dataDir = temporaryFolder();
  const host = await hostOn(dataDir);
  await host.get('live', null);
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  const calls = numbers.map((number) => host.post('helloid/create', createBody(number)));
  await Promise.race(calls); // the first is answered, others are on their way
  const ended = host.terminate();
  const answers = await Promise.all(calls);
  expect(await ended).toBe(0);
  const done = answers.filter(({ text }) => text.startsWith('{"Success":true')).length;
  for (const { status } of answers) expect([200, 503, 500]).toContain(status); // 500: sent to a worker that was gone
  expect(host.output()).not.toContain('"fault"');

  const server = await startProgram(dataDir);
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true, entries: done });
});

test('told to end while a dump is tried out, the app lets that call have its answer', async () => {
  const dataDir = temporaryFolder();
  const host = await hostOn(dataDir);
  await Promise.all(Array.from({ length: 50 }, (_, number) => host.post('helloid/create', createBody(number))));
  const tried = host.post('exports', { dryRun: true });
  const isTrying = () => readdirSync(join(dataDir, 'archive')).some((name) => name.startsWith('.preview-'));
  await expect.poll(isTrying, { interval: 5, timeout: 30_000 }).toBe(true);
  const ended = host.terminate();
  expect(await tried).toMatchObject({ status: 200, json: { effect: { persons: { added: 50 } } } });
  expect(await ended).toBe(0);
});
