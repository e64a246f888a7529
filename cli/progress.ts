import type { Writable } from 'node:stream';
import { progress } from '@clack/prompts';

/** A terminal has a width; one too narrow for the bar is treated as a file. */
export type Output = Writable & { columns?: number };

const columnsOfBar = 70;
// Less is done before a bar could be read.
const worthABar = 1000;

/** Shows how far some work is: as a bar at a terminal, else in two plain lines; nothing for a small piece of work. */
export async function withProgress<T>(
  output: Output,
  what: string,
  total: number,
  work: (advance: (count: number) => void) => Promise<T>,
): Promise<T> {
  if (total < worthABar) return work(() => undefined);
  const hasRoom = (output.columns ?? 0) >= columnsOfBar && !process.env.CI;
  return hasRoom ? withBar(output, what, total, work) : withLines(output, what, total, work);
}

async function withLines<T>(
  output: Output,
  what: string,
  total: number,
  work: (advance: (count: number) => void) => Promise<T>,
): Promise<T> {
  let done = 0;
  return work((count) => {
    const before = done;
    done += count;
    if ((before < total / 2 && done >= total / 2) || done === total) output.write(`${what}: ${done} of ${total}\n`);
  });
}

async function withBar<T>(
  output: Output,
  what: string,
  total: number,
  work: (advance: (count: number) => void) => Promise<T>,
): Promise<T> {
  const bar = progress({ max: total, size: 20, withGuide: false, output });
  let done = 0;
  bar.start(what);
  if (process.stdin.isTTY) process.stdin.setRawMode(false); // else the bar ends the process at Ctrl-C, before anything is put away
  try {
    const result = await work((count) => {
      done += count;
      bar.advance(count, `${what}: ${done} of ${total}`);
    });
    bar.stop(`${what}: ${done} of ${total}`);
    return result;
  } catch (error) {
    bar.error(what);
    throw error;
  }
}
