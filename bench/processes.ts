import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './built.ts';

export const agentKey = 'agent-key-of-the-benchmark-0123456789';
export const operatorKey = 'operator-key-of-the-benchmark-0123456789';

const running = new Set<ChildProcess>();

/** Ends whatever is still running; the benchmark leaves nothing behind, also when it fails. */
export function endProcesses(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs a file of `bench/programs` in a process of its own; its order goes in as JSON, its answer comes back as JSON. */
export async function program<Answer>(name: string, order: object): Promise<Answer> {
  const { output } = await command(process.execPath, [
    join(root, 'bench/programs', `${name}.ts`),
    JSON.stringify(order),
  ]);
  return JSON.parse(output) as Answer;
}

/** Runs a command to its end: how long that took in milliseconds, and what it wrote. Rejects with its complaint when it fails. */
export async function command(
  file: string,
  args: string[],
  { input, environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<{ milliseconds: number; output: string; peakMegabytes: number }> {
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  let [output, complaint] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin.on('error', () => undefined); // it ended without reading: its exit code tells
  child.stdin.end(input ?? '');
  const peak = watchPeak(child);
  const [code] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  if (code !== 0) throw new Error(`${file} ${args[0] ?? ''} ended with ${code ?? 'a signal'}: ${complaint}${output}`);
  return { milliseconds: performance.now() - started, output, peakMegabytes: peak() };
}

/** The most memory that a process held, looked at until it ends: the kernel's own mark only rises. */
function watchPeak({ pid }: ChildProcess): () => number {
  let peak = 0;
  const look = setInterval(() => (peak = Math.max(peak, memory(pid ?? 0).peak)), 20);
  return () => {
    clearInterval(look);
    return peak;
  };
}

/** Megabytes that a process holds now, and held at most since its start or since `resetPeak`. */
export function memory(pid: number): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024;
    return { now: read('VmRSS'), peak: read('VmHWM') };
  } catch {
    return { now: 0, peak: 0 }; // ended
  }
}

export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Seconds of processor time that a process used so far. */
export function processorSeconds(pid: number): number {
  const ticksPerSecond = 100; // USER_HZ on every Linux that Node runs on
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) / ticksPerSecond;
}

export interface Server {
  pid: number;
  port: number;
  /** Time from the start of the process to its first answer, in milliseconds. */
  startMilliseconds: number;
  call(method: 'GET' | 'POST', path: string): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

/** Starts the build as `npm start` does, by plain node, with its log in a file of the data folder. */
export async function startServer(
  dataDir: string,
  port: number,
  environment: Record<string, string> = {},
): Promise<Server> {
  const log = openSync(join(dataDir, 'server.log'), 'a');
  const settings = {
    DATA_DIR: dataDir,
    PORT: String(port),
    AGENT_KEY: agentKey,
    OPERATOR_KEY: operatorKey,
    LOG_LEVEL: 'info',
  };
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'bin/spendcloud.js'), 'start'], {
    cwd: dataDir,
    env: { PATH: process.env.PATH ?? '', ...settings, ...environment },
    stdio: ['ignore', log, log],
  });
  running.add(child);
  const exited = once(child, 'exit');
  const call = async (method: 'GET' | 'POST', path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
      method,
      headers: { 'x-functions-key': operatorKey },
    });
    return { status: answer.status, text: await answer.text() };
  };
  for (;;) {
    const answered = await call('GET', 'live').catch(() => undefined);
    if (answered) break;
    if (child.exitCode !== null)
      throw new Error(`The server did not start: ${readFileSync(join(dataDir, 'server.log'), 'utf8')}`);
    await pause(2);
  }
  const startMilliseconds = performance.now() - started;
  return {
    pid: child.pid ?? 0,
    port,
    startMilliseconds,
    call,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      running.delete(child);
    },
  };
}
