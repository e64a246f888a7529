import { outboxDigests, removeFromOutbox } from '../delivery/outbox.ts';
import type { RunStore } from '../store/runs.ts';
import { neededPairs, type PairParts } from './kept-pairs.ts';

export interface OldDeliveryParts extends PairParts {
  /** Folders that files were delivered to. */
  outboxes: readonly string[];
  dataDir: string;
  runs: PairParts['runs'] & Pick<RunStore, 'ofFile'>;
}

/**
 * Removes files of ours that lie where nobody renews them any more, because the destination or the names were changed since: those of a run that
 * is neither the last delivered one nor may yet go out, known by their digest. Never a file that we did not write.
 */
export async function removeOldDeliveries(parts: OldDeliveryParts): Promise<void> {
  const needed = await neededPairs(parts);
  if (needed.length === 0) return;
  for (const directory of parts.outboxes) {
    const outbox = { directory, dataDir: parts.dataDir };
    const old: string[] = [];
    for (const { name, sha256 } of await outboxDigests(outbox)) {
      const ofRuns = await parts.runs.ofFile(sha256);
      if (ofRuns.length > 0 && !ofRuns.some((id) => needed.includes(String(id)))) old.push(name);
    }
    if (old.length > 0) await removeFromOutbox(outbox, old);
  }
}
