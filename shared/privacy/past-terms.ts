import type { Erasure, Erased } from '../store/erasure.ts';
import type { ErasureOrder } from '../store/erasure-record.ts';
import type { Mentions } from '../store/mentions.ts';
import type { Terms } from '../store/terms.ts';
import type { Write } from '../store/writer.ts';
import { nothingYet, type Counted } from './counted.ts';
import { findMentions } from './find-mentions.ts';
import { stillNeeded, type PairParts } from './kept-pairs.ts';

export interface TermParts extends PairParts {
  databasePath: string;
  erasure: Erasure;
  terms: Terms;
  write: Write;
  signal: AbortSignal;
}

// One person has a few entries a day; so many at once are a short wait for HelloID.
const personsTogether = 20;
// The whole trail is looked through once for so many.
const personsInOneSearch = 500;

type Erase = (accounts: readonly number[], mentioned: Mentions) => Erased;

/** Everything about persons deleted before a moment, and whom entries from before it were about. Can be stopped between two slices, and repeated. */
export async function eraseBefore(parts: TermParts, before: string, order: ErasureOrder): Promise<Counted> {
  const { erasure, terms, write, signal } = parts;
  const counted = nothingYet();
  const deleted = terms.deletedBefore(before, { unreduced: false });
  await inSlices(parts, counted, deleted, 'everything', (accounts, mentioned) => {
    erasure.rest.add({ accounts: [...accounts], rewritten: true });
    return erasure.accounts(accounts, mentioned, order);
  });
  let after: Parameters<typeof terms.entriesBefore>[1] = null;
  do {
    const { entries, next } = terms.entriesBefore(before, after);
    if (entries.length > 0)
      counted.entries += await write(() => leavingTheLog(erasure, erasure.entries(entries, order)));
    after = next;
    await new Promise((resolve) => setImmediate(resolve));
  } while (after !== null && !signal.aborted);
  if (!signal.aborted) counted.runs = await write(() => leavingTheLog(erasure, erasure.runsBefore(before)));
  return counted;
}

/** What was changed still stands in the write-ahead log. */
function leavingTheLog({ rest }: Erasure, changes: number): number {
  if (changes > 0) rest.add({ rewritten: true });
  return changes;
}

/** Name, e-mail address, gender and further fields of persons deleted before a moment. */
export async function reduceBefore(parts: TermParts, before: string, order: ErasureOrder): Promise<Counted> {
  const { erasure, terms } = parts;
  const counted = nothingYet();
  const deleted = terms.deletedBefore(before, { unreduced: true });
  await inSlices(parts, counted, deleted, 'values', (accounts, mentioned) => {
    erasure.rest.add({ accounts: [...accounts], rewritten: true }); // their names stand in kept pairs
    return erasure.values(accounts, mentioned, order);
  });
  return { ...counted, persons: 0, reduced: counted.persons };
}

/** Those whom a needed pair holds wait: what is compared with must say what Spend Cloud has. */
async function inSlices(
  parts: TermParts,
  counted: Counted,
  deleted: readonly number[],
  what: 'everything' | 'values',
  erase: Erase,
): Promise<void> {
  const { databasePath, erasure, write, signal } = parts;
  const isStopping = () => signal.aborted;
  const needed = await stillNeeded(parts, new Set(deleted));
  counted.waiting = needed.size;
  for (const searched of slices(
    deleted.filter((account) => !needed.has(account)),
    personsInOneSearch,
  )) {
    if (isStopping()) return;
    const mentioned = await findMentions(databasePath, erasure.peopleOf(searched, what), signal);
    for (const accounts of slices(searched, personsTogether)) {
      if (isStopping()) return;
      const { persons, entries } = await write(() => erase(accounts, mentioned));
      counted.persons += persons;
      counted.entries += entries;
    }
  }
}

function* slices<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let index = 0; index < items.length; index += size) yield items.slice(index, index + size);
}
