import { randomInt } from 'node:crypto';
import { roleKey, type Holding, type Role, type Wanted } from '../domain/account.ts';
import type { AuditKind } from '../domain/audit.ts';
import type { Claim, Decision, Situation } from '../domain/decision.ts';
import { visibleForm } from '../domain/key-form.ts';
import type { Decider } from '../domain/run.ts';
import type { AuditEntry, AuditTrail } from './audit.ts';
import { accountList, type AccountPage, type AccountQuery } from './account-list.ts';
import type { OpenDatabase } from './open.ts';
import { accountColumns, roleColumns, type RoleRow, type StoredAccount } from './rows.ts';
import type { FormerKind } from './leaver-look-ups.ts';
import { takenOverRoles } from './taken-over-roles.ts';
import { unsaidContracts } from './unsaid-contracts.ts';
import { situations, type LoadedSituation, type NumberRules, type Target } from './situation.ts';
import type { Write } from './writer.ts';

/** Who asks for a change and why; goes into the audit entry. */
export interface Caller {
  /** The route's name, which is the entry's kind: `create`, `update` … */
  action: AuditKind;
  key: string;
  origin: string | null;
  requestId: string | null;
  /** The person behind an operator's call. */
  decider?: Decider;
}

export interface AccountStore {
  /** Loads, decides, writes and records in one transaction; a preview (`dryRun`) only loads and decides. */
  change<Decided extends Decision>(
    target: Target,
    caller: Caller & { dryRun: boolean },
    decide: (situation: Situation) => Decided,
  ): Promise<Decided>;
  /** One account by its reference, deleted ones too. */
  find(reference: string): Promise<StoredAccount | undefined>;
  history(account: number, limit: number): Promise<AuditEntry[]>;
  list(query: AccountQuery): Promise<AccountPage>;
  /** Who else holds, or once held, the wanted values. One's own account is that of the reference, or without one that of the external id, a deleted one too. */
  claims(reference: string | null, wanted: Wanted): Promise<Claim[]>;
  /** Living accounts and enabled ones. */
  count(): Promise<{ living: number; enabled: number }>;
  /** Whether any account was ever made: before that an empty dump is no news. */
  everCreated(): Promise<boolean>;
}

