import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { databasePath } from '../../../shared/store/open.ts';
import { sqlite3 } from '../../command.ts';
import { agentKey, createBody, operatorKey, temporaryFolder, viewerKey } from '../../helpers.ts';
import { canMount } from '../../small-disk.ts';
import { callRoute } from '../call-route.ts';
import { buildApp, type BuiltApp } from './built-app.ts';
import { startHost, type FunctionsHost, type HostOptions } from './host.ts';

let app: BuiltApp;
beforeAll(() => void (app = buildApp()));
afterAll(() => app.remove());

async function hostWith(options: Partial<HostOptions> = {}): Promise<FunctionsHost> {
  return startHost({ app: app.folder, dataDir: temporaryFolder(), ...options });
}

/** Every route answers 503, the timer does not fail, and who has no operator's key learns no more than that. */
async function expectUnavailable(host: FunctionsHost, reason: RegExp): Promise<void> {
  expect(host.started.loadError).toBeNull();
  const params = { id: '1', name: 'a', reference: 'SC-1', username: 'p1', file: 'index.js' };
  for (const { name, method } of routes) {
    const request = method === 'POST' ? {} : undefined;
    const told = await callRoute(host, { route: name, params, request });
    expect([name, told.status, told.text]).toEqual([name, 503, expect.stringMatching(reason)]);
  }
  for (const key of [null, 'wrong', agentKey, viewerKey]) {
    const { status, text } = await host.get('accounts', key);
    expect([status, text]).toEqual([503, expect.not.stringMatching(reason)]);
  }
  await host.fire('daily-dump');
  expect(host.faults()).toEqual([]);
}

async function expectWorking(host: FunctionsHost): Promise<void> {
  expect((await host.post('helloid/create', createBody(1))).json).toMatchObject({ Success: true });
  await host.fire('daily-dump');
  expect((await host.get('health', null)).status).toBe(200);
  expect(host.faults()).toEqual([]);
}

test('a wrong connector.json is named to an operator, and works once it is repaired, without a restart', async () => {
  const file = join(temporaryFolder(), 'connector.json');
  writeFileSync(file, '{ "schedule": { "cron": "sometimes" } }');
  const host = await hostWith({ environment: { CONFIG_FILE: file } });
  await expectUnavailable(host, /schedule\.cron/);
  writeFileSync(file, '{');
  await expectUnavailable(host, /connector\.json/);
  writeFileSync(file, '{}');
  await expectWorking(host);
});

test('wrong variables are named to an operator, all of them, and no value of a secret', async () => {
  const environment = {
    DELIVERY: 'pigeon',
    SFTP_PORT: '99999999',
    SFTP_PASSWORD: 'hunter2',
    NOTIFY_WEBHOOK_URL: 'nowhere',
  };
  const host = await hostWith({ environment });
  await expectUnavailable(host, /NOTIFY_WEBHOOK_URL.*DELIVERY.*SFTP_PORT/s);
  expect(host.output()).not.toContain('hunter2');
});

test('a secret file that is not there yet is waited for', async () => {
  const file = join(temporaryFolder(), 'password');
  const environment = {
    SFTP_HOST: '127.0.0.1',
    SFTP_USERNAME: 'spendcloud',
    SFTP_HOST_KEY: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
    SFTP_PASSWORD_FILE: file,
  };
  const host = await hostWith({ environment });
  await expectUnavailable(host, /SFTP_PASSWORD_FILE/);
  writeFileSync(file, 'secret');
  await expectWorking(host);
});

test('a data folder that cannot be made is named to an operator, and works once it can', async () => {
  const parent = join(temporaryFolder(), 'volume');
  writeFileSync(parent, 'a file where the volume should be');
  const host = await hostWith({ dataDir: join(parent, 'data') });
  await expectUnavailable(host, /DATA_DIR/);
  rmSync(parent);
  await expectWorking(host);
});

test('whatever else in the data folder stands in the way, each try gives back all it opened', async () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'archive'), 'a file where the folder should be');
  const host = await hostWith({ dataDir });
  await host.get('live', null);
  const opened = () => readdirSync(`/proc/${host.pid}/fd`).length;
  const before = opened();
  await expectUnavailable(host, /EEXIST/);
  expect(opened()).toBeLessThanOrEqual(before + 1); // the client's own connection may be open or not
  rmSync(join(dataDir, 'archive'));
  await expectWorking(host);
});

test.runIf(canMount)('a read-only disk is named to an operator, and works once it can be written', async () => {
  const dataDir = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,ro', 'tmpfs', dataDir]);
  onTestFinished(() => void execFileSync('umount', ['-l', dataDir]));
  const host = await hostWith({ dataDir });
  await expectUnavailable(host, /app.lock cannot be used.*can be written/);
  execFileSync('mount', ['-o', 'remount,rw', dataDir]);
  await expectWorking(host);
});

