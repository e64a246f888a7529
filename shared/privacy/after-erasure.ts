import { erasuresFile, noteErasures } from '../backup/erasure-list.ts';
import { AppError } from '../errors.ts';
import { isToFinish, type RestStore } from '../store/erasure-rest.ts';
import type { Terms } from '../store/terms.ts';
import type { Write } from '../store/writer.ts';
import { removePairsOf, stillNeeded } from './kept-pairs.ts';
import { removeOldDeliveries, type OldDeliveryParts } from './old-deliveries.ts';

export interface AfterParts extends OldDeliveryParts {
  dataDir: string;
  rest: RestStore;
  terms: Pick<Terms, 'emptyLog'>;
  write: Write;
}

/** What still stands somewhere: in a pair that is needed, in the write-ahead log because somebody reads from it, or in a delivery folder that does not answer. */
export type Unfinished = 'pair' | 'log' | 'outbox';

/**
 * Does outside the database what an erasure still has to do: writes down for a later restore what was erased, removes kept pairs and files delivered
 * under earlier settings, and empties the write-ahead log, in which the values still stand. Only then is it marked done; undefined says so, else
 * the next tick goes on. Harmless to repeat; for whoever holds the run lock.
 */
export async function finishErasures(parts: AfterParts): Promise<Unfinished | undefined> {
  const { dataDir, rest, terms, write } = parts;
  const open = rest.read();
  if (!open || !isToFinish(open)) return undefined;
  noteErasures(erasuresFile(dataDir), open.lines);
  const accounts = new Set(open.accounts);
  await removePairsOf(parts, accounts);
  const isTidy = await removeOldDeliveries(parts).then(() => true, passAppError);
  const kept = [...(await stillNeeded(parts, accounts)).keys()];
  if (open.rewritten && !terms.emptyLog()) return 'log';
  await write(() => rest.set({ ...open, ...(isTidy && { accounts: kept, lines: [] }), rewritten: false }));
  if (!isTidy) return 'outbox';
  return kept.length > 0 ? 'pair' : undefined;
}

/** A folder that cannot be looked at now is looked at again at the next tick; the rest does not wait for it. */
function passAppError(error: unknown): false {
  if (error instanceof AppError) return false;
  throw error;
}
