import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RunStore } from '../store/runs.ts';
import { neededPairs, type PairParts } from './kept-pairs.ts';

export interface OldDeliveryParts extends PairParts {
  /** Folders that files were delivered to. */
  outboxes: readonly string[];
  runs: PairParts['runs'] & Pick<RunStore, 'ofFile'>;
}

/**
 * Removes files of ours that lie where nobody renews them any more, because the destination or the names were changed since: those of a run that
 * is neither the last delivered one nor may yet go out, known by their digest. Never a file that we did not write.
 */
export async function removeOldDeliveries(parts: OldDeliveryParts): Promise<void> {
  const needed = await neededPairs(parts);
  if (needed.length === 0) return;
  for (const folder of parts.outboxes) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(folder, entry.name);
      const ofRuns = await parts.runs.ofFile(await digestOf(path));
      if (ofRuns.length > 0 && !ofRuns.some((id) => needed.includes(String(id)))) await rm(path, { force: true });
    }
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
