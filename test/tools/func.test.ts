import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startAzurite } from '../azurite.ts';
import { temporaryFolder } from '../folder.ts';

// Core Tools cannot be installed on every machine that runs these tests. A small program of the same name stands in: it proves that func is found and started in
// the project's folder with an Azurite it can write to, and how both end. It proves nothing about the host itself; see docs/functions-host.md.
const project = fileURLToPath(new URL('../..', import.meta.url));

/** A folder with a `func` that uses its storage as the timer does, notes what it saw, and then ends as the test says. */
function standIn(end: string): { folder: string; isStarted: () => boolean; seen: () => Seen } {
  const note = join(temporaryFolder(), 'seen.json');
  const code = `#!/usr/bin/env node
const { renameSync, writeFileSync } = require('node:fs');
const { BlobServiceClient } = require(${JSON.stringify(join(project, 'node_modules/@azure/storage-blob'))});
const storage = process.env.AzureWebJobsStorage;
(async () => {
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient('azure-webjobs-hosts');
  await container.createIfNotExists();
  await container.getBlockBlobClient('timers/status').upload('{}', 2);
  const seen = { words: process.argv.slice(2), folder: process.cwd(), node: process.version, storage };
  writeFileSync(${JSON.stringify(`${note}.partial`)}, JSON.stringify(seen));
  renameSync(${JSON.stringify(`${note}.partial`)}, ${JSON.stringify(note)});
  ${end}
})().catch((error) => { console.error(error); process.exit(99); });
`;
  const folder = temporaryFolder({ func: code });
  execFileSync('chmod', ['+x', join(folder, 'func')]);
  return { folder, isStarted: () => existsSync(note), seen: () => JSON.parse(readFileSync(note, 'utf8')) as Seen };
}

interface Seen {
  words: string[];
  folder: string;
  node: string;
  storage: string;
}

interface RunOptions {
  words?: string[];
  program?: string[];
  environment?: Record<string, string>;
}

const tool = [process.execPath, 'tools/func.ts'];

function run(folders: string[], { words = [], program = tool, environment = {} }: RunOptions = {}): ChildProcess {
  const [command = '', ...first] = program;
  const PATH = [...folders, dirname(process.execPath), '/usr/bin', '/bin'].join(':');
  const child = spawn(command, [...first, ...words], {
    cwd: project,
    env: { PATH, HOME: process.env.HOME, DATA_DIR: temporaryFolder(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  const [[code], out, err] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code, said: out + err };
}

/** Whether anything of the storage still listens. */
async function listens({ storage }: Seen): Promise<boolean> {
  const { port } = new URL(/BlobEndpoint=([^;]+)/.exec(storage)?.[1] ?? '');
  const socket = createConnection(Number(port), '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

test('without Core Tools one sentence says how to install them, and nothing is started', async () => {
  const { code, said } = await outcome(run([]));
  expect([code, said.trim().split('\n').length]).toEqual([1, 1]);
  expect(said).toContain('azure-functions-core-tools@4');
});

test('func is started with a storage it can write to, its exit code is passed on, and Azurite ends with it', async () => {
  const { folder, seen } = standIn('process.exit(7)');
  const { code, said } = await outcome(run([folder], { words: ['--port', '7072'] }));
  expect([code, said]).toEqual([7, '']);
  expect(seen()).toMatchObject({ words: ['start', '--port', '7072'], node: process.version });
  expect(join(seen().folder, '/')).toBe(project);
  expect(seen().storage).toContain('BlobEndpoint=http://127.0.0.1:');
  expect(await listens(seen())).toBe(false);
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)
  test(`${signal} ends func, and then Azurite`, async () => {
    const { folder, isStarted, seen } = standIn('setInterval(() => {}, 1000)');
    const child = run([folder]);
    await expect.poll(isStarted, { timeout: 30_000 }).toBe(true);
    expect(await listens(seen())).toBe(true);
    child.kill(signal);
    expect((await outcome(child)).code).toBe(code);
    expect(await listens(seen())).toBe(false);
  });

test('a storage that ends under way ends func too, with a sentence', async () => {
  const { folder, isStarted } = standIn('setInterval(() => {}, 1000)');
  const child = run([folder]);
  await expect.poll(isStarted, { timeout: 30_000 }).toBe(true);
  process.kill(azuriteOf(child));
  const { code, said } = await outcome(child);
  expect([code, said]).toEqual([1, expect.stringContaining('Azurite has ended')]);
});

/** The process that the tool started beside func. */
function azuriteOf({ pid }: ChildProcess): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const found = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('azurite'));
  expect(found).toBeDefined();
  return Number(found);
}

test('a storage account that the environment names is used instead, and no Azurite is started', async () => {
  const azurite = await startAzurite();
  onTestFinished(() => azurite.stop());
  const { folder, seen } = standIn('process.exit(0)');
  const dataDir = temporaryFolder();
  const environment = { AzureWebJobsStorage: azurite.connection, DATA_DIR: dataDir };
  expect((await outcome(run([folder], { environment }))).code).toBe(0);
  expect(seen().storage).toBe(azurite.connection);
  expect(readdirSync(dataDir)).toEqual([]);
});

test('npm run func builds first, and runs func on the Node that the project brings along', async () => {
  const { folder, seen } = standIn('process.exit(5)');
  const { code } = await outcome(run([folder], { program: ['npm', 'run', '--silent', 'func'] }));
  expect(code).toBe(5);
  expect(seen().node).toBe('v24.21.0');
  expect(existsSync(join(project, 'dist/functions/index.js'))).toBe(true);
});
