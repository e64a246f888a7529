import { visibleForm } from '../domain/key-form.ts';
import type { Decider, FreshFinding } from '../domain/run.ts';
import { AppError } from '../errors.ts';
import type { AuditTrail } from './audit.ts';
import type { OpenDatabase } from './open.ts';
import type { Origin } from './usernames.ts';
import type { Write } from './writer.ts';

/** Numbers that change hands. */
export interface NumberStore {
  /**
   * Gives the number of deleted accounts free: the next create makes a new account, and the deleted ones stay closed. Gives their references.
   * Throws `not-found` where no deleted account has it, `conflict` where a living one has or it was done before.
   */
  renew(externalId: string, decider: Decider, origin: Origin): Promise<string[]>;
  /** Who may keep access although HelloID said otherwise, and accounts that are used for two people. */
  findings(): FreshFinding[];
}

interface DeletedRow {
  id: number;
  reference: string;
  renewed: 0 | 1;
}

interface LeaverRow {
  leaver: 'unknown-leaver' | 'other-number';
  reference: string;
  externalId: string;
  at: string;
}

const leaverMessages = {
  'unknown-leaver': ({ reference, externalId }: LeaverRow) =>
    `HelloID wanted to take something by a reference that is not known here, while number [${externalId}] has [${reference}], which stays in the files; ` +
    'if this person has left, disable or delete the account here',
  'other-number': ({ reference, externalId }: LeaverRow) =>
    `HelloID wanted to take something from [${reference}] for a number that is not [${externalId}], so nothing was changed; ` +
    'unmanage the account of that other number in HelloID, or disable or delete this one here',
};

// Two people who share an account are told apart by HelloID's calls in turn; a number that was corrected once is history after this.
const sharedDays = 30;

export function numberStore(
  { writing, reading }: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  now: () => Date,
): NumberStore {
  const living = writing
    .prepare<[string], string>('SELECT reference FROM accounts WHERE external_id_key = ? AND deleted_at IS NULL')
    .pluck();
  const deleted = writing.prepare<[string], DeletedRow>(
    `SELECT id, reference, renewed_at IS NOT NULL AS renewed FROM accounts
     WHERE external_id_key = ? AND deleted_at IS NOT NULL ORDER BY deleted_at DESC, id`,
  );
  const setRenewed = writing.prepare('UPDATE accounts SET renewed_at = ?, changed_at = ? WHERE id = ?');
  const leavers = reading.prepare<[], LeaverRow>(
    `SELECT leaver, reference, externalId, max(at) AS at FROM (
       SELECT audit_detail.leaver, accounts.reference, accounts.external_id AS externalId, audit.at
       FROM audit_detail JOIN audit USING (entry) JOIN accounts ON accounts.id = audit.account
       WHERE audit_detail.leaver IS NOT NULL AND deleted_at IS NULL AND enabled = 1 AND touched_at <= audit.at)
     GROUP BY leaver, reference ORDER BY at DESC, reference`,
  );
  const shared = reading.prepare<[string], { reference: string; present: string; other: string }>(
    `SELECT reference, former.number AS present,
       (SELECT number FROM former_numbers AS other WHERE other.account = former.account AND other.kind = former.kind
          AND other.number <> former.number ORDER BY last_at DESC LIMIT 1) AS other
     FROM former_numbers AS former JOIN accounts ON accounts.id = former.account
     WHERE former.last_at > ? AND deleted_at IS NULL AND enabled = 1
       AND former.number = iif(former.kind = 'called-for', called_for, external_id_key)
     ORDER BY reference`,
  );

  function renew(externalId: string, { by, reason }: Decider, { key, requestId }: Origin): string[] {
    const number = visibleForm(externalId);
    const holder = living.get(number);
    if (holder !== undefined)
      throw new AppError(
        'conflict',
        `Number [${externalId}] has a living account, [${holder}]; there is nothing to give free`,
      );
    const former = deleted.all(number);
    if (former.length === 0) throw new AppError('not-found', 'There is no deleted account with this number');
    const closed = former.filter(({ renewed }) => renewed === 0);
    if (closed.length === 0)
      throw new AppError('conflict', `Number [${externalId}] was given free before; let HelloID create the person`);
    const at = now().toISOString();
    for (const { id, reference } of closed) {
      setRenewed.run(at, at, id);
      const message = `Number [${externalId}] may make a new account; [${reference}] stays closed`;
      audit.append(at, 'renew-account', id, {
        ...{ outcome: 'renew-account', success: true, reference, externalId, key, requestId, origin: 'operator' },
        ...{ before: null, after: null, messages: [message, `${by} decided. Reason: ${reason}`], by, reason },
      });
    }
    return closed.map(({ reference }) => reference);
  }

  function findings(): FreshFinding[] {
    const since = new Date(now().getTime() - sharedDays * 86_400_000).toISOString();
    return [
      ...leavers
        .all()
        .map((row) => ({ code: row.leaver, reference: row.reference, message: leaverMessages[row.leaver](row) })),
      ...shared.all(since).map(({ reference, present, other }) => ({
        code: 'shared-account' as const,
        reference,
        message: `HelloID calls for numbers [${present}] and [${other}] in turn: two people share this account; correct the correlation of one of them`,
      })),
    ];
  }

  return { renew: (externalId, decider, origin) => write(() => renew(externalId, decider, origin)), findings };
}
