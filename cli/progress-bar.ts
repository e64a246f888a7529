import { progress as bar } from '@clack/prompts';
import type { Progress } from '../shared/progress.ts';

interface ProgressBar {
  progress: Progress;
  end(): void;
}

/** Shows long work on the error output, so that reports stay clean: a bar per step on a terminal, else a line per step. */
export async function withProgressBar<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const { progress, end } = process.stderr.isTTY ? onTerminal() : asLines();
  try {
    return await work(progress);
  } finally {
    end();
  }
}

function onTerminal(): ProgressBar {
  let shown: { step: string; at: number; bar: ReturnType<typeof bar> } | undefined;

  function end(): void {
    shown?.bar.stop(`${shown.step}: done`);
    shown = undefined;
  }

  function progress(step: string, done: number, total: number): void {
    if (shown?.step !== step) {
      end();
      shown = { step, at: 0, bar: bar({ max: 100, output: process.stderr }) };
      shown.bar.start(step);
    }
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    if (percent <= shown.at) return;
    shown.bar.advance(percent - shown.at, `${step} ${percent}%`);
    shown.at = percent;
  }

  return { progress, end };
}

function asLines(): ProgressBar {
  let last = '';
  return {
    progress: (step) => {
      if (step === last) return;
      last = step;
      process.stderr.write(`${step} ...\n`);
    },
    end: () => undefined,
  };
}
