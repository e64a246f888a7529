import { statSync } from 'node:fs';
import type { FoundAccess } from '../domain/kept-access.ts';
import type { FactName } from './facts.ts';
import { foundAccess } from './found-access.ts';
import { newestVersion } from './migrations.ts';
import { databasePath, openReading, refuseOrphanedLog } from './open.ts';
import { foreignSchema } from './schema-proof.ts';
import { takenOverPeople } from './taken-over.ts';

/** What a look at the database from outside tells, beside whoever works with it. */
export interface Inspection {
  version: number;
  journal: string;
  /** What SQLite's quick check found wrong; empty when it is sound. */
  faults: string[];
  /** What in its schema no release of the connector made. */
  foreign: string[];
  /** UTC time of the newest audit entry. */
  newestEntry: string | null;
  /** The latest time that an entry or the end of a run has, which a clock that ran ahead may have left. */
  latestTime: string | null;
  pausedSince: string | null;
  /** The fact `ticked-at`. */
  tickedAt: string | null;
  /** The fact `outbox-place`. */
  outboxPlace: string | null;
  /** The fact `take-over`. */
  takeOver: string | null;
  takenOver: { of: number; untouched: number };
  /** Null in a database that an earlier release made. */
  access: FoundAccess | null;
  /** The fact `delivered-shape`. */
  deliveredShape: string | null;
}

/** Reads only; undefined where there is no database yet. Throws what SQLite throws. */
export function inspectDatabase(dataDir: string): Inspection | undefined {
  const path = databasePath(dataDir);
  refuseOrphanedLog(path);
  if (!statSync(path, { throwIfNoEntry: false })) return undefined;
  const db = openReading(path);
  try {
    const faults = db.prepare<[], string>('PRAGMA quick_check(5)').pluck().all();
    const version = db.pragma('user_version', { simple: true }) as number;
    const first = (sql: string) => (version === 0 ? null : (db.prepare<[], string | null>(sql).pluck().get() ?? null));
    return {
      version,
      journal: String(db.pragma('journal_mode', { simple: true })),
      faults: faults.filter((fault) => fault !== 'ok'),
      foreign: foreignSchema(db),
      newestEntry: first('SELECT at FROM audit ORDER BY entry DESC LIMIT 1'),
      latestTime: first(
        'SELECT max(at) FROM (SELECT max(at) AS at FROM audit UNION ALL SELECT max(finished_at) FROM runs)',
      ),
      pausedSince: first(`SELECT value ->> '$.at' FROM facts WHERE name = 'paused'`),
      tickedAt: first(`SELECT value FROM facts WHERE name = 'ticked-at'`),
      outboxPlace: first(`SELECT value FROM facts WHERE name = 'outbox-place'`),
      takeOver: first(`SELECT value FROM facts WHERE name = 'take-over'`),
      takenOver: version === 0 ? { of: 0, untouched: 0 } : takenOverPeople({ reading: db }).count(),
      access: version < newestVersion ? null : foundAccess({ reading: db })(),
      deliveredShape: first(`SELECT value FROM facts WHERE name = 'delivered-shape'`),
    };
  } finally {
    db.close();
  }
}

/** One fact, for whoever only reads the database. */
export function readFact(path: string, name: FactName): string | undefined {
  const db = openReading(path);
  try {
    return db.prepare<[string], string>('SELECT value FROM facts WHERE name = ?').pluck().get(name);
  } finally {
    db.close();
  }
}
