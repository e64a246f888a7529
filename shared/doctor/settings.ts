import { loadConfig, type Config } from '../config.ts';
import type { SftpSettings } from '../delivery/sftp.ts';
import { AppError } from '../errors.ts';
import { changedDefaultsText, lastShape } from '../policy/changed-defaults.ts';
import type { Inspection } from '../store/inspect.ts';
import { failed, ok, warning, type Step } from './step.ts';

export interface Settings {
  step: Step;
  /** Undefined when something is wrong. */
  config?: Config;
  /** Where only the host key is missing: enough to ask the server for it, and not enough to log in. */
  unpinned?: SftpSettings;
}

/** Reads all settings; names every wrong one. */
export function checkSettings(env: NodeJS.ProcessEnv, cwd: string): Settings {
  try {
    const config = loadConfig(env, cwd);
    return { config, step: settingsStep(config) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const unpinned = withoutHostKey(env, cwd);
    return { step: failed('settings', error.message), ...(unpinned && { unpinned }) };
  }
}

/** Settings that were read are right. */
export function settingsStep({ configFile }: Config): Step {
  return ok('settings', `right; ${configFile ?? 'no connector.json: the default policy'}`);
}

/** Settings that follow another default than they did; no step where there is none. */
export function changedDefaultsSteps(config: Config, found: Pick<Inspection, 'deliveredShape'> | undefined): Step[] {
  const text = changedDefaultsText(config, lastShape(found?.deliveredShape));
  return text === undefined ? [] : [warning('settings: changed defaults', text)];
}

function isSet(env: NodeJS.ProcessEnv, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}

function withoutHostKey(env: NodeJS.ProcessEnv, cwd: string): SftpSettings | undefined {
  if (isSet(env, 'SFTP_HOST_KEY') || !isSet(env, 'SFTP_HOST')) return undefined;
  const placeholder = `SHA256:${'A'.repeat(43)}`;
  try {
    const { delivery, policy } = loadConfig({ ...env, SFTP_HOST_KEY: placeholder }, cwd);
    return delivery.kind === 'sftp' ? { ...delivery, ...policy.delivery, hostKeys: [] } : undefined;
  } catch {
    return undefined; // more is wrong, and is named
  }
}
