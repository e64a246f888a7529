import { openApp } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import type { Decider } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';
import { silent } from '../shared/log.ts';
import { databasePath } from '../shared/store/open.ts';
import { adopt, type AdoptOrder } from '../shared/takeover/adopt.ts';
import { closeTakeOver } from '../shared/takeover/open-take-over.ts';
import { existsSync } from 'node:fs';
import { adoptReport, mustDecideYet } from './adopt-report.ts';
import { sayAdoption } from './adopt-screen.ts';
import { say } from './screen.ts';

/** Takes over a customer of the earlier connector, or without a decider only rehearses it. Exit code 3 where a person must look first. */
export async function adoptAll({ json, ...order }: AdoptOrder & { json: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const adoption = await adopt(config, order);
  const report = adoptReport(adoption, order, config);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else sayAdoption(report, adoption);
  if (mustDecideYet(report)) process.exitCode = 3;
}

/** A person says that nobody of the take-over is left to be looked at. */
export async function closeAdoption({ json, ...decider }: Decider & { json: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  if (!existsSync(databasePath(config.dataDir)))
    throw new AppError('not-found', `There is no database in ${config.dataDir}, so nobody was taken over`);
  const app = await openApp(config, { log: silent });
  try {
    const state = await closeTakeOver(app, decider);
    if (json) process.stdout.write(`${JSON.stringify(state)}\n`);
    else say(`The take-over of ${state.at} is closed. Not touched since: ${state.untouched} of ${state.of}.`);
  } finally {
    await app.close();
  }
}
