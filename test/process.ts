import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { agentKey, client, operatorKey, viewerKey, type TestServer } from './helpers.ts';

export interface Program extends Pick<TestServer, 'get' | 'post'> {
  address: string;
  /** What it printed so far. */
  output(): string;
  /** Sends a signal and gives the exit code, null when the signal itself ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a program of a test has of this process's environment: nothing that would set it up. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, NODE_COMPILE_CACHE };
}

/** Runs a file of the project by plain node, as a user does: stricter about imports than vitest. */
export function runNode(args: string[], environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...programEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Starts `server/main.ts` on a free port and waits until it listens. */
export async function startProgram(
  dataDir: string,
  environment: Record<string, string> = {},
  args: string[] = [],
): Promise<Program> {
  const keys = { AGENT_KEY: agentKey, VIEWER_KEY: viewerKey, OPERATOR_KEY: operatorKey };
  const child = runNode(['server/main.ts', ...args], { DATA_DIR: dataDir, PORT: '0', ...keys, ...environment });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
      output += `${line}\n`;
      const found = /"address":"([^"]+)"/.exec(line)?.[1];
      if (found) resolve(found);
    });
    void exited.then(([code]) => reject(new Error(`the program ended with code ${code ?? 'none'}: ${output}`)));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return { address, output: () => output, end, ...client(address) };
}
