import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { programEnvironment } from '../process.ts';

/** A tick in a process of its own. */
export interface TickProcess {
  /** Gone the way the kernel's `kill -9` does it; resolves when it is. */
  kill(): Promise<void>;
  /** The exit code, null when it was killed; rejects with what it printed when it failed. */
  ended: Promise<number | null>;
}

const entry = fileURLToPath(new URL('./tick.ts', import.meta.url));

export function startTick(environment: Record<string, string>, now: Date): TickProcess {
  const child = spawn(process.execPath, [entry], {
    env: { ...programEnvironment(), ...environment, NOW: now.toISOString() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => {
    if (typeof code === 'number' && code !== 0) throw new Error(`the tick ended with code ${code}: ${printed}`);
    return code as number | null;
  });
  ended.catch(() => undefined); // met by whoever waits for it
  return {
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
