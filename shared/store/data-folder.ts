import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Personal data: the folder is made for this user only; those above it are as usual. */
export function makeDataFolder(dataDir: string): void {
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}
