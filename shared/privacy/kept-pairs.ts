import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { arrivedSince } from '../daily/far-side.ts';
import { thinnedStart } from '../daily/parts.ts';
import type { RunState } from '../domain/run.ts';
import { openKept } from '../export/packed.ts';
import { ownerOf, ownersFile, type RowOwner } from '../export/pair.ts';
import type { Facts } from '../store/facts.ts';
import type { RunStore } from '../store/runs.ts';
import type { Terms } from '../store/terms.ts';
import { weekPairs } from '../store/week-pairs.ts';
import { thinPair } from './thin-pair.ts';

export interface PairParts {
  /** Rendered pairs lie here, a folder per run. */
  archive: string;
  runs: Pick<RunStore, 'inState' | 'lastDelivered' | 'deliveredFrom'>;
  facts: Pick<Facts, 'get'>;
  /** Whether a week's pairs are compared with. */
  week: boolean;
  now: () => Date;
}

/** The folder of a pair that was not rendered but taken over. */
const baselineName = 'baseline';
const open: readonly RunState[] = ['waiting', 'rendering', 'held', 'blocked', 'delivering', 'failed'];

/** The pairs that are still needed: what Spend Cloud got last, and what may yet go out. */
export async function neededPairs({ runs, facts }: PairParts): Promise<string[]> {
  const delivered = facts.get('delivered-pair');
  const { persons, roles } = arrivedSince({ facts });
  const last = [delivered, persons, roles].flatMap((pair) => (pair === undefined ? [] : [String(pair)]));
  const waiting = (await runs.inState(...open)).map(({ id }) => String(id));
  return [...new Set([...last, ...waiting])];
}

/** Which of these accounts stand in pairs that are needed, by the name of the pair. */
export async function stillNeeded(parts: PairParts, accounts: ReadonlySet<number>): Promise<Map<number, string>> {
  return standingIn(parts, accounts, () => true);
}

/** Which of these accounts a delivery must still close: those that Spend Cloud has as active, or that a run which may yet go out names. */
export async function stillOpen(parts: PairParts, accounts: ReadonlySet<number>): Promise<Map<number, string>> {
  const delivered = parts.facts.get('delivered-pair');
  return standingIn(parts, accounts, ({ inactiveSince }, pair) => pair !== delivered || inactiveSince === null);
}

async function standingIn(
  parts: PairParts,
  accounts: ReadonlySet<number>,
  counts: (owner: RowOwner, pair: string) => boolean,
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  if (accounts.size === 0) return found;
  for (const pair of await neededPairs(parts))
    for (const { account } of await rowsIn(parts, pair, (owner) => isOneOf(owner, accounts) && counts(owner, pair)))
      if (account !== null) found.set(account, pair);
  return found;
}

/**
 * Accounts in kept pairs that the database knows no more, because a restore lost them, and that go by one of these names, in lower case: HelloID
 * creates such a person again under another id.
 */
export async function lostWithName(
  { archive, terms }: Pick<PairParts, 'archive'> & { terms: Pick<Terms, 'isKnown'> },
  names: ReadonlySet<string>,
): Promise<{ account: number; externalId: string }[]> {
  const found = new Map<number, { account: number; externalId: string }>();
  const isWanted = (owner: RowOwner) =>
    owner.account !== null && isNamed(owner, names) && !terms.isKnown(owner.account);
  for (const pair of await readdir(archive))
    for (const { account, externalId } of await rowsIn({ archive }, pair, isWanted))
      if (account !== null) found.set(account, { account, externalId });
  return [...found.values()];
}

/** The needed pair in which somebody stands who goes by one of these names, in lower case: a baseline knows some people by their names only. */
export async function neededWithName(parts: PairParts, names: ReadonlySet<string>): Promise<string | undefined> {
  const isWanted = (owner: RowOwner) => owner.account === null && isNamed(owner, names);
  for (const pair of await neededPairs(parts)) if ((await rowsIn(parts, pair, isWanted)).length > 0) return pair;
  return undefined;
}

/**
 * Removes every other pair in which one of these accounts stands, and a baseline that served its time; gives their names. What the guard of a
 * week may yet compare with is kept without them: it would forget the whole week for one person.
 */
export async function removePairsOf(parts: PairParts, accounts: ReadonlySet<number>): Promise<string[]> {
  if (accounts.size === 0) return [];
  const needed = await neededPairs(parts);
  const found = await pairsWith(parts, accounts);
  const baseline = (await readdir(parts.archive)).filter((name) => name.startsWith(baselineName));
  const gone = [...new Set([...found, ...baseline])].filter((name) => !needed.includes(name));
  const ofWeek = new Set(parts.week ? (await weekPairs(parts)).map(({ pair }) => pair) : []);
  for (const name of gone) {
    const pair = name.startsWith(thinnedStart) ? name.slice(thinnedStart.length) : name;
    if (ofWeek.has(pair)) await thinPair(parts.archive, name, `${thinnedStart}${pair}`, accounts);
    if (!ofWeek.has(pair) || pair === name) await rm(join(parts.archive, name), { recursive: true, force: true });
  }
  return gone;
}

/** The kept pairs, compressed or not, in which one of these accounts stands, by name. */
export async function pairsWith(parts: Pick<PairParts, 'archive'>, accounts: ReadonlySet<number>): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(parts.archive))
    if ((await rowsIn(parts, name, (owner) => isOneOf(owner, accounts))).length > 0) found.push(name);
  return found;
}

function isNamed({ username, externalId }: RowOwner, names: ReadonlySet<string>): boolean {
  return [username, externalId].some((name) => names.has(name.toLowerCase()));
}

function isOneOf({ account }: RowOwner, accounts: ReadonlySet<number>): boolean {
  return account !== null && accounts.has(account);
}

/** Whose rows in a pair these are. */
async function rowsIn(
  { archive }: Pick<PairParts, 'archive'>,
  pair: string,
  isWanted: (owner: RowOwner) => boolean,
): Promise<RowOwner[]> {
  const content = await openKept(join(archive, pair, ownersFile));
  if (!content) return [];
  const found: RowOwner[] = [];
  for await (const line of createInterface({ input: content, crlfDelay: Infinity })) {
    const owner = ownerOf(line);
    if (isWanted(owner)) found.push(owner);
  }
  return found;
}