/** Accounts, roles and their events in SQLite. */
export function accountStore(
  database: OpenDatabase,
  write: Write,
  audit: AuditTrail,
  now: () => Date,
  numbers?: NumberRules,
): AccountStore {
  const { writing, reading, erasureKey } = database;
  const inChange = situations(writing, erasureKey, numbers);
  const committed = situations(reading, erasureKey, numbers);
  const list = accountList(reading, committed);
  const takenOver = takenOverRoles(writing);
  const unsaid = unsaidContracts(writing);

  const insert = writing.prepare(
    `INSERT INTO accounts (id, reference, external_id, external_id_key, username, username_key, email, email_key, first_name, prefix, last_name, gender, extra, enabled,
       inactive_at, search_text, created_at, changed_at, touched_at)
     VALUES (@id, @reference, @external_id, @external_id_key, @username, @username_key, @email, @email_key, @first_name, @prefix, @last_name, @gender, @extra, @enabled,
       CASE WHEN @enabled = 0 THEN @at END, @search_text, @at, @at, @at)`,
  );
  const save = writing.prepare(
    `UPDATE accounts SET external_id = @external_id, external_id_key = @external_id_key, username = @username,
       username_key = iif(username = @username, username_key, @username_key), email = @email, email_key = @email_key, first_name = @first_name, prefix = @prefix, last_name = @last_name, gender = @gender, extra = @extra, enabled = @enabled,
       inactive_at = CASE WHEN @enabled = 0 THEN coalesce(inactive_at, @at) END, search_text = @search_text, changed_at = @at, touched_at = @at, deleted_at = NULL, reduced_at = NULL
     WHERE id = @id`,
  );
  const closeTakenOver = writing.prepare(
    `UPDATE accounts SET deleted_at = @at, inactive_at = @at, delivered_username = username, delivered_key = username_key,
       delivered_external_id = external_id, delivered_at = @at, delivered_run = 0
     WHERE id = @id`,
  );
  const addDelivered = writing.prepare(
    'INSERT INTO delivered_usernames (username_key, account, username, delivered_at) SELECT username_key, id, username, @at FROM accounts WHERE id = @id',
  );
  const addDeliveredNumber = writing.prepare(
    'INSERT INTO delivered_numbers (number_key, account, delivered_at) SELECT external_id_key, id, @at FROM accounts WHERE id = @id',
  );
  const setIncomplete = writing.prepare(
    'UPDATE accounts SET incomplete_contracts = @contracts WHERE id = @id AND incomplete_contracts <> @contracts',
  );
  const remove = writing.prepare(
    'UPDATE accounts SET deleted_at = @at, inactive_at = coalesce(inactive_at, @at), changed_at = @at, touched_at = @at WHERE id = @id',
  );
  const setCalledFor = writing.prepare('UPDATE accounts SET called_for = ? WHERE id = ?');
  const addFormer = writing.prepare<[number, FormerKind, string, string]>(
    `INSERT INTO former_numbers (account, kind, number, last_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET last_at = excluded.last_at`,
  );
  const touch = writing.prepare('UPDATE accounts SET touched_at = @at WHERE id = @id');
  const idTaken = writing.prepare<[number], 1>('SELECT 1 FROM accounts WHERE id = ?').pluck();
  const clearRoles = writing.prepare('DELETE FROM roles WHERE account = ?');
  const dropRole = writing.prepare(
    'DELETE FROM roles WHERE account = @account AND owner = @owner AND permission = @permission AND contract = @contract',
  );
  const putRole = writing.prepare(
    `INSERT INTO roles (account, owner, permission, contract, unit, unit_code, profile, profile_code, start_date, end_date)
     VALUES (@account, @owner, @permission, @contract, @unit, @unit_code, @profile, @profile_code, @start_date, @end_date)
     ON CONFLICT DO UPDATE SET unit = @unit, unit_code = @unit_code, profile = @profile, profile_code = @profile_code,
       start_date = @start_date, end_date = @end_date`,
  );
  const livingCount = reading.prepare<[], { living: number; enabled: number }>(
    'SELECT count(*) AS living, coalesce(sum(enabled), 0) AS enabled FROM accounts NOT INDEXED WHERE deleted_at IS NULL',
  );
  const any = reading
    .prepare<[], 1>('SELECT 1 FROM accounts UNION ALL SELECT 1 FROM erased_references LIMIT 1')
    .pluck();

  async function change<Decided extends Decision>(
    target: Target,
    caller: Caller & { dryRun: boolean },
    decide: (situation: Situation) => Decided,
  ): Promise<Decided> {
    if (caller.dryRun) return decide(committed.load(target));
    return write(() => {
      const situation = inChange.load(target);
      const decision = decide(situation);
      const at = now().toISOString();
      const id = apply(situation, decision, at);
      if (id !== null && decision.success) rememberNumbers(id, situation, target, decision, at);
      if (id !== null && decision.contracts) unsaid.remember(id, decision.contracts, at);
      if (id !== null && decision.withoutRole)
        setIncomplete.run({ id, contracts: JSON.stringify(decision.withoutRole) });
      const isElsewhere = decision.kind === 'unknown-leaver';
      record(isElsewhere ? (situation.leaverHere?.id ?? null) : id, target, caller, decision);
      return decision;
    });
  }

  /** Writes what was decided; gives the internal id of the account it was about. */
  function apply(situation: LoadedSituation, decision: Decision, at: string): number | null {
    const { write: what, reference, after, codes } = decision;
    const known = knownAccount(situation, reference);
    if (what === 'insert' && after) {
      const id = newId();
      insert.run({ ...accountColumns(after.account), id, at });
      for (const role of after.roles) putRole.run(roleColumns(id, role));
      if (decision.kind === 'imported') takenOver.begin(id, at);
      return id;
    }
    if (what === 'insert-deleted' && after) {
      const id = newId();
      insert.run({ ...accountColumns(after.account), id, at });
      closeTakenOver.run({ id, at });
      addDelivered.run({ id, at });
      addDeliveredNumber.run({ id, at });
      return id;
    }
    if (!known) return null;
    if (what === 'nothing') touch.run({ id: known.id, at });
    if (what === 'delete') {
      remove.run({ id: known.id, at });
      clearRoles.run(known.id);
    }
    if ((what === 'save' || what === 'revive') && after) {
      save.run({ ...accountColumns(after.account), id: known.id, at });
      replaceRoles(known.id, known.roles, after.roles);
    }
    if (known.rolesTakenOver && (codes || what === 'delete' || what === 'revive')) takenOver.end(known.id, at, codes);
    return known.id;
  }

  /** Which numbers an account had or was called for: a leaver who is named by one of them is somebody else. */
  function rememberNumbers(
    id: number,
    situation: LoadedSituation,
    { calledFor }: Target,
    { reference, before, after }: Decision,
    at: string,
  ): void {
    const [had, has] = [before, after].map((holding) => holding && visibleForm(holding.account.externalId));
    if (had && has && had !== has) addFormer.run(id, 'external-id', had, at);
    const earlier = knownAccount(situation, reference)?.calledFor ?? null;
    if (!calledFor || calledFor === earlier) return;
    if (earlier !== null) addFormer.run(id, 'called-for', earlier, at);
    setCalledFor.run(calledFor, id);
  }

  function replaceRoles(account: number, before: readonly Role[], after: readonly Role[]): void {
    const kept = new Set(after.map(roleKey));
    for (const role of before) if (!kept.has(roleKey(role))) dropRole.run(roleColumns(account, role));
    for (const role of after) putRole.run(roleColumns(account, role));
  }

  function record(id: number | null, target: Target, caller: Caller, decision: Decision): void {
    const { before, after, write: what, logs } = decision;
    const { action, key, origin, requestId, decider } = caller;
    const about = after ?? before;
    audit.append(now().toISOString(), action, id, {
      outcome: decision.kind,
      success: decision.success,
      reference: decision.reference ?? target.reference ?? null,
      externalId: about?.account.externalId ?? target.wanted?.externalId ?? target.leaver?.number ?? null,
      key,
      origin,
      requestId,
      before: what === 'nothing' ? null : forRecord(before),
      after: what === 'nothing' ? null : forRecord(after),
      messages: [
        ...logs.map((line) => line.message),
        ...(decider ? [`${decider.by} decided. Reason: ${decider.reason}`] : []),
      ],
      ...(decider && { by: decider.by, reason: decider.reason }),
    });
  }

  function newId(): number {
    for (;;) {
      const id = randomInt(1, 2 ** 47);
      if (idTaken.get(id) === undefined) return id;
    }
  }

  return {
    change,
    find: async (reference) => committed.byReference(reference),
    history: async (account, limit) => audit.history(account, limit),
    list: async (query) => list(query, now()),
    claims: async (reference, wanted) => committed.claims(reference, wanted),
    count: async () => livingCount.get() ?? { living: 0, enabled: 0 },
    everCreated: async () => any.get() !== undefined,
  };
}

function knownAccount(
  { held, correlated, sameNumber, deleted }: LoadedSituation,
  reference: string | null,
): StoredAccount | undefined {
  return [held, ...correlated, sameNumber, deleted].find((account) => account?.account.reference === reference);
}

/** Only the holding: what the store knows beside it has no place in the trail. */
function forRecord(holding: Holding | null): Holding | null {
  return holding && { account: holding.account, roles: holding.roles };
}

export type { AccountPage, AccountQuery, RoleRow, StoredAccount };
