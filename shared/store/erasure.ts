import { keyForm } from '../domain/key-form.ts';
import type { Decider } from '../domain/run.ts';
import { aboutNoAccount, type AuditDetail, type AuditTrail } from './audit.ts';
import {
  isAboutSomebody,
  withoutAnybody,
  withoutDecider,
  withoutMentions,
  withoutNames,
  withoutPast,
  withoutPerson,
  withoutText,
  withoutValues,
} from './audit-erasure.ts';
import { peopleStore, type PeopleStore } from './erasure-people.ts';
import { rewriter, type ErasureOrder, type Rewritten } from './erasure-record.ts';
import { restStore, type RestStore } from './erasure-rest.ts';
import { mentions, type Mentions } from './mentions.ts';
import type { OpenDatabase } from './open.ts';
import { changedSomething } from './state-proof.ts';
import { runWithoutPeople, runWithoutValues, type People, type RunParts } from './run-erasure.ts';

/** How many of those asked for were still deleted, and how many entries of the trail were rewritten. */
export interface Erased {
  persons: number;
  entries: number;
}

/** What else is known of the persons who are erased. */
export interface Besides {
  /** What was refused under these numbers goes, too. */
  numbers: readonly string[];
  /** Ids that these numbers had in delivered files, and that a restore lost. */
  lost?: readonly number[];
}

/** What only works inside a transaction, but for `peopleOf`; each leaves one entry that has all it rewrote on record. Who lives by now is left alone. */
export interface Erasure {
  peopleOf: PeopleStore['peopleOf'];
  /** Everything about these deleted accounts, and besides; only keyed digests of their usernames, numbers and references stay. */
  accounts(accounts: readonly number[], mentioned: Mentions, order: ErasureOrder, besides?: Besides): Erased;
  /** Name, e-mail address, gender and further fields of deleted accounts. */
  values(accounts: readonly number[], mentioned: Mentions, order: ErasureOrder): Erased;
  /** Everything personal in these entries, whoever it is about, but what a living account has by the newest entry about it. */
  entries(entries: readonly number[], order: ErasureOrder): number;
  /** Who was behind the effects of runs that were made before, and who decided. Gives how many runs and looked-at findings lost something. */
  runsBefore(at: string): number;
  /** Gives up the digests of everybody who was erased, because their key is lost; an entry of its own says so. */
  forgetErased(decider: Decider, at: string): void;
  /** What is still to be done outside the database, see `shared/privacy/after-erasure.ts`. */
  rest: RestStore;
}

type Stored = { entry: number; detail: string };

