import { createHash } from 'node:crypto';
import { AppError } from '../errors.ts';
import { quietly, type Progress } from '../progress.ts';
import { chainStart, detailDigest, link, type AuditDetail, type TrailHead } from './audit.ts';
import { newestVersion } from './migrations.ts';
import { openReading, type Connection } from './open.ts';
import { proveState, type ProvenState } from './state-proof.ts';

/** What a walk along the trail found; `brokenAt` is the first entry that is not as it was written, null where the file itself is damaged. */
export type Verification =
  | { ok: true; entries: number; head: string; heads?: ComparedHeads }
  | { ok: false; brokenAt: number | null; reason: string };

/** How many heads that were kept elsewhere are in the trail, and how many were of one that a restore replaced. */
export interface ComparedHeads {
  same: number;
  replaced: number;
}

/** A head that was kept elsewhere: when, and where in words. */
export interface EarlierHead extends TrailHead {
  at: string;
  where: string;
}

export type Broken = Extract<Verification, { ok: false }>;
type Row = [
  entry: number,
  at: string,
  kind: string,
  account: number | null,
  digest: string,
  hash: string,
  salt: string | null,
  detail: string | null,
];

const entriesPerNote = 4096;

/**
 * Walks the whole trail of a database file in one snapshot, with memory that does not grow: numbers without a gap, every link, every detail
 * and every recorded erasure. A head that was written down earlier shows whether the end was cut off or all of it rewritten.
 */
export function verifyTrail(
  databasePath: string,
  known: TrailHead | null = null,
  progress: Progress = quietly,
  kept: readonly EarlierHead[] = [],
): Verification {
  const db = openReading(databasePath);
  try {
    db.exec('BEGIN');
    refuseOtherVersion(db);
    return walk(db, known, kept, progress);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return damaged(null, error.code);
  } finally {
    db.close();
  }
}

function walk(db: Connection, known: TrailHead | null, kept: readonly EarlierHead[], progress: Progress): Verification {
  const erasures = recordedErasures(db);
  const earlier = earlierHeads(db, kept);
  let last: TrailHead = { entry: 0, hash: chainStart };
  const rows = db
    .prepare<[], Row>(
      `SELECT audit.entry, at, kind, account, digest, hash, salt, detail FROM audit LEFT JOIN audit_detail ON audit_detail.entry = audit.entry
       ORDER BY audit.entry`,
    )
    .raw();
  try {
    const total = db.prepare<[], number | null>('SELECT max(entry) FROM audit').pluck().get() ?? 0;
    for (const row of rows.iterate()) {
      const reason = faultOf(row, last, erasures) ?? differsFrom(known, row) ?? earlier.differs(row[0], row[5]);
      if (reason) return { ok: false, brokenAt: last.entry + 1, reason };
      last = { entry: row[0], hash: row[5] };
      if (last.entry % entriesPerNote === 0) progress('walking along the trail', last.entry, total);
    }
  } catch (error) {
    if (isDamage(error)) return damaged(last.entry + 1, error.code);
    throw error;
  } finally {
    erasures.close();
  }
  const broken = cutOff(db, last, known) ?? earlier.cutOff(last);
  if (broken) return broken;
  return { ok: true, entries: last.entry, head: last.hash, ...(kept.length > 0 && { heads: earlier.compared() }) };
}

/**
 * Looks at the structure of the file: what the walk does not come by, such as other tables and indexes. Whether an index says what its table says is
 * left to `restore`: it takes three times as long, and the trail is proven without one.
 */
export function verifyFile(databasePath: string): Broken | null {
  const db = openReading(databasePath);
  try {
    const found = db.pragma('quick_check(1)', { simple: true });
    return found === 'ok' ? null : damaged(null, 'its structure is not whole');
  } catch (error) {
    if (!isDamage(error)) throw error;
    return damaged(null, error.code);
  } finally {
    db.close();
  }
}

/** Whether accounts and roles are as the trail left them; see `state-proof.ts`. */
export function verifyState(databasePath: string): Broken | ({ ok: true } & ProvenState) {
  const db = openReading(databasePath);
  try {
    db.exec('BEGIN');
    refuseOtherVersion(db);
    return proveState(db);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return damaged(null, error.code);
  } finally {
    db.close();
  }
}

/** What is wrong with an entry, as a sentence. */
function faultOf(row: Row, last: TrailHead, erasures: Erasures): string | undefined {
  const [entry, at, kind, account, digest, hash, salt, detail] = row;
  const expected = last.entry + 1;
  if (entry !== expected) return `Entry ${expected} is missing: the next one is ${entry}`;
  if (hash !== link(last.hash, entry, at, kind, account, digest))
    return `Entry ${entry} does not follow from the entry before it: one of the two was changed`;
  if (salt === null || detail === null) return `The detail of entry ${entry} was removed`;
  if (detailDigest(salt, detail) === (erasures.digestOf(entry) ?? digest)) return undefined;
  return `The detail of entry ${entry} was changed, and no erasure is on record for it`;
}

function differsFrom(known: TrailHead | null, [entry, , , , , hash]: Row): string | undefined {
  if (known?.entry !== entry || known.hash === hash) return undefined;
  return rewritten(entry);
}

function rewritten(entry: number): string {
  return `Entry ${entry} is whole in itself, but its hash is not the one that was written down: it, or entries before it, were rewritten`;
}