test('a database of a newer release is refused, and taken once the older one is back', async () => {
  const dataDir = temporaryFolder();
  sqlite3(dataDir, 'PRAGMA user_version = 999');
  const host = await hostWith({ dataDir });
  await expectUnavailable(host, /newer release/);
  sqlite3(dataDir, 'PRAGMA user_version = 0');
  await expectWorking(host);
});

test('a file that is no database is refused, and replaced by a restored one without a restart', async () => {
  const dataDir = temporaryFolder();
  writeFileSync(databasePath(dataDir), 'this is no database, and never was one '.repeat(100));
  const host = await hostWith({ dataDir });
  await expectUnavailable(host, /SQLITE_NOTADB/);
  rmSync(databasePath(dataDir));
  await expectWorking(host);
});

test('a database that another program has locked is waited for, five seconds each time', async () => {
  const dataDir = temporaryFolder();
  const other = new Database(databasePath(dataDir));
  onTestFinished(() => void other.close());
  other.exec('BEGIN EXCLUSIVE');
  const host = await hostWith({ dataDir });
  const { status, text } = await host.get('accounts');
  expect([status, text]).toEqual([503, expect.stringContaining('SQLITE_BUSY')]);
  other.exec('ROLLBACK');
  await expectWorking(host);
});

test('a list of keys that cannot be read opens no door, and only an operator with a fixed key learns why', async () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'keys.json'), '{');
  const host = await hostWith({ dataDir });
  const { status, text } = await host.get('accounts');
  expect([status, text]).toEqual([503, expect.stringContaining('keys.json')]);
  for (const key of ['wrong', viewerKey]) {
    const refused = await host.get('accounts', key);
    expect([refused.status, refused.text]).toEqual([503, expect.not.stringContaining('keys.json')]);
  }
  rmSync(join(dataDir, 'keys.json'));
  expect((await host.get('accounts')).status).toBe(200);
});

test('operators whose keys are in keys.json learn the reason, too', async () => {
  const dataDir = temporaryFolder();
  const environment = { OPERATOR_KEY: '', DATA_DIR: dataDir };
  const host = await hostWith({ dataDir, environment: { ...environment, DELIVERY: 'pigeon' } });
  const made = JSON.parse(
    execFileSync(process.execPath, ['test/command-line.ts', 'keys', 'add', 'one', '--scope', 'operator', '--json'], {
      env: { PATH: process.env.PATH, ...environment },
      encoding: 'utf8',
    }),
  ) as { key: string };
  expect((await host.get('accounts', made.key)).text).toContain('DELIVERY');
  expect((await host.get('accounts', operatorKey)).text).not.toContain('DELIVERY');
});

/** The app with another better-sqlite3: `change` gets the folder of a copy. */
function appWithDatabaseLibrary(change: (library: string) => void): string {
  const folder = temporaryFolder();
  for (const name of ['dist', 'package.json', 'host.json'])
    cpSync(join(app.folder, name), join(folder, name), { recursive: true });
  const installed = fileURLToPath(new URL('../../../node_modules', import.meta.url));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(installed))
    if (name !== 'better-sqlite3') symlinkSync(join(installed, name), join(modules, name));
  const library = join(modules, 'better-sqlite3');
  cpSync(join(installed, 'better-sqlite3'), library, { recursive: true });
  change(library);
  return folder;
}

test('a better-sqlite3 that is not there does not stop the app from loading', async () => {
  const folder = appWithDatabaseLibrary((library) => rmSync(library, { recursive: true }));
  await expectUnavailable(await hostWith({ app: folder }), /ERR_MODULE_NOT_FOUND/);
});

test('a better-sqlite3 built for another machine or Node does not, either', async () => {
  const folder = appWithDatabaseLibrary((library) => {
    const compiled = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.node'),
    );
    expect(compiled).not.toEqual([]);
    for (const name of compiled) writeFileSync(join(library, name), 'not a library');
  });
  await expectUnavailable(await hostWith({ app: folder }), /npm ci/);
});

const oldNode = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((node) => /^v(18|20|21)\./.test(versionOf(node)));

function versionOf(node: string): string {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return '';
  }
}

if (!oldNode)
  console.warn('No older Node on PATH: what the Functions host answers under one will be reported as skipped.');
test.runIf(oldNode)('on a Node that is too old the app loads and says so', async () => {
  const worker = join(temporaryFolder(), 'worker.mjs');
  writeFileSync(worker, stripTypeScriptTypes(readFileSync(new URL('./worker.ts', import.meta.url), 'utf8')));
  const host = await hostWith({ worker, ...(oldNode !== undefined && { node: oldNode }) });
  await expectUnavailable(host, /too old.*22\.14/);
});
