import { keyForm, visibleForm } from '../domain/key-form.ts';
import type { Decider } from '../domain/run.ts';
import { waitingKey, type KeyRules, type UsernameChange } from '../domain/keys-in-files.ts';
import { AppError } from '../errors.ts';
import type { AuditTrail } from './audit.ts';
import { keptExternalId, keptUsername } from './kept-keys.ts';
import type { OpenDatabase } from './open.ts';
import { situations } from './situation.ts';
import type { Write } from './writer.ts';

/** Which key was used, and in which request. */
export interface Origin {
  key: string;
  requestId: string | null;
}

/** A changed key: the account by its internal id and its reference, what the files say now and what they are to say. */
export interface PendingKey {
  account: number;
  reference: string;
  before: string;
  key: string;
}

/** Decisions about usernames, each with its audit entry. */
export interface UsernameStore {
  /** Lets a changed username into the files; throws `not-found`, or `conflict` when none is waiting, or another than `shown` (null: whichever waits). */
  accept(reference: string, shown: string | null, decider: Decider, origin: Origin): Promise<void>;
  /** Changed usernames (or numbers, where Spend Cloud matches on them) that wait to be confirmed. */
  pending(): Promise<PendingKey[]>;
  /** Lets one number have a username that was delivered for somebody else. */
  allow(username: string, externalId: string, decider: Decider, origin: Origin): Promise<void>;
}

export function usernameStore(
  { writing, reading, erasureKey }: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  now: () => Date,
  rules: KeyRules,
): UsernameStore {
  const { byReference } = situations(writing, erasureKey);
  const setAccepted = writing.prepare(
    'UPDATE accounts SET accepted_username = username, accepted_external_id = external_id WHERE id = ?',
  );
  const [column, kept] =
    rules.personKey === 'gebruikersnaam' ? ['username', keptUsername] : ['external_id', keptExternalId];
  const waiting = reading.prepare<{ usernameChange: UsernameChange }, PendingKey>(
    `SELECT id AS account, reference, ${kept} AS before, ${column} AS key FROM accounts
     WHERE deleted_at IS NULL AND delivered_${column} <> ${column} AND ${kept} <> ${column}`,
  );
  const addAllowed = writing.prepare(
    'INSERT OR IGNORE INTO allowed_usernames (username_key, external_id, allowed_at) VALUES (?, ?, ?)',
  );

  function record(
    kind: 'accept-username' | 'allow-username',
    account: number | null,
    detail: { reference: string | null; externalId: string; message: string },
    decider: Decider,
    { key, requestId }: Origin,
  ): void {
    const { message, ...about } = detail;
    const { by, reason } = decider;
    const messages = [message, `${by} decided. Reason: ${reason}`];
    const rest = { outcome: kind, success: true, key, requestId, origin: 'operator', before: null, after: null };
    audit.append(now().toISOString(), kind, account, { ...about, ...rest, messages, by, reason });
  }

  return {
    accept: (reference, shown, decider, origin) =>
      write(() => {
        const held = byReference(reference);
        if (held?.deletedAt !== null) throw new AppError('not-found', 'There is no living account with this reference');
        const { account, delivered } = held;
        const key = waitingKey(held, rules);
        if (!key || !delivered)
          throw new AppError('conflict', `No changed username or number of [${reference}] waits to be accepted`);
        if (rules.usernameChange === 'freeze')
          throw new AppError(
            'conflict',
            'accounts.username in connector.json is "freeze": the files keep what was delivered',
          );
        if (shown !== null && shown !== account[key])
          throw new AppError(
            'conflict',
            `Another changed username or number of [${reference}] waits by now than the one that was to be accepted; look again`,
          );
        setAccepted.run(held.id);
        const message = `The ${key} in the files may change from [${delivered[key]}] to [${account[key]}]`;
        record('accept-username', held.id, { reference, externalId: account.externalId, message }, decider, origin);
      }),
    pending: async () =>
      rules.usernameChange === 'confirm' ? waiting.all({ usernameChange: rules.usernameChange }) : [],
    allow: (username, externalId, decider, origin) =>
      write(() => {
        addAllowed.run(keyForm(username), visibleForm(externalId), now().toISOString());
        const message = `The username [${username}] may be given to number [${externalId}]`;
        record('allow-username', null, { reference: null, externalId, message }, decider, origin);
      }),
  };
}