export function erasureStore({ writing, erasureKey }: OpenDatabase, audit: AuditTrail): Erasure {
  const { digestToStore } = erasureKey;
  const people = peopleStore(writing);
  const rewrite = rewriter(writing, audit);
  const isDeleted = writing
    .prepare<[number], 1>('SELECT 1 FROM accounts WHERE id = ? AND deleted_at IS NOT NULL')
    .pluck();
  const ownNumber = writing.prepare<[number], string>('SELECT external_id FROM accounts WHERE id = ?').pluck();
  const formerNames = writing
    .prepare<[number], string>('SELECT username_key FROM delivered_usernames WHERE account = ?')
    .pluck();
  const ownEntries = writing.prepare<[number], Stored>(
    'SELECT entry, detail FROM audit_detail JOIN audit USING (entry) WHERE account = ?',
  );
  const strayEntries = writing.prepare<{ references: string; numbers: string }, Stored>(
    `SELECT entry, detail FROM audit_detail JOIN audit USING (entry)
     WHERE account IS NULL AND (reference IN (SELECT value FROM json_each(@references)) OR external_id IN (SELECT value FROM json_each(@numbers)))`,
  );
  const isOfLiving = writing
    .prepare<[number], 1>(
      `SELECT 1 FROM audit AS one JOIN accounts ON accounts.id = one.account WHERE one.entry = ? AND deleted_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM audit JOIN audit_detail ON audit_detail.entry = audit.entry
           WHERE audit.account = one.account AND audit.entry > one.entry AND ${changedSomething})`,
    )
    .pluck();
  const oneEntry = writing.prepare<[number], Stored>('SELECT entry, detail FROM audit_detail WHERE entry = ?');
  const entriesBehind = writing.prepare<[number], Stored>('SELECT entry, detail FROM audit_detail WHERE entry > ?');
  const run = writing.prepare<[number], RunParts>('SELECT who, findings, reasons, decisions FROM runs WHERE id = ?');
  const setRun = writing.prepare(
    'UPDATE runs SET who = @who, findings = @findings, reasons = @reasons, decisions = @decisions WHERE id = @id',
  );
  const clearRuns = writing.prepare(
    `UPDATE runs SET who = NULL, findings = '[]', decisions = '[]' WHERE created_at < ? AND (who IS NOT NULL OR findings <> '[]' OR decisions <> '[]')`,
  );
  const clearSeen = writing.prepare('DELETE FROM seen_findings WHERE seen_at < ?');
  const clearAccepted = writing.prepare('DELETE FROM accepted_findings WHERE accepted_at < ?');
  const seen = writing.prepare<[], { code: string; reference: string; message: string }>(
    'SELECT code, reference, message FROM seen_findings',
  );
  const removeSeen = writing.prepare(
    'DELETE FROM seen_findings WHERE code = @code AND reference = @reference AND message = @message',
  );
  const decidedFacts = writing.prepare<[], { name: string; value: string }>(
    "SELECT name, value FROM facts WHERE name IN ('paused', 'take-over')",
  );
  const setFact = writing.prepare('UPDATE facts SET value = ? WHERE name = ?');
  const seenBy = writing.prepare<[], string>('SELECT DISTINCT seen_by FROM seen_findings').pluck();
  const acceptedFindings = writing.prepare<[], { code: string; by: string; reason: string }>(
    'SELECT code, accepted_by AS "by", reason FROM accepted_findings',
  );
  const setAccepted = writing.prepare(
    'UPDATE accepted_findings SET accepted_by = @by, reason = @reason WHERE code = @code',
  );
  const removeAcceptedAlso = writing.prepare(
    'DELETE FROM accepted_also WHERE username_digest = @digest AND accepted_at < (SELECT deleted_at FROM accounts WHERE id = @id)',
  );
  const setSeenBy = writing.prepare('UPDATE seen_findings SET seen_by = ? WHERE seen_by = ?');
  const addDigests = writing.prepare(
    'INSERT OR IGNORE INTO erased_usernames (username_digest, number_digest) VALUES (?, ?)',
  );
  const addReference = writing.prepare('INSERT OR IGNORE INTO erased_references (digest) VALUES (?)');
  const removeFormer = writing.prepare('DELETE FROM delivered_usernames WHERE account = ?');
  const whichLost = `account NOT IN (SELECT id FROM accounts)
       AND (account IN (SELECT value FROM json_each(@lost)) OR username_key IN (SELECT value FROM json_each(@names)))`;
  const lostNames = writing
    .prepare<{ lost: string; names: string }, string>(`SELECT username_key FROM delivered_usernames WHERE ${whichLost}`)
    .pluck();
  const removeLost = writing.prepare(`DELETE FROM delivered_usernames WHERE ${whichLost}`);
  const removeAllowed = writing.prepare(
    `DELETE FROM allowed_usernames WHERE external_id NOT IN (SELECT external_id_key FROM accounts WHERE deleted_at IS NULL)
       AND (external_id IN (SELECT value FROM json_each(@numbers)) OR username_key IN (SELECT value FROM json_each(@names)))`,
  );
  const removeAccount = writing.prepare('DELETE FROM accounts WHERE id = ?');
  const reduceAccount = writing.prepare(
    `UPDATE accounts SET email = NULL, email_key = NULL, first_name = NULL, prefix = NULL, last_name = NULL, gender = NULL, extra = '{}', reduced_at = @at
     WHERE id = @id`,
  );

  function accounts(
    asked: readonly number[],
    mentioned: Mentions,
    order: ErasureOrder,
    { numbers, lost = [] }: Besides = { numbers: [] },
  ): Erased {
    const ids = asked.filter(stillDeleted);
    const gone = people.peopleOf(ids, 'everything', numbers);
    const stray = { references: '[]', numbers: JSON.stringify(people.free(numbers)) };
    const rewritten = new Map<number, AuditDetail>();
    const take = ({ entry, detail }: Stored) =>
      rewritten.set(entry, withoutMentions(withoutPerson(JSON.parse(detail) as AuditDetail), gone));
    strayEntries.all(stray).forEach(take);
    for (const id of ids) eraseAccount(id, take);
    eraseLost({ lost, names: [], numbers });
    addMentioning(mentioned, gone, rewritten);
    for (const id of mentioned.runs) changeRun(id, (parts) => runWithoutPeople(parts, gone));
    removeSeenAbout(gone, (reference) => gone.references.has(reference));
    changeFacts(gone);
    const reason = order.reason && withoutText(order.reason, gone);
    const by = withoutDecider(order.by, gone);
    const message = ids.length > 0 ? `Erased ${ids.length} person(s)` : 'Erased what was refused under a number';
    return { persons: ids.length, entries: rewrite(asList(rewritten), { ...order, by, reason }, message) };
  }

  function eraseAccount(id: number, take: (stored: Stored) => void): void {
    const { references, numbers, usernames } = people.namesOf(id);
    const stray = { references: JSON.stringify(references), numbers: JSON.stringify(numbers) };
    [...ownEntries.all(id), ...strayEntries.all(stray)].forEach(take);
    const own = ownNumber.get(id); // somebody else may have it by now; under it the name was this person's all the same
    const under = [...new Set([...numbers, ...(own === undefined ? [] : [own])])];
    const names = usernames.map(keyForm);
    keepDigests(formerNames.all(id), under);
    eraseLost({ lost: [], names, numbers: under });
    for (const reference of references) addReference.run(digestToStore(reference));
    // what was decided of an earlier deletion is no decision about this one, whose time is gone with the account
    for (const name of names) removeAcceptedAlso.run({ digest: digestToStore(name), id });
    removeFormer.run(id);
    removeAllowed.run({ numbers: stray.numbers, names: JSON.stringify(names) });
    removeAccount.run(id);
  }

  /** Usernames that Spend Cloud got under an id that no account has any more. */
  function eraseLost({
    lost,
    names,
    numbers,
  }: {
    lost: readonly number[];
    names: string[];
    numbers: readonly string[];
  }): void {
    const rows = { lost: JSON.stringify(lost), names: JSON.stringify(names) };
    keepDigests(lostNames.all(rows), numbers);
    removeLost.run(rows);
  }

  function keepDigests(names: readonly string[], numbers: readonly string[]): void {
    for (const name of names) for (const number of numbers) addDigests.run(digestToStore(name), digestToStore(number));
  }

  function values(asked: readonly number[], mentioned: Mentions, order: ErasureOrder): Erased {
    const ids = asked.filter(stillDeleted);
    if (ids.length === 0) return { persons: 0, entries: 0 };
    const gone = people.peopleOf(ids, 'values');
    const rewritten = new Map<number, AuditDetail>();
    for (const id of ids) {
      for (const { entry, detail } of ownEntries.all(id)) {
        const parsed = JSON.parse(detail) as AuditDetail;
        if (parsed.withheld === undefined || parsed.withheld === 'past')
          rewritten.set(entry, withoutMentions(withoutValues(parsed), gone));
      }
      reduceAccount.run({ id, at: order.at });
    }
    addMentioning(mentioned, gone, rewritten);
    for (const id of mentioned.runs) changeRun(id, (parts) => runWithoutValues(parts, gone));
    removeSeenAbout(gone, () => false);
    const message = `Erased name, e-mail address and gender of ${ids.length} deleted person(s)`;
    return { persons: ids.length, entries: rewrite(asList(rewritten), order, message) };
  }

  function entries(numbers: readonly number[], order: ErasureOrder): number {
    const rewritten = numbers.flatMap((number): Rewritten[] => {
      const stored = oneEntry.get(number);
      if (!stored) return [];
      const detail = JSON.parse(stored.detail) as AuditDetail;
      if (detail.after && isOfLiving.get(number))
        return detail.withheld === 'past' ? [] : [{ entry: number, detail: withoutPast(detail) }];
      return isAboutSomebody(detail) ? [{ entry: number, detail: withoutAnybody(detail) }] : [];
    });
    if (rewritten.length === 0) return 0;
    return rewrite(rewritten, order, `Erased whom ${rewritten.length} entries past their term were about`);
  }

  /** A person may have come back since it was looked at whom to erase. */
  function stillDeleted(id: number): boolean {
    return isDeleted.get(id) !== undefined;
  }

  /** Those that were found, and those that came since. */
  function addMentioning({ entries: found, through }: Mentions, gone: People, to: Map<number, AuditDetail>): void {
    for (const { entry, detail } of [...found.flatMap((one) => oneEntry.get(one) ?? []), ...entriesBehind.all(through)])
      if (!to.has(entry) && mentions(detail, gone))
        to.set(entry, withoutMentions(JSON.parse(detail) as AuditDetail, gone));
  }

  function changeRun(id: number, change: (parts: RunParts) => RunParts | undefined): void {
    const parts = run.get(id);
    const left = parts && change(parts);
    if (left) setRun.run({ id, ...left });
  }

  function removeSeenAbout(people: People, isGone: (reference: string) => boolean): void {
    for (const finding of seen.all())
      if (isGone(finding.reference) || withoutNames(finding.message, people.names) !== finding.message)
        removeSeen.run(finding);
    for (const by of seenBy.all()) {
      const left = withoutDecider(by, people);
      if (left !== by) setSeenBy.run(left, by);
    }
    for (const { code, by, reason } of acceptedFindings.all()) {
      const left = { by: withoutDecider(by, people), reason: withoutText(reason, people) };
      if (left.by !== by || left.reason !== reason) setAccepted.run({ code, ...left });
    }
  }

  /** Who paused deliveries or took over, and why. */
  function changeFacts(people: People): void {
    const without = (name: string, value: unknown) => {
      if (typeof value !== 'string') return value;
      if (name === 'by') return withoutDecider(value, people);
      return name === 'reason' ? withoutText(value, people) : value;
    };
    for (const { name, value } of decidedFacts.all()) {
      const left = JSON.stringify(JSON.parse(value, without));
      if (left !== value) setFact.run(left, name);
    }
  }

  function runsBefore(at: string): number {
    const decidedBefore = clearSeen.run(at).changes + clearAccepted.run(at).changes;
    return clearRuns.run(at).changes + decidedBefore;
  }

  function forgetErased({ by, reason }: Decider, at: string): void {
    erasureKey.forget();
    const messages = ['The digests of persons erased before were given up, because their key is lost'];
    const detail = aboutNoAccount({ outcome: 'forgotten', success: true, key: by, messages, by, reason });
    audit.append(at, 'forget-erased', null, detail);
  }

  const rest = restStore(writing);
  return { peopleOf: people.peopleOf, accounts, values, entries, runsBefore, forgetErased, rest };
}

function asList(rewritten: ReadonlyMap<number, AuditDetail>): Rewritten[] {
  return [...rewritten].map(([entry, detail]) => ({ entry, detail }));
}
