import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Connection } from './open.ts';

/** What a look at the files' content gives; `unsure` while another process may be moving the log into the database at this moment. */
export type ContentFound = { kind: 'sure' | 'unsure'; what?: never } | { kind: 'harmed'; what: string };

export interface ContentProof {
  /** Whether nobody wrote to the files since the last look, or moved them; cheaper than a look. */
  isUntouched(): boolean;
  look(): ContentFound;
  /** Says that other work of this process moves the log into the database, until the function it gives is called. */
  moving(): () => void;
  /** Moves the log into the database, as far as nobody reads from it; false where something stays. */
  move(): boolean;
  /** How many pages the log held at the last look. */
  logged(): number;
  close(): void;
}

/** How far the log is written and moved, and of which round it is: as long as this stays, nobody moves anything into the database. */
interface Mark {
  log: number;
  moved: number;
  /** The salts in the log's head, which are new each time it begins again. */
  round: string;
  /** Counts what other connections committed. */
  others: number;
}

/** Which file it is, its size and its time of writing. */
interface Stamp {
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
}

const headBytes = 32;
const frameHeadBytes = 24;
const logMagic = 0x377f0682; // or one more
// Longer than another process needs for the sync at the end of moving its log.
const restMilliseconds = 3000;
// Elsewhere the time of writing of an open file is told late.
const tellsTime = process.platform === 'linux';

/**
 * Finds out, without reading the files through, that somebody cut them or wrote to them beside SQLite. The database file itself may not be opened here: closing it
 * would drop the locks that SQLite holds on it. With a log it is written only while the log is moved, which SQLite counts: a write that it does not count is not its own.
 */
export function contentProof(db: Connection, path: string, usesLog: boolean): ContentProof {
  const log = usesLog ? openLog(db, path) : undefined;
  const logFile = usesLog ? `${path}-wal` : path;
  let known = { mark: log?.mark(), stamp: stampOf(path), logStamp: stampOf(logFile) };
  let doubt: { stamp: Stamp; since: number } | undefined;
  let moving = 0;

  function look(): ContentFound {
    const mark = log?.mark(); // before the stamp: what is moved between the two is counted at the next look
    const stamp = stampOf(path);
    const cut = mark && log?.fault(mark);
    if (cut !== undefined) return { kind: 'harmed', what: cut };
    if (!isSame(stamp, known.stamp)) {
      if (stamp.size === 0n) return cutOff(stamp);
      const isCounted = !log || moving > 0 || !isSameMark(mark, known.mark);
      if (!isCounted) return doubtful(stamp);
      if (stamp.size < known.stamp.size && !isWhole(stamp)) return cutOff(stamp);
    }
    known = { mark, stamp, logStamp: usesLog ? stampOf(logFile) : stamp };
    doubt = undefined;
    return { kind: 'sure' };
  }

  function isUntouched(): boolean {
    return tellsTime && isSame(stampOf(path), known.stamp, true) && isSame(stampOf(logFile), known.logStamp, true);
  }

  function doubtful(stamp: Stamp): ContentFound {
    const now = performance.now();
    if (!doubt || !isSame(stamp, doubt.stamp)) doubt = { stamp, since: now };
    if (now - doubt.since < restMilliseconds) return { kind: 'unsure' };
    if (stamp.size < known.stamp.size) return cutOff(stamp);
    return { kind: 'harmed', what: `The database ${path} was overwritten by another program` };
  }

  function cutOff({ size }: Stamp): ContentFound {
    return { kind: 'harmed', what: `The database ${path} was cut from ${known.stamp.size} to ${size} bytes` };
  }

  /** A database may become smaller when it is written anew without what was erased: it then ends with its last page. */
  function isWhole({ size }: Stamp): boolean {
    if (log) return size % BigInt(log.pageSize) === 0n;
    try {
      return (
        Number(size) ===
        db.prepare<[], number>('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size').pluck().get()
      );
    } catch {
      return false;
    }
  }

  function beginMoving(): () => void {
    moving += 1;
    return () => {
      look();
      moving -= 1;
    };
  }

  function move(): boolean {
    const moved = beginMoving();
    try {
      const [progress] = db.pragma('wal_checkpoint(PASSIVE)') as { busy: number; log: number; checkpointed: number }[];
      return progress?.busy === 0 && progress.checkpointed === progress.log;
    } finally {
      moved();
    }
  }

  return {
    isUntouched,
    look,
    moving: beginMoving,
    move,
    logged: () => known.mark?.log ?? 0,
    close: () => log?.close(),
  };
}

interface Log {
  pageSize: number;
  mark(): Mark;
  /** What is wrong with the log, where it does not hold what SQLite says it does. */
  fault(mark: Mark): string | undefined;
  close(): void;
}

/** The log beside a database; unlike the database and its index no lock lies on it, so it may be opened and closed. */
function openLog(db: Connection, path: string): Log {
  const file = `${path}-wal`;
  const descriptor = openSync(file, 'r');
  const pageSize = db.pragma('page_size', { simple: true }) as number;
  const progress = db.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)');
  const changesOfOthers = db.prepare<[], number>('PRAGMA data_version').pluck();
  let isOpen = true;
  const head = Buffer.alloc(headBytes);
  const frameHead = Buffer.alloc(frameHeadBytes);

  function mark(): Mark {
    const { log, checkpointed: moved } = progress.get() ?? { log: 0, checkpointed: 0 };
    const others = changesOfOthers.get() ?? 0;
    if (log <= 0) return { log: 0, moved: 0, round: '', others };
    readInto(head, 0);
    return { log, moved, round: head.toString('hex', 16, 24), others };
  }

  /** The head and the last frame: whatever took the place of the log's content would have to bear the same salts at both ends. */
  function fault({ log }: Mark): string | undefined {
    if (log === 0) return undefined;
    const last = headBytes + (log - 1) * (frameHeadBytes + pageSize);
    const { size } = fstatSync(descriptor);
    const needed = last + frameHeadBytes + pageSize;
    if (size < needed) return `The log ${file} was cut to ${size} of ${needed} bytes`;
    readInto(frameHead, last);
    const isLog = (head.readUInt32BE(0) & ~1) >>> 0 === logMagic;
    const isOfRound = frameHead.compare(head, 16, 24, 8, 16) === 0;
    return isLog && isOfRound ? undefined : `The log ${file} was overwritten by another program`;
  }

  function readInto(buffer: Buffer, position: number): void {
    buffer.fill(0);
    readSync(descriptor, buffer, 0, buffer.length, position);
  }

  function close(): void {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  }

  return { pageSize, mark, fault, close };
}

const gone: Stamp = { ino: 0n, size: 0n, mtimeNs: 0n };

function stampOf(path: string): Stamp {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true, throwIfNoEntry: false }) ?? gone;
  return { ino, size, mtimeNs };
}

/** Which file it is at its path is judged elsewhere. */
function isSame(one: Stamp, other: Stamp, withFile = false): boolean {
  return (
    one.size === other.size && (one.mtimeNs === other.mtimeNs || !tellsTime) && (one.ino === other.ino || !withFile)
  );
}

/** A log that only grew by what was committed here moved nothing. */
function isSameMark(one: Mark | undefined, before: Mark | undefined): boolean {
  if (!one || !before) return one === before;
  const isSameRound = one.round === before.round || before.log === 0;
  return isSameRound && one.log >= before.log && one.moved === before.moved && one.others === before.others;
}
