/**
 * `npm run func`: the app under Azure Functions Core Tools. Azurite keeps the timer's state beside the data, on ports of its own, for as long as
 * `func start` runs; words behind `--` go to `func start`. Ends with the exit code of func.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAzurite, type Azurite } from './func/azurite.ts';
import { findCoreTools, runCoreTools } from './func/core-tools.ts';
import { readSetting } from './func/local-settings.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const emulator = 'UseDevelopmentStorage=true';

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(words: string[]): Promise<number> {
  const func = findCoreTools(process.env);
  if (!func) {
    console.error(
      'Azure Functions Core Tools are not on the PATH: install version 4 with npm install --global azure-functions-core-tools@4 ' +
        '(or see https://aka.ms/azfunc-install), then run npm run func again; npm start needs none of it',
    );
    return 1;
  }
  const storage = readSetting('AzureWebJobsStorage', project) ?? emulator;
  const azurite = storage === emulator ? await startAzurite(storageFolder()) : undefined;
  try {
    const AzureWebJobsStorage = azurite?.connection ?? storage;
    return await runCoreTools(
      func,
      words,
      { cwd: project, env: { ...process.env, AzureWebJobsStorage } },
      lost(azurite),
    );
  } finally {
    await azurite?.stop();
  }
}

function storageFolder(): string {
  return resolve(project, readSetting('DATA_DIR', project) ?? 'data', 'azurite');
}

/** Rejects should the storage end before func does; never resolves. */
async function lost(azurite: Azurite | undefined): Promise<never> {
  await (azurite?.ended ?? new Promise<never>(() => undefined));
  throw new Error('Azurite has ended, and without it the timer cannot run');
}
