import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the images are made of where none can be pulled: two root file systems, and every package of package-lock.json. */
export interface Ingredients {
  debian: string;
  openssh: string;
  npmCache: string;
  /** Npm's own folder, and the registry whose packages the cache holds. */
  npm: string;
  registry: string;
}

const project = fileURLToPath(new URL('../..', import.meta.url));
const kept = '/var/tmp/spendcloud-containers';
// one that is made otherwise than before gets another name
const recipe = 1;
const dayMilliseconds = 86_400_000;

/** Makes what is not kept from an earlier run; needs root, and the networks that apt-get and npm are set up for. */
export function prepareIngredients(): Ingredients {
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(kept);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0)
    throw new Error(`${kept} belongs to somebody else or is open to others; remove it`);

  removeOld();
  const mirror = debianMirror();
  const registry = output('npm', ['config', 'get', 'registry']).trim();
  const lock = readFileSync(join(project, 'package-lock.json'), 'utf8');
  const openssh = ['openssh-server', 'netcat-openbsd'];
  return {
    debian: keep('debian', [mirror], (path) => makeRoot(path, mirror, [])),
    openssh: keep('openssh', [mirror, ...openssh], (path) => makeRoot(path, mirror, openssh)),
    npmCache: keep('npm', [registry, lock], fillNpmCache),
    npm: npmFolder(),
    registry,
  };
}

/** The path of what was made of these ingredients, now or in an earlier run; runs of other checkouts may be at it, too. */
function keep(name: string, from: string[], make: (path: string) => void): string {
  const key = createHash('sha256')
    .update(JSON.stringify([recipe, ...from]))
    .digest('hex')
    .slice(0, 16);
  const path = join(kept, `${name}-${key}`);
  if (existsSync(path)) return path;
  console.log(`Making the ingredient [${name}] of the images; later runs find it in ${kept}`);
  const making = mkdtempSync(join(kept, 'making-'));
  try {
    make(join(making, name));
    if (!existsSync(path)) renameSync(join(making, name), path);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return path;
}

/** What was made so long ago: of an earlier package-lock.json, or cut off in the making. */
function removeOld(): void {
  for (const path of readdirSync(kept).map((name) => join(kept, name))) {
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 14 * dayMilliseconds) rmSync(path, { recursive: true, force: true });
  }
}

/** A minimal Debian 12 as a tar file, without what the slim images of Docker's library leave out too. */
function makeRoot(path: string, mirror: string, packages: readonly string[]): void {
  const root = `${path}-root`;
  const include = packages.length > 0 ? [`--include=${packages.join(',')}`] : [];
  try {
    // what it mounts is gone with the namespace, also when it fails
    output('unshare', ['--mount', 'debootstrap', '--variant=minbase', ...include, 'bookworm', root, mirror]);
    const left = [
      'usr/share/doc',
      'usr/share/info',
      'usr/share/locale',
      'usr/share/man',
      'var/cache/apt',
      'var/lib/apt',
    ];
    const without = left.map((folder) => `--exclude=./${folder}/*`);
    output('tar', ['--create', '--numeric-owner', '--file', path, '--directory', root, ...without, '.']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** By npm as this machine has it set up: which registry, which certificates and which login is no concern of the images. */
function fillNpmCache(path: string): void {
  const work = `${path}-work`;
  mkdirSync(work, { recursive: true });
  try {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(project, name), join(work, name));
    output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', path], work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Of the npm that runs this script. */
function npmFolder(): string {
  const { npm_execpath: program } = process.env;
  if (!program) throw new Error('Run these tests by: npm run test:containers');
  return dirname(dirname(program));
}

/** Where this machine gets Debian 12 from. */
function debianMirror(): string {
  const targets = output('apt-get', [
    'indextargets',
    '--format',
    '$(CODENAME) $(COMPONENT) $(REPO_URI)',
    'Identifier: Packages',
  ]);
  const mirror = /^bookworm main (\S+)$/m.exec(targets)?.[1];
  if (mirror === undefined) throw new Error('apt knows no source of Debian bookworm main');
  return mirror;
}

function output(command: string, args: string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args[0] ?? ''} failed: ${error?.message ?? `${stdout}${stderr}`.slice(-2000)}`);
}
