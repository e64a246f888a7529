import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inWords, readDelivered } from './export/pair.ts';
import type { TrailHead } from './store/audit.ts';
import type { EarlierHead } from './store/audit-verify.ts';
import type { OpenDatabase } from './store/open.ts';
import { leaveFileToOwner } from './store/ownership.ts';

/** The heads of notifications, a line each: what people got stands beside the database as well. */
function headsFile(dataDir: string): string {
  return join(dataDir, 'trail-heads.jsonl');
}

/** Writes down a head that went out. */
export function keepHead(dataDir: string, head: EarlierHead): void {
  const path = headsFile(dataDir);
  appendFileSync(path, `${JSON.stringify(head)}\n`, { mode: 0o600, flush: true });
  leaveFileToOwner(path);
}

/** Every head that is kept in the data folder: beside delivered pairs, and of notifications. */
export function keptHeads(databasePath: string): EarlierHead[] {
  const dataDir = dirname(databasePath);
  return [...archived(join(dataDir, 'archive')), ...notified(headsFile(dataDir))];
}

/** Those that a trail does not have which is about to take the place of another. */
export function lostHeads(databasePath: string, { reading }: Pick<OpenDatabase, 'reading'>): TrailHead[] {
  const hashOf = reading.prepare<[number], string>('SELECT hash FROM audit WHERE entry = ?').pluck();
  const lost = keptHeads(databasePath).filter(({ entry, hash }) => entry > 0 && hashOf.get(entry) !== hash);
  const byHash = new Map(lost.map(({ entry, hash }) => [hash, { entry, hash }]));
  return [...byHash.values()];
}

function archived(archive: string): EarlierHead[] {
  if (!existsSync(archive)) return [];
  return readdirSync(archive).flatMap((name) => {
    const { at, trail } = (readDelivered(join(archive, name)) ?? {}) as Partial<{ at: string; trail: TrailHead }>;
    if (at === undefined || !isHead(trail)) return [];
    return [{ at, entry: trail.entry, hash: trail.hash, where: `beside the files of ${inWords(name)}` }];
  });
}

/** A line that a crash cut off is passed over. */
function notified(path: string): EarlierHead[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const head = JSON.parse(line) as EarlierHead;
        return isHead(head) && typeof head.at === 'string' ? [head] : [];
      } catch {
        return [];
      }
    });
}

function isHead(head: Partial<TrailHead> | undefined): head is TrailHead {
  return typeof head?.entry === 'number' && typeof head.hash === 'string';
}
