import { extname } from 'node:path';
import type { Config } from './config.ts';
import { examineConfig } from './doctor/examine.ts';
import type { DatabaseCheck } from './doctor/database.ts';
import { settingsStep } from './doctor/settings.ts';
import type { Step } from './doctor/step.ts';
import { latest, type Latest } from './latest.ts';
import { inWorker } from './worker.ts';

/** The doctor's steps inside a running server. */
export interface Checks {
  /** Everything on this machine: the steps as they were found last, five minutes ago at most. */
  here(): Promise<Latest<Step[]>>;
  /** The same with the way of a delivery, step by step; whoever asks meanwhile shares the answer. */
  withDelivery(): Promise<{ at: string; steps: Step[] }>;
}

const restSeconds = 300;

export function checks(config: Config, now: () => Date, signal: AbortSignal): Checks {
  const file = new URL(`./doctor/database-worker${extname(import.meta.url)}`, import.meta.url);

  async function examine(delivery: boolean): Promise<Step[]> {
    const database = await inWorker<DatabaseCheck>(file, { dataDir: config.dataDir }, { signal });
    const rest = await examineConfig(config, { database, delivery, notify: false, now: now() });
    return [settingsStep(config), ...rest];
  }

  const schedule = { key: () => '', leastSeconds: restSeconds, mostSeconds: restSeconds, now };
  let asked: Promise<{ at: string; steps: Step[] }> | undefined;
  return {
    here: latest(() => examine(false), schedule).last,
    withDelivery: () => {
      const at = now().toISOString();
      asked ??= examine(true)
        .then((steps) => ({ at, steps }))
        .finally(() => {
          asked = undefined;
        });
      return asked;
    },
  };
}
