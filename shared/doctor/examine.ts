import type { Config } from '../config.ts';
import { examineOutbox } from '../delivery/outbox.ts';
import { checkClock, checkSchedule, checkTimer } from './clock.ts';
import { checkDataFolder } from './data-folder.ts';
import { checkDatabase, type DatabaseCheck } from './database.ts';
import { checkNotifications } from './notifications.ts';
import { changedDefaultsSteps, checkSettings } from './settings.ts';
import { checkAccess } from './kept-access.ts';
import { notTried, type Step } from './step.ts';
import { checkTakeOver } from './take-over.ts';

export interface Question {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Whether to send test messages. */
  notify: boolean;
  now: Date;
}

/** Looks at everything that a delivery needs; beside a running server or without one, and changes nothing of it. */
export async function examine({ env, cwd, notify, now }: Question): Promise<{ settingsRight: boolean; steps: Step[] }> {
  const { step, config, unpinned } = checkSettings(env, cwd);
  if (!config) {
    const rest = unpinned ? (await sftpSteps(unpinned)).slice(0, 2) : [];
    return { settingsRight: false, steps: [step, ...rest, notTried('everything else', 'settings are wrong')] };
  }
  const database = checkDatabase(config.dataDir);
  const steps = await examineConfig(config, { database, delivery: true, notify, now });
  return { settingsRight: true, steps: [step, ...steps] };
}

export interface Examination {
  /** What was found of the database. */
  database: DatabaseCheck;
  /** Whether to go the way of a delivery. */
  delivery: boolean;
  notify: boolean;
  now: Date;
}

/** Everything behind the settings. */
export async function examineConfig(config: Config, { database, delivery, notify, now }: Examination): Promise<Step[]> {
  const { schedule } = config.policy;
  const { step, found } = database;
  return [
    ...changedDefaultsSteps(config, found),
    ...checkDataFolder(config.dataDir),
    step,
    checkClock(schedule, now, found),
    ...(delivery
      ? await deliverySteps(config, found?.outboxPlace ?? null)
      : [notTried('delivery', 'an operator can have it tried')]),
    ...(await checkNotifications(config.notify, notify)),
    checkSchedule(schedule, now, found),
    ...checkTimer(now, found),
    ...checkTakeOver(now, found),
    ...checkAccess(config.policy, now, found),
  ];
}

async function deliverySteps({ delivery, policy, dataDir }: Config, lastPlace: string | null): Promise<Step[]> {
  if (delivery.kind === 'folder')
    return [
      await examineOutbox({ directory: delivery.directory, dataDir }, lastPlace, policy.delivery.deadlineSeconds),
    ];
  return sftpSteps({ ...delivery, ...policy.delivery });
}

/** The SSH client is loaded only where it is needed. */
async function sftpSteps(settings: Parameters<typeof import('./sftp.ts').checkSftp>[0]): Promise<Step[]> {
  const { checkSftp } = await import('./sftp.ts');
  return checkSftp(settings);
}
