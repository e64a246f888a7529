import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from './errors.ts';
import { leaveFileToOwner } from './store/ownership.ts';

export const scopes = ['agent', 'viewer', 'operator'] as const;
export type Scope = (typeof scopes)[number];

/** A key as it is kept: never the key itself. */
export interface StoredKey {
  name: string;
  scope: Scope;
  /** SHA-256 of the key, lower case hex. */
  sha256: string;
  /** UTC; null for a key from the environment. */
  createdAt: string | null;
}

/** The keys as they are used everywhere: a change leaves an entry in the audit trail, or is not made. */
export interface Keys extends Omit<KeyFile, 'add' | 'remove'> {
  /** Makes a random key and gives it; it is never to be had again. */
  add(name: string, scope: Scope): Promise<string>;
  remove(name: string): Promise<void>;
}

/** Keys in `keys.json` and fixed ones. */
export interface KeyFile {
  /** The key that was presented, by its name and scope; undefined for none of ours. */
  recognise(presented: string | null): { name: string; scope: Scope } | undefined;
  list(): StoredKey[];
  /** Makes a random key and gives it; it is never to be had again. */
  add(name: string, scope: Scope, now: Date): string;
  remove(name: string): void;
  /** Whether `keys.json` was ever made. */
  exist(): boolean;
}

const KeysFile = z.strictObject({
  keys: z.array(
    z.strictObject({
      name: z.string().min(1),
      scope: z.enum(scopes),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      createdAt: z.string().nullable(),
    }),
  ),
});

/** Keys from `keys.json` in the data folder, read again when it changed, beside fixed ones from the environment. */
export function keyFile(dataDir: string, fixed: readonly { scope: Scope; name: string; key: string }[]): KeyFile {
  const path = join(dataDir, 'keys.json');
  const fixedKeys = fixed.map(({ scope, name, key }): StoredKey => ({
    scope,
    name,
    sha256: hash('sha256', key),
    createdAt: null,
  }));
  let seen = '';
  let stored: StoredKey[] = [];

  function list(): StoredKey[] {
    const stamp = stampOf(path);
    if (stamp !== seen) {
      stored = stamp === '' ? [] : readKeys(path);
      seen = stamp;
    }
    return [...stored, ...fixedKeys];
  }

  function recognise(presented: string | null): { name: string; scope: Scope } | undefined {
    if (!presented) return undefined;
    const digest = Buffer.from(hash('sha256', presented), 'hex');
    let found: StoredKey | undefined;
    for (const key of list()) if (timingSafeEqual(digest, Buffer.from(key.sha256, 'hex'))) found ??= key;
    return found && { name: found.name, scope: found.scope };
  }

  function add(name: string, scope: Scope, now: Date): string {
    if (list().some((key) => key.name === name))
      throw new AppError('conflict', `There is a key named [${name}] already; remove it first or choose another name`);
    const key = `sc_${scope}_${randomBytes(32).toString('base64url')}`;
    save([...stored, { name, scope, sha256: hash('sha256', key), createdAt: now.toISOString() }]);
    return key;
  }

  function remove(name: string): void {
    list();
    const left = stored.filter((key) => key.name !== name);
    if (left.length === stored.length) throw new AppError('not-found', `There is no key named [${name}] in ${path}`);
    save(left);
  }

  function save(keys: StoredKey[]): void {
    const temporary = `${path}.partial`;
    writeFileSync(temporary, `${JSON.stringify({ keys }, undefined, 2)}\n`, { mode: 0o600, flush: true });
    chmodSync(temporary, 0o600); // a left-over temporary keeps its old mode
    leaveFileToOwner(temporary);
    renameSync(temporary, path);
  }

  return { recognise, list, add, remove, exist: () => existsSync(path) };
}

/** Whether a key of this scope may do what that scope is asked for. */
export function allows(held: Scope, asked: Scope): boolean {
  return held === 'operator' || held === asked;
}

/** Whether a key is an operator's, when settings are so wrong that no key store could be opened: looks only at what is sure. */
export function isOperator(presented: string | null, env: NodeJS.ProcessEnv): boolean {
  try {
    const key = env.OPERATOR_KEY_FILE ? readFileSync(env.OPERATOR_KEY_FILE, 'utf8').trim() : env.OPERATOR_KEY;
    if (key && presented && timingSafeEqual(hash('sha256', key, 'buffer'), hash('sha256', presented, 'buffer')))
      return true;
    const dataDir = env.DATA_DIR === '' ? undefined : env.DATA_DIR; // an empty value counts as absent
    return keyFile(dataDir ?? './data', []).recognise(presented)?.scope === 'operator';
  } catch {
    return false; // what cannot be read opens no door
  }
}

function readKeys(path: string): StoredKey[] {
  try {
    return KeysFile.parse(JSON.parse(readFileSync(path, 'utf8'))).keys;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).syscall && (error as NodeJS.ErrnoException).code;
    const says = code
      ? `cannot be read (${code}); let it belong to the user who runs the connector`
      : 'is not a list of keys; restore it, or remove it and make keys anew with: spendcloud keys add';
    throw new AppError('invalid-settings', `${path} ${says}`, { cause: error });
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat ? `${stat.ino}:${stat.mtimeNs}:${stat.size}` : '';
}
