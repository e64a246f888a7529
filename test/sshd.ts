import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SftpSettings } from '../shared/delivery/sftp.ts';

/** A real OpenSSH server on this machine, with a host key, a login and a log of its own. */
export interface Sshd {
  port: number;
  fingerprint: string;
  username: string;
  privateKey: string;
  /** An empty folder to deliver to. */
  directory: string;
  /** The renames that the server logged and did not refuse, in order: `/old -> /new`. */
  renames(): string[];
  /** What sftp-server logged: opens, closes with the bytes read and written, renames. */
  log(): string;
  /** How often somebody connected, by the server's own log. */
  connections(): number;
  /** Kills the server and its sessions at once, as a power cut would. */
  kill(): void;
  /** Starts a killed server again: the same port, keys, folder and logs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SshdOptions {
  /** More lines for sshd_config. */
  config?: string[];
  /** More options for sftp-server, for example `-R` to refuse all writing. */
  sftpServer?: string[];
  /** A library that is loaded into sftp-server before its own. */
  preload?: string;
}

export async function startSshd({ config = [], sftpServer = [], preload = '' }: SshdOptions = {}): Promise<Sshd> {
  const home = mkdtempSync(join(tmpdir(), 'sshd-'));
  const inHome = (name: string): string => join(home, name);
  for (const name of ['host-key', 'user-key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', inHome(name)]);
  }
  writeFileSync(inHome('authorized_keys'), readFileSync(inHome('user-key.pub')), { mode: 0o600 });
  mkdirSync(inHome('inbox'));

  const port = await freePort();
  const log = inHome('sftp.log');
  // Not internal-sftp: that one logs to syslog alone. The subsystem is run by a shell, which sends the log to a file.
  const command = [`LD_PRELOAD=${preload}`, sftpServerPath(), '-e', '-l', 'VERBOSE', ...sftpServer, `2>>${log}`].join(
    ' ',
  );
  writeFileSync(
    inHome('sshd_config'),
    [
      ...config,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${inHome('host-key')}`,
      `AuthorizedKeysFile ${inHome('authorized_keys')}`,
      `PidFile none`,
      `Subsystem sftp ${command}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'AllowTcpForwarding no',
      'LogLevel VERBOSE',
    ].join('\n') + '\n',
  );

  const program = findProgram();
  const options = ['-D', '-f', inHome('sshd_config'), '-E', inHome('sshd.log'), ...withoutPenalties(program, home)];
  const sshdLog = (): string => readFileSync(inHome('sshd.log'), 'utf8');
  const start = async () => {
    const server = spawn(program, options, { stdio: 'ignore' });
    const exited = once(server, 'exit');
    await listening(port, server, sshdLog);
    return { server, exited };
  };
  let running = await start();
  const kill = (): void => {
    const { pid, exitCode, signalCode } = running.server;
    if (pid !== undefined && exitCode === null && signalCode === null) killWithChildren(pid);
  };
  const sftpLog = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');

  return {
    port,
    fingerprint:
      execFileSync('ssh-keygen', ['-l', '-f', inHome('host-key.pub')], { encoding: 'utf8' }).split(' ')[1] ?? '',
    username: userInfo().username,
    privateKey: readFileSync(inHome('user-key'), 'utf8'),
    directory: inHome('inbox'),
    log: sftpLog,
    connections: () => [...sshdLog().matchAll(/^Connection from /gm)].length,
    renames: () =>
      // a request is logged as it comes; a refusal is the next line
      [...sftpLog().matchAll(/rename old "(.*)" new "(.*)"\r?\n(?!sent status)/g)].map(
        ([, from, to]) => `${from ?? ''} -> ${to ?? ''}`,
      ),
    kill,
    async restart() {
      await running.exited;
      running = await start();
    },
    async stop() {
      kill();
      await running.exited;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** How to deliver to a server as our defaults do, each time to a folder of its own. */
export function settingsFor(server: Sshd, more: Partial<SftpSettings> = {}): SftpSettings {
  return {
    host: '127.0.0.1',
    port: server.port,
    username: server.username,
    privateKey: server.privateKey,
    directory: mkdtempSync(join(server.directory, 'in-')),
    hostKeys: [server.fingerprint],
    rename: 'posix',
    verify: 'content',
    deadlineSeconds: 30,
    ...more,
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** sshd must be called by its full path: it starts itself again for each session. */
function findProgram(): string {
  return firstThere('sshd', ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd']);
}

function sftpServerPath(): string {
  const folders = ['/usr/lib/openssh', '/usr/libexec/openssh', '/usr/libexec', '/usr/lib/ssh'];
  return firstThere(
    'sftp-server',
    folders.map((folder) => join(folder, 'sftp-server')),
  );
}

function firstThere(name: string, paths: string[]): string {
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed: run "npm test", which installs or names it`);
  return found;
}

/** Newer versions shut out an address that breaks off often, as our tests do; older ones do not know the setting. */
function withoutPenalties(program: string, home: string): string[] {
  const option = ['-o', 'PerSourcePenalties=no'];
  const { status } = spawnSync(program, ['-t', '-f', join(home, 'sshd_config'), ...option]);
  return status === 0 ? option : [];
}

async function listening(port: number, server: { exitCode: number | null }, log: () => string): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`sshd did not start: ${log()}`);
    const socket = connect(port, '127.0.0.1');
    const answered = await once(socket, 'data').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (answered) return;
    await wait(20);
  }
}

/** Each session has a process group of its own, so the tree is walked; the parent goes first and can start no more. */
function killWithChildren(pid: number): void {
  const children = childrenOf(pid);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
  for (const child of children) killWithChildren(child);
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
