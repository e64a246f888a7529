import { openApp } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import { keyFile, type Keys, type Scope } from '../shared/keys.ts';
import { silent } from '../shared/log.ts';

/** Makes a key and prints it, this once. */
export async function addKey(name: string, { scope, json }: { scope: Scope; json: boolean }): Promise<void> {
  const key = await withKeys((keys) => keys.add(name, scope));
  process.stdout.write(json ? `${JSON.stringify({ name, scope, key })}\n` : `${key}\n`);
  if (!json)
    process.stderr.write(
      `Made key [${name}] of scope ${scope}. It is shown this once; send it in the header x-functions-key.\n`,
    );
}

export function listKeys({ json }: { json: boolean }): void {
  const { dataDir, keys: fixed } = loadConfig(process.env);
  const keys = keyFile(dataDir, fixed)
    .list()
    .map(({ name, scope, createdAt }) => ({ name, scope, createdAt }));
  if (json) return void process.stdout.write(`${JSON.stringify({ keys })}\n`);
  for (const { name, scope, createdAt } of keys)
    process.stdout.write(`${scope.padEnd(10)}${(createdAt ?? 'from the environment').padEnd(26)}${name}\n`);
}

export async function removeKey(name: string): Promise<void> {
  await withKeys((keys) => keys.remove(name));
  process.stdout.write(`Removed key [${name}]; a running server refuses it from now on.\n`);
}

/** A change goes on record in the database, so that has to open. */
async function withKeys<T>(use: (keys: Keys) => Promise<T>): Promise<T> {
  const app = await openApp(loadConfig(process.env), { log: silent });
  try {
    return await use(app.keys);
  } finally {
    await app.close();
  }
}
