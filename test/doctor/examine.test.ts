import { newestVersion } from '../../shared/store/migrations.ts';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { examine } from '../../shared/doctor/examine.ts';
import type { Step } from '../../shared/doctor/step.ts';
import { clockAt, createBody, temporaryFolder, testServer } from '../helpers.ts';
import { runNode, startProgram } from '../process.ts';
import { startHook } from '../notify/receivers.ts';
import { asNobody, canBeNobody } from '../nobody.ts';
import { canMount, smallDisk } from '../small-disk.ts';

const noon = new Date('2026-11-23T11:00:00.000Z');

async function look(env: Record<string, string>, { notify = false, now = noon } = {}) {
  return examine({ env, cwd: temporaryFolder(), notify, now });
}

const stateOf = (steps: Step[]) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));
const says = (steps: Step[], name: string) => steps.find((step) => step.name === name)?.says ?? '';

test('a connector that does not look any more for what is due is told, one that never did is not', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const { app } = await testServer({ now: clock.now });
  await app.tick();
  const { dataDir } = app.config;
  const at = (time: string) => look({ DATA_DIR: dataDir }, { now: new Date(time) });
  expect(says((await at('2026-11-23T10:20:00.000Z')).steps, 'timer')).toBe('');
  const { steps } = await at('2026-11-23T10:20:00.001Z');
  expect(stateOf(steps)).toMatchObject({ timer: 'warning' });
  expect(says(steps, 'timer')).toContain('since 2026-11-23T10:00:00.000Z');
});

test('before the first start everything is well, the next three due times are told, and nothing is left behind', async () => {
  const folder = temporaryFolder();
  const { steps, settingsRight } = await look({ DATA_DIR: join(folder, 'data') });
  expect(settingsRight).toBe(true);
  expect(stateOf(steps)).toEqual({
    settings: 'ok',
    'data folder: rights': 'ok',
    'data folder: room': 'ok',
    'data folder: file system': 'ok',
    database: 'ok',
    clock: 'ok',
    'delivery folder': 'ok',
    notifications: 'warning',
    schedule: 'ok',
  });
  expect(says(steps, 'schedule')).toBe(
    'next due at 2026-11-24 05:30:00 GMT+1, 2026-11-25 05:30:00 GMT+1, 2026-11-26 05:30:00 GMT+1 (Europe/Amsterdam)',
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('beside a running server it works, leaves its files alone and says that deliveries are paused', async () => {
  const folder = temporaryFolder();
  const program = await startProgram(folder);
  await program.post('helloid/create', createBody(1));
  await program.post('exports');
  await expect.poll(async () => (await program.get('exports/1')).json).toMatchObject({ state: 'delivered' });
  await program.post('pause', { by: 'Fenna', reason: 'works at Spend Cloud' });
  const { steps } = await look({ DATA_DIR: folder }, { now: new Date() });
  expect(stateOf(steps)).toMatchObject({ database: 'ok', clock: 'ok', 'delivery folder': 'ok', schedule: 'warning' });
  expect(says(steps, 'database')).toBe(`sound, version ${newestVersion}, journal wal`);
  expect(says(steps, 'schedule')).toMatch(/paused since 20/);
  expect(readdirSync(join(folder, 'outbox')).sort()).toEqual(['Roles.csv', 'Users.csv']);
  expect((await program.post('helloid/create', createBody(2))).json).toMatchObject({ Success: true });
});

test('times of a clock that once ran ahead are told, and are no failure once it is right', async () => {
  const clock = clockAt('2027-11-23T11:00:00.000Z');
  const { app, post } = await testServer({ now: clock.now });
  await post('helloid/create', createBody(1));
  clock.set(noon.toISOString());
  await post('helloid/create', createBody(2));
  const { steps } = await look({ DATA_DIR: app.config.dataDir });
  expect([stateOf(steps).clock, says(steps, 'clock')]).toEqual([
    'warning',
    expect.stringMatching(/holds times up to 2027-11-23T11:00:00.000Z/),
  ]);
});

test('a clock that was set back is seen', async () => {
  const { app, post } = await testServer();
  await post('helloid/create', createBody(1));
  const { steps } = await look({ DATA_DIR: app.config.dataDir }, { now: new Date(Date.now() - 3_600_000) });
  expect([stateOf(steps).clock, says(steps, 'clock')]).toEqual([
    'failed',
    expect.stringMatching(/Set the clock right/),
  ]);
});

test('a damaged database is found', async () => {
  const folder = temporaryFolder();
  const program = await startProgram(folder);
  for (let number = 1; number <= 50; number += 1) await program.post('helloid/create', createBody(number));
  expect(await program.end('SIGTERM')).toBe(0);
  const path = join(folder, 'spendcloud.db');
  const descriptor = openSync(path, 'r+');
  const garbage = Buffer.alloc(4096, 0xaa);
  for (let page = 2; page * 4096 < statSync(path).size; page += 3) writeSync(descriptor, garbage, 0, 4096, page * 4096);
  closeSync(descriptor);
  const { steps } = await look({ DATA_DIR: folder });
  expect([stateOf(steps).database, says(steps, 'database')]).toEqual([
    'failed',
    expect.stringMatching(/restore a backup/),
  ]);
});

test('a file that is no database, and one of a newer release, are told apart', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spendcloud.db'), 'no database at all, but text of some length');
  expect(says((await look({ DATA_DIR: folder })).steps, 'database')).toMatch(/cannot be read \(SQLITE_NOTADB\)/);
  const newer = temporaryFolder();
  const program = await startProgram(newer);
  await program.end('SIGTERM');
  execFileSync('sqlite3', [join(newer, 'spendcloud.db'), 'PRAGMA user_version = 99']);
  expect(says((await look({ DATA_DIR: newer })).steps, 'database')).toMatch(/version 99.*Install the newer release/);
});

test('keys that others can read are a warning', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'keys.json'), '{"keys":[]}');
  chmodSync(join(folder, 'keys.json'), 0o644);
  expect(stateOf((await look({ DATA_DIR: folder })).steps)['data folder: privacy']).toBe('warning');
});

