import { join } from 'node:path';
import type { RunState } from '../domain/run.ts';
import { inWords, readDelivered, type Delivered } from '../export/pair.ts';
import { lostHeads } from '../kept-heads.ts';
import type { Log } from '../log.ts';
import { aboutNoAccount, type AuditTrail } from '../store/audit.ts';
import type { OpenDatabase } from '../store/open.ts';
import { eraseAgain } from './erase-again.ts';
import { erasuresFile, readErasures } from './erasure-list.ts';
import { newestDelivered, takeUpBeside, type BesideParts } from './prepare-restored.ts';

export interface OlderParts extends BesideParts {
  dataDir: string;
  audit: AuditTrail;
  now: () => Date;
  log: Log;
}

/** What was judged by what the older database believes; a run that only waits is rendered anew in any case. */
const judged: readonly RunState[] = ['rendering', 'held', 'blocked', 'delivering', 'failed'];

/**
 * A database that was put back by hand does not know what was delivered since: the pair kept beside it names an entry of the trail that it does not
 * have. Then it acts as after a restore, and the next delivery will be held. Harmless to repeat; for whoever holds the run lock.
 */
export async function settleOlder(parts: OlderParts): Promise<void> {
  const { dataDir, database, write, audit, now, log } = parts;
  const found = unknownDelivery(parts);
  if (!found) return;
  const { pair, delivered } = found;
  const olderThan = { pair: inWords(pair), at: delivered.at };
  const head = audit.head();
  const message = `The database is older than the delivery of ${olderThan.pair} (${olderThan.at}), which is kept beside it: it acts as after a restore, and the next delivery is held`;
  log.warn({ run: pair, trail: head.entry }, message);
  const at = now();
  const again = { erasures: readErasures(erasuresFile(dataDir)), forgetErased: false };
  await eraseAgain(database, write, audit, { ...again, decider: { by: 'restore', reason: message }, now: at });
  await parts.runs.supersedeBefore((Number(pair) || 0) + 1, 'waiting'); // its pair would take the place of the one that was delivered
  const messages = [message, `Its trail ended at entry ${head.entry} (${head.hash})`];
  const restored = { from: head, replaced: null, lost: lostHeads(database.path, database) };
  const entry = aboutNoAccount({ outcome: 'restored', success: true, key: 'restore', messages, restored });
  await write(() => void audit.append(at.toISOString(), 'restore', null, entry));
  await takeUpBeside({ ...parts, olderThan: JSON.stringify(olderThan) }, judged, at); // last: from then on it counts as settled
}

/** The pair that was delivered last by what lies beside the database, where that does not know of it: neither of the actions before it, nor of the delivery. */
export function unknownDelivery({ facts, archive, database }: Pick<OlderParts, 'facts' | 'archive' | 'database'>) {
  if (facts.get('restored-at') !== undefined) return undefined;
  const pair = newestDelivered(archive);
  const delivered = pair === undefined ? undefined : readDelivered(join(archive, pair));
  return pair === undefined || !delivered || knows(database, pair, delivered) ? undefined : { pair, delivered };
}

function knows({ reading }: OpenDatabase, pair: string, { trail }: Pick<Delivered, 'trail'>): boolean {
  const hash = reading.prepare<[number], string>('SELECT hash FROM audit WHERE entry = ?').pluck().get(trail.entry);
  const hasTrail = trail.entry === 0 || hash === trail.hash; // entries are never removed
  const run = Number(pair);
  if (!hasTrail || Number.isNaN(run)) return hasTrail;
  // a delivery that a crash interrupted has arrived by its attempt, and is written down later
  const arrived = reading
    .prepare<{ run: number }, 1>(
      `SELECT 1 FROM runs WHERE id = @run AND (state = 'delivered'
         OR EXISTS (SELECT 1 FROM attempts WHERE run = @run AND finished_at IS NOT NULL AND error IS NULL))`,
    )
    .pluck();
  return arrived.get({ run }) !== undefined;
}
