import { openApp } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import type { RunDecisionName } from '../shared/daily/decisions.ts';
import type { Decider } from '../shared/domain/run.ts';
import { AppError } from '../shared/errors.ts';
import { silent } from '../shared/log.ts';
import { reportRun, waitForEnd } from './export.ts';

const fromHere = { key: 'command line', requestId: null };

/** Releases, discards or retries a run, and waits for what comes of it. */
export async function decideRun(
  id: string,
  name: RunDecisionName,
  { by, reason, json }: Decider & { json: boolean },
): Promise<void> {
  await withApp(async (app) => {
    const run = /^\d{1,15}$/.test(id) ? await app.runs.find(Number(id)) : undefined;
    if (!run) throw new AppError('not-found', `There is no run ${id}`);
    await app.daily.decide(run, name, { by, reason });
    reportRun(await waitForEnd(app, run.id), json);
  });
}

export async function pauseDeliveries({ by, reason }: Decider): Promise<void> {
  await withApp(async ({ daily }) => {
    const { at } = await daily.pause({ by, reason });
    process.stdout.write(
      `Paused since ${at}: dumps are made and checked, and nothing is delivered until: spendcloud resume\n`,
    );
  });
}

export async function resumeDeliveries({ by, reason }: Decider): Promise<void> {
  await withApp(async ({ daily }) => {
    await daily.resume({ by, reason });
    process.stdout.write('Deliveries go on.\n');
    await daily.goOn();
  });
}

/** `pending`: refuses another username than this one. */
export async function acceptUsername(
  reference: string,
  { by, reason, pending }: Decider & { pending?: string },
): Promise<void> {
  await withApp(async ({ usernames }) => {
    await usernames.accept(reference, pending ?? null, { by, reason }, fromHere);
    process.stdout.write(`The files carry the new username of ${reference} from the next dump on.\n`);
  });
}

export async function allowUsername(username: string, externalId: string, { by, reason }: Decider): Promise<void> {
  await withApp(async ({ usernames }) => {
    await usernames.allow(username, externalId, { by, reason }, fromHere);
    process.stdout.write(`Number ${externalId} may have the username; let HelloID try again.\n`);
  });
}

/** Lets the number of a deleted account make a new account, for somebody else. */
export async function renewAccount(externalId: string, { by, reason }: Decider): Promise<void> {
  await withApp(async ({ personNumbers, keyRules }) => {
    const closed = await personNumbers.renew(externalId, { by, reason }, fromHere);
    process.stdout.write(
      `Number ${externalId} makes a new account; ${closed.join(', ')} stays closed. Let HelloID try again.\n`,
    );
    if (keyRules.personKey === 'externalId')
      process.stdout.write(
        'Spend Cloud knows people by their numbers here: close the earlier account there first, or it is the new person who gets it.\n',
      );
  });
}

/** The app on the data folder of the settings, closed afterwards. */
export async function withApp(use: (app: Awaited<ReturnType<typeof openApp>>) => Promise<void>): Promise<void> {
  const app = await openApp(loadConfig(process.env), { log: silent });
  try {
    await use(app);
  } finally {
    await app.close();
  }
}
