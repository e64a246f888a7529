import { caseless, type Account, type Wanted } from '../domain/account.ts';
import type { CorrelationField } from '../domain/decide-create.ts';
import type { Claim, Situation } from '../domain/decision.ts';
import type { ErasureKey } from './erasure-key.ts';
import type { Connection } from './open.ts';
import { emailKey, nobody, storedAccount, type AccountRow, type RoleRow, type StoredAccount } from './rows.ts';

/** Which account a change is about, and which values it wants for it. */
export interface Target {
  /** The account that HelloID names; absent in create. */
  reference?: string | null;
  /** How create looks for an account that is there already. */
  correlation?: { field: CorrelationField; value: string } | null;
  wanted?: Wanted;
  /** A reference of another making that a new account is to get. */
  newReference?: string | null;
}

/** Everything a decision may know, read in one go; `held` is the account itself with its internal id. */
export interface LoadedSituation extends Situation {
  held?: StoredAccount | undefined;
  correlated: StoredAccount[];
  sameNumber?: StoredAccount | undefined;
  deleted?: StoredAccount | undefined;
}

export interface Situations {
  load(target: Target): LoadedSituation;
  /** Who else holds, or once held, the wanted values. */
  claims(reference: string | null, wanted: Wanted): Claim[];
  /** Any account, deleted ones too. */
  byReference(reference: string): StoredAccount | undefined;
  rolesOf(account: number): RoleRow[];
}

