import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** A terminal of a reader: what one block exports is there in the next. */
export interface Terminal {
  /** Runs a block to its end; `stderr` is for the message of a failing test. */
  run(commands: string): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Runs a block that does not end by itself, until it has printed `mark`. */
  runUntil(commands: string, mark: string): Promise<Running>;
  /** Ends everything that still runs in it. */
  close(): void;
}

export interface Running {
  output(): string;
  /** What Ctrl-C does: a signal to everything that runs in the terminal. Gives the exit code. */
  interrupt(): Promise<number | null>;
}

/** `environment` is all a terminal starts with, besides where programs and the home are. */
export function terminal(folder: string, environment: Record<string, string>): Terminal {
  const children: ChildProcess[] = [];
  let exported: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '/',
    ...environment,
  };

  function start(commands: string): ChildProcess {
    // The last line of descriptor 3 is the environment that the next block begins with.
    const script = `${commands}\nstatus=$?\nenv -0 >&3\nexit $status`;
    const child = spawn('bash', ['-c', script], {
      cwd: folder,
      env: exported,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true, // a process group of its own, as a terminal gives
    });
    children.push(child);
    return child;
  }

  async function run(commands: string) {
    const child = start(commands);
    const [stdout, stderr, environment, [code]] = await Promise.all([
      text(child.stdio[1] as NodeJS.ReadableStream),
      text(child.stdio[2] as NodeJS.ReadableStream),
      text(child.stdio[3] as NodeJS.ReadableStream),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    exported = Object.fromEntries(
      environment
        .split('\0')
        .filter((pair) => pair.includes('='))
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    return { code, stdout, stderr };
  }

  async function runUntil(commands: string, mark: string): Promise<Running> {
    const child = start(commands);
    const exited = once(child, 'exit') as Promise<[number | null]>;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const take = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes(mark)) resolve();
      };
      child.stdout?.on('data', take);
      child.stderr?.on('data', take);
      void exited.then(([code]) => reject(new Error(`ended with code ${code ?? 'none'} before "${mark}": ${output}`)));
    });
    return {
      output: () => output,
      async interrupt() {
        kill(child, 'SIGINT');
        const [code] = await exited;
        return code;
      },
    };
  }

  return { run, runUntil, close: () => children.forEach((child) => kill(child, 'SIGKILL')) };
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // the group is gone
  }
}