/** Entries that once stood behind the last one. */
function cutOff(db: Connection, { entry, hash }: TrailHead, known: TrailHead | null): Broken | undefined {
  const broken = (reason: string): Broken => ({ ok: false, brokenAt: entry + 1, reason });
  if (known && known.entry > entry)
    return broken(`The trail ends at entry ${entry}, but entry ${known.entry} was written down: its end was cut off`);
  const behind = db.prepare<[number], number>('SELECT min(entry) FROM audit_detail WHERE entry > ?').pluck().get(entry);
  if (behind) return broken(`The trail ends at entry ${entry} (${hash}), but the detail of entry ${behind} is there`);
  return undefined;
}

/**
 * Heads that were kept elsewhere, against the trail that is there. After a restore those of the replaced trail are not in it any more; rightly so where an
 * entry says so, which stands behind them.
 */
function earlierHeads(db: Connection, kept: readonly EarlierHead[]) {
  const restores = kept.length === 0 ? [] : restoresIn(db);
  const isReplaced = ({ entry, hash, at }: EarlierHead) =>
    restores.some(
      (restore) =>
        (entry > restore.from && at <= restore.at) ||
        restore.lost.some((head) => head.entry === entry && head.hash === hash),
    );
  const byEntry = Map.groupBy(kept, ({ entry }) => entry);
  const compared: ComparedHeads = { same: 0, replaced: 0 };

  function differs(entry: number, hash: string): string | undefined {
    for (const head of byEntry.get(entry) ?? []) {
      if (head.hash === hash) compared.same += 1;
      else if (isReplaced(head)) compared.replaced += 1;
      else return `${rewritten(entry)}; it was kept ${head.where} at ${head.at}`;
    }
    return undefined;
  }

  function cutOff({ entry }: TrailHead): Broken | undefined {
    for (const head of kept) {
      if (head.entry <= entry) continue;
      if (!isReplaced(head))
        return {
          ok: false,
          brokenAt: entry + 1,
          reason: `The trail ends at entry ${entry}, but entry ${head.entry} was kept ${head.where} at ${head.at}: its end was cut off, or an older database was put back without a restore`,
        };
      compared.replaced += 1;
    }
    return undefined;
  }

  return { differs, cutOff, compared: () => compared };
}

/** When backups were restored, and with which entry their trails ended. */
function restoresIn(db: Connection): { at: string; from: number; lost: TrailHead[] }[] {
  const rows = db
    .prepare<[], { at: string; detail: string }>(
      "SELECT at, detail FROM audit JOIN audit_detail USING (entry) WHERE kind = 'restore'",
    )
    .all();
  return rows.flatMap(({ at, detail }) => {
    const found = restoredFrom(detail);
    return found === undefined ? [] : [{ at, ...found }];
  });
}

/** Releases before 1.0 said it in words alone. */
function restoredFrom(text: string): { from: number; lost: TrailHead[] } | undefined {
  try {
    const { restored, messages } = JSON.parse(text) as Partial<AuditDetail>;
    if (restored) return { from: restored.from.entry, lost: restored.lost ?? [] };
    const said = /whose trail ends at entry (\d+) \(/.exec(messages?.[0] ?? '')?.[1];
    return said === undefined ? undefined : { from: Number(said), lost: [] };
  } catch {
    return undefined; // changed from outside, which the walk finds
  }
}

interface Erasures {
  /** The digest that the newest erasure left an entry's detail with; undefined where none is on record. Asked in the order of the entries. */
  digestOf(entry: number): string | undefined;
  /** The database cannot be closed before. */
  close(): void;
}

/** Only erasures whose list is as their entry in the trail says it counts; that entry itself is proven in the walk. */
function recordedErasures(db: Connection): Erasures {
  const records = db.prepare<[], number>('SELECT DISTINCT record FROM audit_erased').pluck().all();
  const sound = new Set(records.filter((record) => isSound(db, record)));
  const rows = db
    .prepare<[], [entry: number, record: number, digest: string]>(
      'SELECT entry, record, digest FROM audit_erased ORDER BY entry, record DESC',
    )
    .raw()
    .iterate();
  let next = rows.next();

  return {
    digestOf: (entry) => {
      let found: string | undefined;
      for (; !next.done && next.value[0] <= entry; next = rows.next()) {
        const [of, record, digest] = next.value;
        if (of === entry && sound.has(record)) found ??= digest;
      }
      return found;
    },
    close: () => void rows.return?.(),
  };
}

function isSound(db: Connection, record: number): boolean {
  const said = db
    .prepare<[number], string | null>(
      "SELECT CASE WHEN json_valid(detail) THEN detail ->> '$.erased.digest' END FROM audit_detail WHERE entry = ?",
    )
    .pluck()
    .get(record);
  return said === erasureDigest(db, record);
}

/** The digest of everything that one entry of the trail erased. */
export function erasureDigest(db: Connection, record: number): string {
  const digest = createHash('sha256');
  const rows = db.prepare<[number], { entry: number; digest: string }>(
    'SELECT entry, digest FROM audit_erased WHERE record = ? ORDER BY entry',
  );
  for (const row of rows.iterate(record)) digest.update(`${row.entry} ${row.digest}\n`);
  return digest.digest('hex');
}

function refuseOtherVersion(db: Connection): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version === newestVersion) return;
  throw new AppError(
    'conflict',
    `The database is of version ${version}, this release works with ${newestVersion}; start the connector once, which brings an older one up to date`,
  );
}

function damaged(brokenAt: number | null, code: string): Broken {
  return { ok: false, brokenAt, reason: `The database file is damaged (${code}); restore a backup` };
}

function isDamage(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(String(error.code));
}
