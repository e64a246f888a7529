import { resolve } from 'node:path';
import { type FolderSettings, type SftpSettings, readDelivery } from './config/delivery.ts';
import { readEnvironment } from './config/environment.ts';
import { type FixedKey, readKeys } from './config/keys.ts';
import { Places } from './config/places.ts';
import { readPolicyFile } from './config/policy-file.ts';
import { readVariables } from './config/reading.ts';
import { readGiven } from './config/secrets.ts';
import { type Tls, readTls } from './config/tls.ts';
import { AppError } from './errors.ts';
import type { Policy } from './policy.ts';
import type { ChangedDefault } from './policy/changed-defaults.ts';

export type { FolderSettings, SftpSettings };

/** Every setting there is, read and found right. Paths on this machine are absolute. */
export interface Config {
  dataDir: string;
  server: { host: string; port: number; tls: Tls | null };
  keys: FixedKey[];
  delivery: FolderSettings | SftpSettings;
  backup: { connection: string; container: string } | null;
  notify: { webhookUrl: string | null; smtpUrl: string | null; email: string | null };
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Which calls' log lines name the caller's address. */
  logAddresses: 'off' | 'refused' | 'all';
  /** Proxies whose word about the caller's address is believed. */
  trustedProxies: readonly string[];
  /** Null when there is none, and the policy is the default one. */
  configFile: string | null;
  policy: Policy;
  /** Settings that connector.json does not name, and whose default was another one in an earlier release. */
  unwritten: ChangedDefault[];
}

/**
 * Reads the environment, the files of secrets and connector.json, once. Throws one `invalid-settings` that names every wrong
 * setting and shows no secret. Relative paths in the environment start at `cwd`, those in connector.json at its folder.
 */
export function loadConfig(env: NodeJS.ProcessEnv, cwd = process.cwd()): Config {
  const faults = new Set<string>();
  const report = (setting: string, fault: string) => void faults.add(`${setting}: ${fault}`);

  const given = readGiven(env, cwd, report);
  const places = readVariables(Places, given, report);
  const dataDir = resolve(cwd, places?.DATA_DIR ?? '');
  const environment = readEnvironment(given, report);
  const tls = readTls(given, cwd, report);
  const keys = readKeys(given, report);
  const delivery = readDelivery(given, cwd, dataDir, report);
  const { configFile, policy, unwritten } = readPolicyFile(given.CONFIG_FILE, cwd, report);

  if (!environment || !keys || !delivery || !policy || faults.size > 0)
    throw new AppError('invalid-settings', ['These settings are wrong:', ...faults].join('\n'));
  const { host, port, ...rest } = environment;
  return { dataDir, server: { host, port, tls }, keys, delivery, ...rest, configFile, policy, unwritten };
}
