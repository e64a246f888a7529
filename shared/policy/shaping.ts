import { createHash } from 'node:crypto';
import type { Policy } from '../policy.ts';

/** The settings that a pair was written under, as far as they decide what is in the files. */
export interface ShapingSettings {
  /** Whether there was a connector.json; without one the settings are the default ones. */
  hasFile: boolean;
  /** A digest of each setting, by its name. */
  digests: Record<string, string>;
}

/** Sections that shape the files as a whole, and single settings of others. */
const sections = ['spendCloud', 'roles', 'also'] as const;

export function shapingSettings(policy: Policy, hasFile: boolean): ShapingSettings {
  const { accounts, fields, files, schedule, retention } = policy;
  const named: [name: string, value: unknown][] = [
    ...sections.flatMap((section) => namedIn(section, policy[section])),
    ...(['persons', 'roles'] as const).flatMap((file) => namedIn(`files.${file}`, files[file])),
    ['accounts.username', accounts.username],
    ['fields', fields],
    ['schedule.timeZone', schedule.timeZone],
    ['retention.passiveDays', retention.passiveDays],
  ];
  return { hasFile, digests: Object.fromEntries(named.map(([name, value]) => [name, digestOf(value)])) };
}

/** The names of settings that are others now; a setting that one of the two releases does not know is none. */
export function changedSettings(before: ShapingSettings, now: ShapingSettings): string[] {
  return Object.entries(now.digests).flatMap(([name, digest]) => {
    const then = before.digests[name];
    return then === undefined || then === digest ? [] : [name];
  });
}

function namedIn(section: string, settings: object): [string, unknown][] {
  return Object.entries(settings).map(([name, value]) => [`${section}.${name}`, value]);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
