import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';

const isWindows = process.platform === 'win32';
const patienceMilliseconds = 10_000;

/** Where `func` is; on Windows npm installs it as `func.cmd`, the installer as `func.exe`. */
export function findCoreTools(env: NodeJS.ProcessEnv): string | undefined {
  const names = isWindows ? ['func.exe', 'func.cmd'] : ['func'];
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Runs `func start` until it ends, passing signals on; gives its exit code. Rejects, with func ended, once `lost` does. */
export async function runCoreTools(
  func: string,
  words: string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  lost: Promise<never>,
): Promise<number> {
  const child = start(func, ['start', ...words], { cwd, env });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const stop = (signal: NodeJS.Signals): void => {
    // the terminal has sent Ctrl-C to func already
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    setTimeout(() => child.kill('SIGKILL'), patienceMilliseconds).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  try {
    const [code, signal] = await Promise.race([ended, lost]);
    return code ?? 128 + (signal ? system.signals[signal] : 0);
  } catch (error) {
    stop('SIGTERM');
    await ended.catch(() => undefined); // it may never have started
    throw error;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
}

/** Node starts a `.cmd` through a shell only, which wants one line. */
function start(func: string, words: string[], options: { cwd: string; env: NodeJS.ProcessEnv }): ChildProcess {
  if (!func.endsWith('.cmd')) return spawn(func, words, { ...options, stdio: 'inherit' });
  return spawn(`"${func}" ${words.join(' ')}`, { ...options, stdio: 'inherit', shell: true });
}
