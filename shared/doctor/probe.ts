import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalFile } from '../delivery/delivery.ts';

// Several pieces of what goes in one write, so that many are in flight.
const probeBytes = 200_000;

/** Lends two files of random bytes, of one hidden name that no receiver looks for, and removes them. */
export async function withProbes<T>(use: (id: string, files: [LocalFile, LocalFile]) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'spendcloud-doctor-'));
  const id = randomUUID().slice(0, 8);
  try {
    const [first, second] = [await probe(folder, id, 1), await probe(folder, id, 2)];
    return await use(id, [first, second]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function probe(folder: string, id: string, number: number): Promise<LocalFile> {
  const content = randomBytes(probeBytes);
  const path = join(folder, String(number));
  await writeFile(path, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { name: `.spendcloud-doctor-${id}`, path, bytes: content.length, sha256 };
}
