/**
 * `npm run test:containers`: the images and docker-compose.yml, against a Docker daemon of the test's own. Daemon and tests live in
 * namespaces of their own (processes, mounts, network), which the kernel empties when the tests end in whatever way: nothing that
 * runs, is mounted or listens stays behind, and nothing on this machine's network is touched.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing, isRoot } from '../setup/debian.ts';
import { removeControlGroups } from './control-groups.ts';
import { prepareIngredients, type Ingredients } from './ingredients.ts';

const needs = [
  { command: 'dockerd', package: 'docker.io' },
  { command: 'docker-compose', package: 'docker-compose' },
  { command: 'debootstrap', package: 'debootstrap' },
  { command: 'ip', package: 'iproute2' },
  { command: 'iptables', package: 'iptables' },
  { command: 'nginx', package: 'nginx-light' },
  { command: 'caddy', package: 'caddy' },
  { command: 'curl', package: 'curl' },
];

if (isRoot && isDebian12()) await test();
else leaveOut();

async function test(): Promise<void> {
  installMissing(needs);
  const ingredients = prepareIngredients();
  const work = mkdtempSync(join(tmpdir(), 'spendcloud-containers-'));
  try {
    process.exitCode = await runApart(work, ingredients);
  } finally {
    await removeControlGroups(basename(work));
    rmSync(work, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Gives the exit code of the tests; a signal to this process ends them, and with them everything they started. */
async function runApart(work: string, ingredients: Ingredients): Promise<number> {
  const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const apart = [
    ...['setpriv', '--pdeathsig', 'KILL'], // should this process be killed, so is what it started
    ...['unshare', '--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--mount-proc', '--kill-child'],
    ...['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
  ];
  const [command = '', ...options] = [
    ...apart,
    process.execPath,
    vitest,
    'run',
    '--config',
    config,
    ...process.argv.slice(2),
  ];
  const env = {
    ...process.env,
    PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`,
    CONTAINERS_WORK: work,
    CONTAINERS_INGREDIENTS: JSON.stringify(ingredients),
  };
  const child = spawn(command, options, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGKILL'));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
}

function isDebian12(): boolean {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    return /^ID=debian$/m.test(release) && /^VERSION_ID="12"$/m.test(release);
  } catch {
    return false;
  }
}

function leaveOut(): void {
  const line = '#'.repeat(100);
  console.warn(
    [
      line,
      'The container tests were LEFT OUT: they need root on Debian 12, where they bring a Docker daemon of their own.',
      'Nothing is said here about the images and docker-compose.yml.',
      line,
    ].join('\n'),
  );
}
