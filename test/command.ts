import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { databasePath } from '../shared/store/open.ts';
import { runNode } from './process.ts';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command line of `spendcloud` in a process of its own. */
export async function command(words: string[], environment: Record<string, string>): Promise<Outcome> {
  const child = runNode(['test/command-line.ts', ...words], environment);
  if (!child.stdout || !child.stderr) throw new Error('the command has no output');
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

/** What somebody with a shell can do to the database; gives what the real `sqlite3` printed. */
export function sqlite3(dataDir: string, sql: string): string {
  return execFileSync('sqlite3', [databasePath(dataDir), sql], { encoding: 'utf8', stdio: 'pipe' });
}
