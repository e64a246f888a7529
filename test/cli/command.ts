import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { runNode } from '../process.ts';

export interface Outcome {
  code: number | null;
  output: string;
  errors: string;
  /** The output as JSON, undefined when it is none. */
  json: never;
}

/** Runs `spendcloud` with these words by plain node, on a data folder. */
export async function spendcloud(dataDir: string, words: string[], environment = {}): Promise<Outcome> {
  const child = startSpendcloud(dataDir, words, environment);
  if (!child.stdout || !child.stderr) throw new Error('the command has no output to read');
  const [[code], output, errors] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, output, errors, json: parse(output) as never };
}

/** The same, for a test that does not wait for its end. */
export function startSpendcloud(dataDir: string, words: string[], environment = {}): ChildProcess {
  const source = JSON.stringify(new URL('../../cli/run.ts', import.meta.url).href);
  const program = `import { run } from ${source}; await run(${JSON.stringify(words)});`;
  return runNode(['--input-type=module', '--eval', program], { DATA_DIR: dataDir, ...environment });
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
