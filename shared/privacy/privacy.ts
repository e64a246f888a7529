import { dayIn } from '../domain/calendar.ts';
import type { Decider } from '../domain/run.ts';
import { AppError, reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Erased } from '../store/erasure.ts';
import type { ErasureKey } from '../store/erasure-key.ts';
import type { ErasureOrder } from '../store/erasure-record.ts';
import { nothingLeft, type Purge, type WaitingErasure } from '../store/erasure-rest.ts';
import type { Facts } from '../store/facts.ts';
import type { RunLock } from '../store/run-lock.ts';
import { finishErasures, type AfterParts, type Unfinished } from './after-erasure.ts';
import { nothingYet, type Counted } from './counted.ts';
import { findMentions } from './find-mentions.ts';
import { lostWithName, neededWithName, stillOpen } from './kept-pairs.ts';
import { eraseBefore, reduceBefore, type TermParts } from './past-terms.ts';

export interface Privacy {
  /** A nudge: once a day erases what is past its term, and goes on with what an erasure left. Harmless to repeat, and to be killed at any point. */
  tick(): Promise<void>;
  /**
   * Everything about the deleted person with this number, and what was refused under it; where a dump holds the person that Spend Cloud has or may
   * yet get, once it does not any more. Throws `not-found`, `conflict` for one who lives, and `unavailable` while a dump is made or somebody else erases.
   */
  erasePerson(externalId: string, decider: Decider): Promise<Counted>;
  /** Whom entries from before a moment were about, and everything about persons deleted before it. */
  purge(before: string, decider: Decider): Promise<Counted>;
  /**
   * Gives up the digests of persons erased before, because their key is lost for good: their usernames and references are free again for anybody.
   * Throws `conflict` where the key is in place.
   */
  forgetErased(decider: Decider): Promise<void>;
  /** Why somebody should look, without personal data. */
  faults(): string[];
  /** Resolves once nothing is being erased in this process. */
  settled(): Promise<unknown>;
}

export interface PrivacyParts extends TermParts, Omit<AfterParts, keyof TermParts | 'rest'> {
  terms: TermParts['terms'];
  runs: AfterParts['runs'];
  facts: Facts;
  /**
   * The lock of the runs: while somebody is erased no dump is rendered from a database that still has them, none is delivered, and no dump worker
   * reads from the write-ahead log.
   */
  lock: RunLock;
  erasureKey: ErasureKey;
  /** False while the clock may be wrong: what is erased is gone for good. */
  mayRemove(): boolean;
  retention: { deletedPersonsDays: number; auditDays: number };
  timeZone: string;
  now: () => Date;
  log: Log;
}

const dayMilliseconds = 86_400_000;

