import { mkdirSync } from 'node:fs';
import { loadConfig } from '../shared/config.ts';
import { keyStore, type Keys, type Scope } from '../shared/keys.ts';

/** Makes a key and prints it, this once. */
export function addKey(name: string, { scope, json }: { scope: Scope; json: boolean }): void {
  const key = openKeys().add(name, scope, new Date());
  process.stdout.write(json ? `${JSON.stringify({ name, scope, key })}\n` : `${key}\n`);
  if (!json)
    process.stderr.write(
      `Made key [${name}] of scope ${scope}. It is shown this once; send it in the header x-functions-key.\n`,
    );
}

export function listKeys({ json }: { json: boolean }): void {
  const keys = openKeys()
    .list()
    .map(({ name, scope, createdAt }) => ({ name, scope, createdAt }));
  if (json) return void process.stdout.write(`${JSON.stringify({ keys })}\n`);
  for (const { name, scope, createdAt } of keys)
    process.stdout.write(`${scope.padEnd(10)}${(createdAt ?? 'from the environment').padEnd(26)}${name}\n`);
}

export function removeKey(name: string): void {
  openKeys().remove(name);
  process.stdout.write(`Removed key [${name}]; a running server refuses it from now on.\n`);
}

function openKeys(): Keys {
  const { dataDir, keys } = loadConfig(process.env);
  mkdirSync(dataDir, { recursive: true });
  return keyStore(dataDir, keys);
}