/** Prepares the look-ups on one connection: the writing one inside a change, the reading one for previews. */
export function situations(db: Connection, { digestOf }: Pick<ErasureKey, 'digestOf'>): Situations {
  const one = (where: string) => db.prepare<[string], AccountRow>(`SELECT * FROM accounts WHERE ${where}`);
  const anyByReference = one('reference = ?');
  const livingByExternalId = one('external_id = ? AND deleted_at IS NULL');
  const lastDeleted = one('external_id = ? AND deleted_at IS NOT NULL ORDER BY deleted_at DESC, id LIMIT 1');
  const livingByUsername = one('username_key = ? AND deleted_at IS NULL');
  const livingByDelivered = one('delivered_key = ? AND deleted_at IS NULL');
  const livingByEmail = one('email_key = ? AND deleted_at IS NULL');
  const roles = db.prepare<[number], RoleRow>('SELECT * FROM roles WHERE account = ?');
  const referenceTaken = db.prepare<[string], 1>('SELECT 1 FROM accounts WHERE reference = ?').pluck();
  const deliveredBefore = db.prepare<[string], { id: number; reference: string | null }>(
    `SELECT delivered.account AS id, reference FROM delivered_usernames AS delivered
     LEFT JOIN accounts ON accounts.id = delivered.account WHERE delivered.username_key = ? AND delivered.account <> ${nobody}`,
  );
  // without anything to compare with, no digest and so no key is needed
  const anyErased = db.prepare<[], 1>('SELECT 1 FROM erased_usernames LIMIT 1').pluck();
  const erased = db
    .prepare<{ username: string; number: string }, 1>(
      `SELECT 1 FROM erased_usernames WHERE username_digest = @username
         AND NOT EXISTS (SELECT 1 FROM erased_usernames WHERE username_digest = @username AND number_digest = @number)
       LIMIT 1`,
    )
    .pluck();
  const anyReferenceErased = db.prepare<[], 1>('SELECT 1 FROM erased_references LIMIT 1').pluck();
  const referenceErased = db.prepare<[string], 1>('SELECT 1 FROM erased_references WHERE digest = ?').pluck();
  const allowed = db
    .prepare<[string, string], 1>('SELECT 1 FROM allowed_usernames WHERE username_key = ? AND external_id = ?')
    .pluck();

  function load({ reference, correlation, wanted, newReference }: Target): LoadedSituation {
    const held = reference ? living(byReference(reference)) : undefined;
    const externalId = wanted?.externalId ?? undefined;
    const creating = reference === undefined && externalId !== undefined;
    const deleted = creating ? stored(lastDeleted.get(externalId)) : undefined;
    const sameNumber = creating ? stored(livingByExternalId.get(externalId)) : undefined;
    const self = held?.id ?? deleted?.id;
    return {
      held,
      delivered: held?.delivered?.username,
      rolesTakenOver: held?.rolesTakenOver ?? false,
      correlated: correlation ? correlated(correlation) : [],
      sameNumber,
      deleted,
      untouched: isUntouched(sameNumber ?? deleted),
      referenceHolder: newReference ? byReference(newReference) : undefined,
      claims: wanted ? claimsOn(wanted, self, held?.account) : [],
      freeReference: creating ? freeReference(externalId) : '',
    };
  }

  function claims(reference: string | null, wanted: Wanted): Claim[] {
    const externalId = wanted.externalId ?? '';
    const self =
      (reference === null ? undefined : byReference(reference)) ??
      stored(livingByExternalId.get(externalId) ?? lastDeleted.get(externalId));
    return claimsOn(wanted, self?.id, self?.account);
  }

  function correlated({ field, value }: { field: CorrelationField; value: string }): StoredAccount[] {
    if (field === 'externalId') return all(livingByExternalId.all(value));
    if (field === 'email') return all(livingByEmail.all(emailKey(value) ?? ''));
    return all([...livingByUsername.all(caseless(value)), ...livingByDelivered.all(caseless(value))]);
  }

  function claimsOn(
    { externalId, username, email }: Wanted,
    self: number | undefined,
    held: Pick<Account, 'externalId' | 'username'> | undefined,
  ): Claim[] {
    const claims: Claim[] = [];
    const add = (field: Claim['field'], by: Claim['by'], rows: { id: number; reference: string | null }[]) => {
      for (const row of rows) {
        if (row.id === self || claims.some((claim) => claim.field === field && claim.holder === row.reference))
          continue;
        claims.push({ field, by, holder: row.reference ?? 'a person erased since' });
      }
    };
    if (externalId) add('externalId', 'living', livingByExternalId.all(externalId));
    if (username) {
      const key = caseless(username);
      add('username', 'living', [...livingByUsername.all(key), ...livingByDelivered.all(key)]);
      const number = externalId ?? held?.externalId;
      if (!number || allowed.get(key, number) === undefined) {
        add('username', 'delivered-before', deliveredBefore.all(key));
        if (username !== held?.username && wasErasedPersons(key, number))
          add('username', 'delivered-before', [{ id: -1, reference: null }]);
      }
    }
    const address = emailKey(email);
    if (address !== null) add('email', 'living', livingByEmail.all(address));
    return claims;
  }

  /** Whether Spend Cloud knew somebody by this name who was erased since; the same number may have its name again. */
  function wasErasedPersons(key: string, number: string | undefined): boolean {
    if (anyErased.get() === undefined) return false;
    return erased.get({ username: digestOf(key), number: digestOf(number ?? '') }) !== undefined;
  }

  function freeReference(externalId: string): string {
    const first = `SC-${externalId}`;
    if (isFree(first)) return first;
    for (let number = 2; ; number += 1) {
      const next = `${first}.${number}`;
      if (isFree(next)) return next;
    }
  }

  /** HelloID may still hold the reference of somebody who was erased, and must not reach another account with it. */
  function isFree(reference: string): boolean {
    if (referenceTaken.get(reference) !== undefined) return false;
    return anyReferenceErased.get() === undefined || referenceErased.get(digestOf(reference)) === undefined;
  }

  function byReference(reference: string): StoredAccount | undefined {
    return stored(anyByReference.get(reference));
  }

  function rolesOf(account: number): RoleRow[] {
    return roles.all(account);
  }

  function stored(row: AccountRow | undefined): StoredAccount | undefined {
    return row && storedAccount(row, rolesOf(row.id));
  }

  function all(rows: AccountRow[]): StoredAccount[] {
    const distinct = new Map(rows.map((row) => [row.id, row]));
    return [...distinct.values()].map((row) => storedAccount(row, rolesOf(row.id)));
  }

  return { load, claims, byReference, rolesOf };
}

/** A file that a run delivered counts as touched; run 0 is what was taken over. */
function isUntouched(account: StoredAccount | undefined): boolean {
  return account?.touchedAt === account?.createdAt && !account?.delivered?.run;
}

function living(account: StoredAccount | undefined): StoredAccount | undefined {
  return account?.deletedAt === null ? account : undefined;
}
