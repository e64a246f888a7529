import type { Writable } from 'node:stream';
import { progress } from '@clack/prompts';

/** Tells what happens to whoever reads along; stops the story once it was interrupted. */
export interface Story {
  readonly signal: AbortSignal;
  tell(...lines: string[]): void;
  /** Shows how far some work is: as a bar at a terminal, else in two plain lines. */
  progress(what: string, total: number, work: (advance: () => void) => Promise<void>): Promise<void>;
}

/** A terminal has a width; one too narrow for the bar is treated as a file. */
export type Output = Writable & { columns?: number };

const columnsOfBar = 70;

export function storyTo(output: Output, signal: AbortSignal): Story {
  function tell(...lines: string[]): void {
    signal.throwIfAborted();
    output.write(`${lines.join('\n')}\n`);
  }

  const plainProgress: Story['progress'] = async (what, total, work) => {
    const half = Math.ceil(total / 2);
    let done = 0;
    await work(() => {
      done += 1;
      if (done === half || done === total) tell(`  ${what}: ${done} of ${total}`);
    });
  };

  const barProgress: Story['progress'] = async (what, total, work) => {
    const bar = progress({ max: total, size: 20, withGuide: false, output });
    let done = 0;
    bar.start(what);
    if (process.stdin.isTTY) process.stdin.setRawMode(false); // else the bar ends the process at Ctrl-C, before anything is put away
    try {
      await work(() => {
        done += 1;
        bar.advance(1, `${what}: ${done} of ${total}`);
      });
    } catch (error) {
      bar.error(what);
      throw error;
    }
    bar.stop(`${what}: ${done} of ${total}`);
  };

  const hasRoom = (output.columns ?? 0) >= columnsOfBar && !process.env.CI;
  return { signal, tell, progress: hasRoom ? barProgress : plainProgress };
}
