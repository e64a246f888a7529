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
  const source = JSON.stringify(new URL('../../cli/run.ts', import.meta.url).href);
  const program = `import { run } from ${source}; await run(${JSON.stringify(words)});`;
  const child = runNode(['--input-type=module', '--eval', program], { DATA_DIR: dataDir, ...environment });
  if (!child.stdout || !child.stderr) throw new Error('the command has no output to read');
  const [[code], output, errors] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, output, errors, json: parse(output) as never };
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
