import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, lstatSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../command.ts';
import { temporaryFolder } from '../folder.ts';
import { createBody, testServer } from '../helpers.ts';

const service = 65_534;
const asRoot = process.getuid?.() === 0;

/** A data folder of the user whom the service runs as. */
function folderOfService(): string {
  const dataDir = temporaryFolder();
  chownSync(dataDir, service, service);
  return dataDir;
}

/** What root still owns below a folder. */
function ofRoot(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }) as string[];
  expect(names).not.toEqual([]);
  return names.filter((name) => lstatSync(join(folder, name)).uid === 0);
}

test.runIf(asRoot)('what root leaves with a command belongs to the owner of the data folder', async () => {
  const dataDir = folderOfService();
  const { app, post } = await testServer({ environment: { DATA_DIR: dataDir } });
  await post('helloid/create', createBody(1));
  await app.close();
  const backups = join(dataDir, 'backups');
  const commands = [
    ['keys', 'add', 'agent', '--scope', 'agent'],
    ['export', '--json'],
    ['backup'],
    () => ['restore', join(backups, readdirSync(backups)[0] ?? ''), '--by', 'jansen', '--reason', 'moved'],
  ];
  for (const words of commands) {
    const { code, stderr } = await command(Array.isArray(words) ? words : words(), { DATA_DIR: dataDir });
    expect(code, stderr).toBeOneOf([0, 3]); // the first delivery is held
    expect(ofRoot(dataDir)).toEqual([]);
  }
});

test.runIf(asRoot)('keys belong to the owner at once, beside a server that runs', async () => {
  const dataDir = folderOfService();
  const { app } = await testServer({ environment: { DATA_DIR: dataDir } });
  await app.keys.add('agent', 'agent');
  expect(lstatSync(join(dataDir, 'keys.json'))).toMatchObject({ uid: service, gid: service, mode: 0o100600 });
});

test.runIf(asRoot)('links lead root nowhere: what lies behind them stays whose it was, and a circle ends', async () => {
  const DATA_DIR = folderOfService();
  const elsewhere = temporaryFolder({ 'secret/of-root': 'kept' });
  symlinkSync(elsewhere, join(DATA_DIR, 'backups'));
  symlinkSync('.', join(DATA_DIR, 'a'));
  symlinkSync('.', join(DATA_DIR, 'b'));
  const { code, stderr } = await command(['keys', 'add', 'agent', '--scope', 'agent'], { DATA_DIR });
  expect(code, stderr).toBe(0);
  for (const path of ['secret', 'secret/of-root']) expect(lstatSync(join(elsewhere, path)).uid).toBe(0);
  expect(lstatSync(join(DATA_DIR, 'spendcloud.db')).uid).toBe(service);
});

test.runIf(asRoot)('root who may not give files away makes keys all the same', async () => {
  const DATA_DIR = folderOfService();
  chmodSync(DATA_DIR, 0o777);
  const words = ['--bounding-set=-chown', '--inh-caps=-chown', process.execPath, 'test/command-line.ts'];
  execFileSync('setpriv', [...words, 'keys', 'add', 'agent', '--scope', 'agent'], {
    env: { PATH: process.env.PATH, DATA_DIR },
    stdio: 'pipe',
  });
  expect(lstatSync(join(DATA_DIR, 'keys.json')).uid).toBe(0);
});

test.runIf(asRoot)('a file with a second name elsewhere stays whose it was', async () => {
  const DATA_DIR = folderOfService();
  const elsewhere = join(temporaryFolder(), 'elsewhere');
  writeFileSync(elsewhere, 'of root');
  linkSync(elsewhere, join(DATA_DIR, 'linked'));
  await command(['keys', 'add', 'agent', '--scope', 'agent'], { DATA_DIR });
  expect(ofRoot(DATA_DIR)).toEqual(['linked']);
});

test('a list of keys that cannot be read is told apart from one that is none', async () => {
  const DATA_DIR = temporaryFolder({ 'keys.json/in-the-way': '' });
  const { code, stderr } = await command(['keys', 'list'], { DATA_DIR });
  expect([code, stderr]).toEqual([
    2,
    `${DATA_DIR}/keys.json cannot be read (EISDIR); let it belong to the user who runs the connector\n`,
  ]);
});
