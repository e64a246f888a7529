import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A Docker daemon that nobody else talks to. */
export interface Daemon {
  /** Runs the Docker client; gives its standard output, and throws with all it wrote when it fails. */
  docker(...args: string[]): Promise<string>;
  /** The same for docker-compose, in its project's folder. */
  compose(...args: string[]): Promise<string>;
  /** The same with a file as standard input. */
  composeReading(file: string, ...args: string[]): Promise<string>;
  /** Runs lines that a page tells its readers to type, in the project's folder, with `docker compose` meaning docker-compose; gives all they wrote. */
  shell(lines: string): Promise<string>;
  stop(): Promise<void>;
}

export interface Result {
  code: number;
  stdout: string;
  /** Both streams, as they came. */
  output: string;
}

/** Starts dockerd with everything of it under `work`; compose works on the project in `project`, with these variables. */
export async function startDaemon(work: string, project: string, variables: Record<string, string>): Promise<Daemon> {
  const socket = join(work, 'docker.sock');
  const logPath = join(work, 'dockerd.log');
  const folders = [
    '--data-root',
    join(work, 'data'),
    '--exec-root',
    join(work, 'exec'),
    '--pidfile',
    join(work, 'pid'),
  ];
  // its containers' control groups under a name of its own, and not by way of the machine's systemd
  const groups = ['--cgroup-parent', `/${basename(work)}`, '--exec-opt', 'native.cgroupdriver=cgroupfs'];
  const options = [...folders, ...groups, '--host', `unix://${socket}`];
  const dockerd = spawn('dockerd', options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logPath);
  dockerd.stdout.pipe(log);
  dockerd.stderr.pipe(log);
  const exited = once(dockerd, 'exit');

  const environment = {
    ...variables,
    HOME: work,
    DOCKER_HOST: `unix://${socket}`,
    DOCKER_BUILDKIT: '0', // as docker-compose 1.29 builds: the Dockerfile must need nothing newer
    COMPOSE_PROJECT_NAME: 'spendcloud',
  };
  const docker = async (...args: string[]) => orThrow('docker', args, await run('docker', args, environment));
  const compose = async (...args: string[]) =>
    orThrow('docker-compose', args, await run('docker-compose', args, environment, project));
  const composeReading = async (file: string, ...args: string[]) =>
    orThrow('docker-compose', args, await run('docker-compose', args, environment, project, readFileSync(file)));

  const shell = async (lines: string) =>
    (await run('bash', ['-c', `${asComposeV2}\n${lines}`], environment, project)).output;

  async function stop(): Promise<void> {
    dockerd.kill('SIGTERM');
    await exited;
  }

  while ((await run('docker', ['version'], environment)).code !== 0) {
    if (dockerd.exitCode !== null)
      throw new Error(`dockerd did not start: ${readFileSync(logPath, 'utf8').slice(-3000)}`);
    await wait(200);
  }
  return { docker, compose, composeReading, shell, stop };
}

// nobody sits at a terminal here, which docker-compose 1.29 wants to be told
const asComposeV2 = `docker() {
  if [ "$1 $2" = 'compose exec' ]; then shift 2; [ "$1" = -T ] && shift; docker-compose exec -T "$@"
  elif [ "$1" = compose ]; then shift; docker-compose "$@"
  else command docker "$@"; fi
}`;

function orThrow(command: string, args: string[], { code, stdout, output }: Result): string {
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`);
}

export async function run(
  command: string,
  args: string[],
  environment: Record<string, string>,
  cwd?: string,
  input: Buffer | string = '',
): Promise<Result> {
  const child = execFile(command, args, { cwd, env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 });
  let [stdout, output] = ['', ''];
  child.stdout?.on('data', (chunk: string) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr?.on('data', (chunk: string) => (output += chunk));
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, output };
}
