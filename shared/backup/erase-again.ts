import type { Decider } from '../domain/run.ts';
import type { AuditTrail } from '../store/audit.ts';
import { erasureStore } from '../store/erasure.ts';
import type { ErasureOrder } from '../store/erasure-record.ts';
import type { ErasureLine } from '../store/erasure-rest.ts';
import { findMentions } from '../store/mentions.ts';
import type { OpenDatabase } from '../store/open.ts';
import { termStore } from '../store/terms.ts';
import type { Write } from '../store/writer.ts';

export interface AgainOrder {
  /** What was erased on demand, at any time. */
  erasures: readonly ErasureLine[];
  /** The key of the digests is lost for good. */
  forgetErased: boolean;
  decider: Decider;
  now: Date;
}

/** Erases in a restored database what had been erased on demand since its backup; gives how many persons. */
export async function eraseAgain(
  database: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  { erasures: lines, forgetErased, decider, now }: AgainOrder,
): Promise<number> {
  const { writing, reading, erasureKey } = database;
  const erasure = erasureStore(database, audit);
  if (forgetErased) await write(() => erasure.forgetErased(decider, now.toISOString()));
  if (lines.length === 0) return 0;
  const terms = termStore(database);
  const order: ErasureOrder = { kind: 'erase', by: 'restore', reason: null, at: now.toISOString() };
  const before = lines
    .flatMap((line) => ('before' in line ? [line.before] : []))
    .toSorted()
    .at(-1);
  const named = lines.flatMap((line) => ('accounts' in line ? [line] : []));
  const isDone = writing.prepare<[string], 1>("SELECT 1 FROM audit WHERE kind = 'erase' AND at = ?").pluck();
  const isThere = writing.prepare<[number], 1>('SELECT 1 FROM accounts WHERE id = ?').pluck();
  // whoever lives in the backup was deleted before being erased
  const remove = writing.prepare('UPDATE accounts SET deleted_at = coalesce(deleted_at, ?) WHERE id = ?');
  const purged = before === undefined ? [] : terms.deletedBefore(before, { unreduced: false });
  const accounts = [...new Set([...named.flatMap((line) => line.accounts), ...purged])].filter(
    (id) => isThere.get(id) !== undefined,
  );
  // the list holds digests too: without their key a new one must not be made in its place
  if (named.length > 0 && accounts.length > 0 && !forgetErased) erasureKey.expect();
  const since = named.filter(({ at }) => isDone.get(at) === undefined);
  const numbers = forgetErased ? [] : numbersLike(database, new Set(since.map(({ number }) => number)));
  await write(() => {
    erasure.rest.add({ accounts, lines: [...lines] });
    for (const id of accounts) remove.run(order.at, id);
  });
  const mentioned = findMentions(reading, erasure.peopleOf(accounts, 'everything', numbers));
  if (accounts.length + numbers.length > 0)
    await write(() => erasure.accounts(accounts, mentioned, order, { numbers }));
  if (before !== undefined) {
    for (let page = terms.entriesBefore(before, null); ; page = terms.entriesBefore(before, page.next)) {
      await write(() => erasure.entries(page.entries, order));
      if (page.next === null) break;
    }
    await write(() => erasure.runsBefore(before));
  }
  return accounts.length;
}

/** Numbers in entries without an account of which these are the keyed digests. */
function numbersLike({ writing, erasureKey }: OpenDatabase, digests: ReadonlySet<string>): string[] {
  if (digests.size === 0) return [];
  const strays = writing
    .prepare<[], string>(
      'SELECT DISTINCT external_id FROM audit_detail JOIN audit USING (entry) WHERE account IS NULL AND external_id IS NOT NULL',
    )
    .pluck();
  return strays.all().filter((number) => digests.has(erasureKey.digestOf(number)));
}
