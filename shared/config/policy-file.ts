import { lstatSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { Policy } from '../policy.ts';
import { changedDefaults, type ChangedDefault } from '../policy/changed-defaults.ts';
import { readCommentedJson } from './commented-json.ts';
import { faultText, type Report } from './reading.ts';
import { messageOf, readTextFile } from './text-file.ts';

/** The policy, and the file it came from; without `given` and without a connector.json it is the default policy. */
export function readPolicyFile(
  given: string | undefined,
  cwd: string,
  report: Report,
): { configFile: string | null; policy: Policy | undefined; unwritten: ChangedDefault[] } {
  const path = resolve(cwd, given ?? 'connector.json');
  if (given === undefined && isAbsent(path)) {
    const policy = Policy.parse({});
    return { configFile: null, policy, unwritten: changedDefaults({}, policy) };
  }
  const written = readWritten(path, given === undefined ? 'connector.json' : 'CONFIG_FILE', report);
  const policy = written && validated(written.value, path, report);
  return { configFile: path, policy, unwritten: policy ? changedDefaults(written.value, policy) : [] };
}

/** Nothing of that name: a link to nowhere, or a folder that may not be looked into, is no reason to go on without the policy. */
function isAbsent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** The policy that a text says which is to stand at a path; reports what is wrong, and then gives nothing. */
export function readPolicyText(text: string, path: string, report: Report): Policy | undefined {
  const written = readCommentedJson(text, (place, fault) => report(`${basename(path)} ${place}`, fault));
  return written && validated(written.value, path, report);
}

function readWritten(path: string, setting: string, report: Report): { value: unknown } | undefined {
  try {
    return readCommentedJson(readTextFile(path), (place, fault) => report(`${basename(path)} ${place}`, fault));
  } catch (error) {
    report(setting, `${messageOf(error)}, expected the file of settings; CONFIG_FILE can name another`);
    return undefined;
  }
}

function validated(value: unknown, path: string, report: Report): Policy | undefined {
  const read = Policy.safeParse(value);
  if (read.success) return withAbsoluteTables(read.data, dirname(path));
  for (const issue of read.error.issues) {
    const name = (...more: PropertyKey[]) => `${basename(path)} ${z.core.toDotPath([...issue.path, ...more])}`.trim();
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) report(name(key), `there is no such setting, ${issue.message}`);
    else report(name(), faultText(issue, valueAt(value, issue.path)));
  }
  return undefined;
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part], value);
}

function withAbsoluteTables(policy: Policy, folder: string): Policy {
  const { roles, also } = policy;
  const absolute = (path: string | null) => path && resolve(folder, path);
  return {
    ...policy,
    roles: {
      ...roles,
      profileTable: absolute(roles.profileTable),
      unitTable: absolute(roles.unitTable),
      catalogue: absolute(roles.catalogue),
    },
    also: { persons: absolute(also.persons), roles: absolute(also.roles) },
  };
}