export function privacy(parts: PrivacyParts): Privacy {
  const { databasePath, erasure, erasureKey, write, terms, facts, lock, now, log, signal } = parts;
  const after: AfterParts = { ...parts, rest: erasure.rest };
  let working: Promise<unknown> = Promise.resolve();
  // for health; another process finds out at its own first tick
  let failure: string | undefined;
  let inLogSince: Date | undefined;

  /** One erasure at a time, in this process and any other, and none beside a dump; undefined where that cannot be now. */
  async function alone<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const turn = working.then(async () => {
      const release = signal.aborted ? undefined : lock.take();
      if (!release) return undefined;
      try {
        return await work();
      } finally {
        release();
      }
    });
    working = turn.catch(() => undefined); // whoever asked hears of the failure
    return turn;
  }

  async function tick(): Promise<void> {
    const today = dayIn(parts.timeZone, now());
    const mayKeep = () => facts.get('retention-done') !== today && parts.mayRemove();
    if (!mayKeep() && !erasure.rest.read()) {
      [failure, inLogSince] = [undefined, undefined]; // another process finished it
      return;
    }
    try {
      await alone(async () => {
        await goOn();
        if (mayKeep() && (await keepTerms())) await facts.set({ 'retention-done': today });
        tell(await finishErasures(after));
        failure = undefined;
      });
    } catch (error) {
      if (signal.aborted) return; // the next start goes on with it
      failure = `Erasing cannot go on, and is tried again every five minutes: ${reasonOf(error)}`;
      throw error;
    }
  }

  /** Purges that were cut short, and persons who waited for a newer dump. */
  async function goOn(): Promise<void> {
    const { purges, waiting } = erasure.rest.read() ?? nothingLeft;
    for (const purge of purges) await carryOut(purge);
    for (const order of waiting) {
      try {
        if (!(await eraseNow(order))) continue;
        log.info({}, 'erased a person who had waited for a newer dump');
      } catch (error) {
        if (!(error instanceof AppError && (error.code === 'conflict' || error.code === 'not-found'))) throw error;
        // gone past its term meanwhile, or back
        if (error.code === 'conflict')
          log.warn({}, 'a person who waited to be erased has a living account again, and stays');
        await write(() => {
          dropWaiting(order);
          erasure.rest.add({ rewritten: true }); // the number stood there
        });
      }
    }
  }

  /** True once all that is past its term is gone. */
  async function keepTerms(): Promise<boolean> {
    const { auditDays, deletedPersonsDays } = parts.retention;
    const ago = (days: number) => new Date(now().getTime() - days * dayMilliseconds).toISOString();
    const order: ErasureOrder = { kind: 'retention', by: 'retention', reason: null, at: now().toISOString() };
    const erased = await eraseBefore(parts, ago(auditDays), order);
    const { reduced, entries, waiting } = await reduceBefore(parts, ago(deletedPersonsDays), order);
    if (signal.aborted) return false;
    const { persons, runs } = erased;
    const counts = { persons, reduced, runs, entries: erased.entries + entries, waiting: erased.waiting + waiting };
    log.info(counts, 'erased what is past its term');
    return true;
  }

  async function erasePerson(externalId: string, decider: Decider): Promise<Counted> {
    const order: WaitingErasure = { externalId, ...decider };
    const counted = await alone(async () => {
      const erased = await eraseNow(order);
      if (erased) return { ...nothingYet(), ...erased, unfinished: tell(await finishErasures(after)) };
      await write(() => {
        dropWaiting(order);
        erasure.rest.add({ waiting: [order] });
      });
      return { ...nothingYet(), waiting: 1 };
    });
    return counted ?? cannotNow();
  }

  /** Undefined while a dump holds the person that Spend Cloud has or may yet get. */
  async function eraseNow({ externalId, by, reason }: WaitingErasure): Promise<Erased | undefined> {
    const accounts = deletedWith(externalId);
    const people = erasure.peopleOf(accounts, 'everything', [externalId]);
    const lost = await lostWithName(parts, people.names);
    const inPairs = [...accounts, ...lost.map(({ account }) => account)];
    if ((await stillOpen(parts, new Set(inPairs))).size > 0 || (await neededWithName(parts, people.names)))
      return undefined;
    const underNumber = lost.flatMap((one) => (one.externalId === externalId ? [one.account] : []));
    const mentioned = await findMentions(databasePath, people, signal);
    const at = now().toISOString();
    return write(() => {
      if (deletedWith(externalId).join() !== accounts.join())
        throw new AppError('conflict', 'HelloID changed this person meanwhile; look again');
      dropWaiting({ externalId });
      const number = erasureKey.digestToStore(externalId);
      const line = { at, accounts: [...accounts, ...underNumber], number };
      erasure.rest.add({ accounts: inPairs, lines: [line], rewritten: true });
      const order: ErasureOrder = { kind: 'erase', by, reason, at };
      return erasure.accounts(accounts, mentioned, order, { numbers: [externalId], lost: underNumber });
    });
  }

  function dropWaiting({ externalId }: Pick<WaitingErasure, 'externalId'>): void {
    const left = erasure.rest.read();
    if (left) erasure.rest.set({ ...left, waiting: left.waiting.filter((one) => one.externalId !== externalId) });
  }

  function deletedWith(externalId: string): number[] {
    const found = terms.byNumber(externalId);
    if (found.length === 0 && !terms.hasStrayEntries(externalId))
      throw new AppError('not-found', 'There is no person with this number');
    if (found.some(({ living }) => living))
      throw new AppError(
        'conflict',
        'This person has a living account; let HelloID delete it first (or POST /api/accounts/{reference}/delete)',
      );
    return found.map(({ id }) => id);
  }

  async function purge(before: string, decider: Decider): Promise<Counted> {
    const at = now().toISOString();
    if (before > at) throw new AppError('impossible', 'A purge cannot reach into the future: give a day that is over');
    const order: Purge = { before, ...decider };
    const counted = await alone(async () => {
      await write(() => erasure.rest.add({ purges: [order], lines: [{ at, before }] }));
      const erased = await carryOut(order);
      return { ...erased, unfinished: tell(await finishErasures(after)) };
    });
    return counted ?? cannotNow();
  }

  async function carryOut({ before, by, reason }: Purge): Promise<Counted> {
    const counted = await eraseBefore(parts, before, { kind: 'purge', by, reason, at: now().toISOString() });
    if (signal.aborted) throw new AppError('unavailable', 'The purge was stopped; the next start goes on with it');
    await write(() => {
      const left = erasure.rest.read() ?? nothingLeft;
      erasure.rest.set({ ...left, purges: left.purges.filter((one) => one.before !== before) });
    });
    log.info({ ...counted }, 'purged');
    return counted;
  }

  async function forgetErased(decider: Decider): Promise<void> {
    if (erasureKey.fault() === undefined)
      throw new AppError('conflict', 'Nothing is lost: persons erased before are known again, if there are any');
    await write(() => erasure.forgetErased(decider, now().toISOString()));
  }

  function faults(): string[] {
    const known = erasureKey.fault() ?? failure;
    if (known !== undefined) return [known];
    if (!inLogSince || now().getTime() - inLogSince.getTime() < dayMilliseconds) return [];
    return [
      `Erased values stand in the write-ahead log since ${inLogSince.toISOString()}, because a program reads the database without an end; stop it for five minutes`,
    ];
  }

  function tell(unfinished: Unfinished | undefined): Unfinished | null {
    inLogSince = unfinished === 'log' ? (inLogSince ?? now()) : undefined;
    if (unfinished) log.info({ unfinished }, unfinishedText[unfinished]);
    return unfinished ?? null;
  }

  return { tick, erasePerson, purge, forgetErased, faults, settled: () => working };
}

/** For the log, and for whoever asked. */
export const unfinishedText: Record<Unfinished, string> = {
  log: 'erased values still stand in the write-ahead log, because somebody reads the database; the next tick empties it',
  outbox:
    'files of earlier deliveries in the delivery folder could not be looked at, because it does not answer; the next tick tries again',
  pair: 'erased persons still stand in a dump that Spend Cloud has or may yet get; it is removed once a newer one was delivered',
};

function cannotNow(): never {
  throw new AppError(
    'unavailable',
    'A dump is being made or delivered, or somebody else erases; try again in a few minutes',
  );
}
