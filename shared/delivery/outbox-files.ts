import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface Digest {
  name: string;
  /** Lower case hex. */
  sha256: string;
}

/** What the files of a folder hold; nothing of a folder that is not there. */
export async function digestsIn(folder: string): Promise<Digest[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const digests: Digest[] = [];
  for (const entry of entries) {
    if (entry.isFile()) digests.push({ name: entry.name, sha256: await digestOf(join(folder, entry.name)) });
  }
  return digests;
}

export async function removeFrom(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true });
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
