import { keyForm, visibleForm } from '../domain/key-form.ts';
import type { Decider } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import type { AlsoDecisions } from '../domain/tables.ts';
import type { AuditTrail } from './audit.ts';
import type { OpenDatabase } from './open.ts';
import type { Origin } from './usernames.ts';
import type { Write } from './writer.ts';

/** Lines of `also.persons` about people who were deleted. */
export interface AlsoStore {
  /** Lets a line give access to somebody who was deleted before. Throws `conflict` where nobody by this username, or number, was. */
  accept(person: { username: string; externalId: string }, decider: Decider, origin: Origin): Promise<void>;
  /** What was decided about these usernames. Where `erasure.key` cannot be used nothing is known, and what was delivered goes on. */
  decisions(usernames: Iterable<string>): AlsoDecisions;
}

interface DeletedRow {
  id: number;
  reference: string;
  externalId: string;
}

export function alsoStore(
  { writing, reading, erasureKey }: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  now: () => Date,
): AlsoStore {
  const deleted = writing.prepare<{ username: string; number: string }, DeletedRow>(
    `SELECT id, reference, external_id AS externalId FROM accounts WHERE deleted_at IS NOT NULL AND id IN (
       SELECT account FROM delivered_usernames WHERE username_key = @username
       UNION SELECT account FROM delivered_numbers WHERE number_key = @number)
     ORDER BY deleted_at DESC LIMIT 1`,
  );
  const put = writing.prepare('INSERT OR REPLACE INTO accepted_also (username_digest, accepted_at) VALUES (?, ?)');
  const anything = reading
    .prepare<[], 1>('SELECT 1 FROM accepted_also UNION ALL SELECT 1 FROM erased_usernames LIMIT 1')
    .pluck();
  const acceptedAt = reading
    .prepare<[string], string>('SELECT accepted_at FROM accepted_also WHERE username_digest = ?')
    .pluck();
  const wasErased = reading
    .prepare<[string], 1>('SELECT 1 FROM erased_usernames WHERE username_digest = ? LIMIT 1')
    .pluck();

  function accept(
    { username, externalId }: { username: string; externalId: string },
    { by, reason }: Decider,
    { key, requestId }: Origin,
  ): void {
    const name = keyForm(username);
    const account = deleted.get({ username: name, number: visibleForm(externalId) });
    const digest = erasureKey.digestToStore(name);
    if (!account && wasErased.get(digest) === undefined)
      throw new AppError('conflict', 'Nobody who was deleted had this username, so its line needs no decision');
    const at = now().toISOString();
    put.run(digest, at);
    const message = `The line of also.persons may give [${username}] access, although the account was deleted`;
    audit.append(at, 'accept-also', account?.id ?? null, {
      ...{ outcome: 'accept-also', success: true, key, requestId, origin: 'operator', before: null, after: null },
      ...{ reference: account?.reference ?? null, externalId: account?.externalId ?? null },
      ...{ messages: [message, `${by} decided. Reason: ${reason}`], by, reason },
    });
  }

  function decisions(usernames: Iterable<string>): AlsoDecisions {
    const accepted = new Map<string, string>();
    const erased = new Set<string>();
    if (anything.get() === undefined || erasureKey.fault() !== undefined) return { accepted, erased };
    for (const username of usernames) {
      const name = keyForm(username);
      const digest = erasureKey.digestOf(name);
      const at = acceptedAt.get(digest);
      if (at !== undefined) accepted.set(name, at);
      if (wasErased.get(digest) !== undefined) erased.add(name);
    }
    return { accepted, erased };
  }

  return { accept: (person, decider, origin) => write(() => accept(person, decider, origin)), decisions };
}