test.runIf(canBeNobody)('a data folder that this user may not look into fails, and the rest is looked at', async () => {
  const folder = temporaryFolder(); // of root, for root
  const question = `{ env: ${JSON.stringify({ DATA_DIR: folder })}, cwd: '/', notify: false, now: new Date() }`;
  const steps = JSON.parse(
    await asNobody(['shared/doctor/examine.ts'], `examine(${question}).then(({ steps }) => JSON.stringify(steps))`),
  ) as Step[];
  expect(stateOf(steps)).toEqual({
    settings: 'ok',
    'data folder: rights': 'failed',
    database: 'failed',
    clock: 'ok',
    'delivery folder': 'failed',
    notifications: 'warning',
    schedule: 'ok',
  });
  expect(says(steps, 'data folder: rights')).toBe(
    `${folder} may not be looked into (EACCES). Give this user the right, or set DATA_DIR`,
  );
});

test.runIf(canMount)('a data folder that is nearly full or read-only fails', async () => {
  const disk = smallDisk(1024);
  onTestFinished(() => disk.remove());
  const { steps } = await look({ DATA_DIR: disk.directory });
  expect([stateOf(steps)['data folder: room'], says(steps, 'data folder: room')]).toEqual([
    'failed',
    expect.stringMatching(/^[01] MiB free.*Make room/),
  ]);
  disk.makeReadOnly();
  const readOnly = await look({ DATA_DIR: disk.directory });
  expect(says(readOnly.steps, 'data folder: rights')).toMatch(/Nothing can be written.*EROFS/);
  expect(stateOf(readOnly.steps)['delivery folder']).toBe('failed');
});

test('every wrong setting is named, no secret is shown, and nothing else is tried', async () => {
  const { settingsRight, steps } = await look({ PORT: 'eighty', DELIVERY: 'pigeon', AGENT_KEY: 'short-secret' });
  expect(settingsRight).toBe(false);
  expect(stateOf(steps)).toEqual({ settings: 'failed', 'everything else': 'not tried' });
  expect(says(steps, 'settings')).toMatch(/PORT[^]*AGENT_KEY|AGENT_KEY[^]*PORT/);
  expect(says(steps, 'settings')).toContain('DELIVERY');
  expect(says(steps, 'settings')).not.toContain('short-secret');
});

test('a login for SFTP without a host is a failure, unless a folder was asked for', async () => {
  const login = { DATA_DIR: temporaryFolder(), SFTP_USERNAME: 'helloid', SFTP_PASSWORD: 'secret-of-sftp' };
  const { settingsRight, steps } = await look(login);
  expect([settingsRight, says(steps, 'settings')]).toEqual([
    false,
    expect.stringMatching(/SFTP_HOST: found nothing, .* SFTP_USERNAME, SFTP_PASSWORD are set; or say DELIVERY=folder/),
  ]);
  expect(says(steps, 'settings')).not.toContain('secret-of-sftp');
  expect(stateOf((await look({ ...login, DELIVERY: 'folder' })).steps).settings).toBe('ok');
});

test('a test message is sent only when asked for', async () => {
  const hook = await startHook();
  const env = { DATA_DIR: temporaryFolder(), NOTIFY_WEBHOOK_URL: hook.url };
  expect(stateOf((await look(env)).steps)['notifications: webhook']).toBe('not tried');
  expect(hook.bodies).toEqual([]);
  expect(stateOf((await look(env, { notify: true })).steps)['notifications: webhook']).toBe('ok');
  expect(hook.bodies).toEqual([{ text: expect.stringMatching(/this is a test/) as string }]);
  hook.answer = 410;
  const { steps } = await look(env, { notify: true });
  expect(says(steps, 'notifications: webhook')).toMatch(/answered 410. Check NOTIFY_WEBHOOK_URL/);
});

async function command(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const script = `import { run } from './cli/run.ts'; await run(['doctor', '--json']);`;
  const child = runNode(['--input-type=module', '--eval', script], env);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

test('the command ends with 0 when all is well, 1 when a step failed and 2 for wrong settings', async () => {
  const folder = temporaryFolder();
  const well = await command({ DATA_DIR: folder });
  expect([well.code, JSON.parse(well.output)]).toMatchObject([0, { ok: true }]);
  expect(existsSync(join(folder, 'spendcloud.db'))).toBe(false);
  writeFileSync(join(folder, 'outbox'), 'a file where the folder should be');
  const failing = await command({ DATA_DIR: folder });
  expect([failing.code, JSON.parse(failing.output)]).toMatchObject([1, { ok: false }]);
  const wrong = await command({ DATA_DIR: folder, PORT: 'eighty', LOG_LEVEL: 'loud' });
  expect([wrong.code, wrong.output]).toEqual([2, expect.stringMatching(/PORT.*LOG_LEVEL|LOG_LEVEL.*PORT/)]);
});
