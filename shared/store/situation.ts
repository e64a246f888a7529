import type { Account, Wanted } from '../domain/account.ts';
import type { CorrelationField } from '../domain/decide-create.ts';
import type { Claim, Situation } from '../domain/decision.ts';
import { keyForm, visibleForm } from '../domain/key-form.ts';
import type { KeyRules } from '../domain/keys-in-files.ts';
import type { NamedNumbers } from '../domain/leaver.ts';
import type { ErasureKey } from './erasure-key.ts';
import type { Connection } from './open.ts';
import { formerSelves } from './former-self.ts';
import { leaverLookUps } from './leaver-look-ups.ts';
import { emailKey, nobody, storedAccount, type AccountRow, type RoleRow, type StoredAccount } from './rows.ts';

/** Which account a change is about, and which values it wants for it. */
export interface Target {
  /** The account that HelloID names; absent in create. */
  reference?: string | null;
  /** How create looks for an account that is there already. */
  correlation?: { field: CorrelationField; value: string } | null;
  wanted?: Wanted;
  /** `Person.ExternalId` of the request, to be remembered once the account got something. */
  calledFor?: string | null;
  /** By which numbers somebody is named who loses something; compared, never remembered. */
  leaver?: NamedNumbers;
  /** A reference of another making that a new account is to get. */
  newReference?: string | null;
}

/** Everything a decision may know, read in one go; `held` is the account itself with its internal id. */
export interface LoadedSituation extends Situation {
  held?: StoredAccount | undefined;
  correlated: StoredAccount[];
  sameNumber?: StoredAccount | undefined;
  deleted?: StoredAccount | undefined;
  leaverHere?: StoredAccount | undefined;
}

/** What a number means at the far side. */
export interface NumberRules {
  personKey: KeyRules['personKey'];
  /** Whether the files hold numbers at all. */
  inFiles: boolean;
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
export function situations(
  db: Connection,
  { digestOf }: Pick<ErasureKey, 'digestOf'>,
  numbers: NumberRules = { personKey: 'gebruikersnaam', inFiles: false },
): Situations {
  const one = (where: string) => db.prepare<[string], AccountRow>(`SELECT * FROM accounts WHERE ${where}`);
  const anyByReference = one('reference = ?');
  const livingByNumberKey = one('external_id_key = ? AND deleted_at IS NULL');
  const deletedByNumberKey = one(
    'external_id_key = ? AND deleted_at IS NOT NULL AND renewed_at IS NULL ORDER BY deleted_at DESC, id',
  );
  const livingByUsername = one('username_key = ? AND deleted_at IS NULL');
  const livingByDelivered = one('delivered_key = ? AND deleted_at IS NULL');
  const livingByEmail = one('email_key = ? AND deleted_at IS NULL');
  const roles = db.prepare<[number], RoleRow>('SELECT * FROM roles WHERE account = ?');
  const referenceTaken = db.prepare<[string], 1>('SELECT 1 FROM accounts WHERE reference = ?').pluck();
  const deliveredBefore = db.prepare<[string], { id: number; reference: string | null }>(
    `SELECT delivered.account AS id, reference FROM delivered_usernames AS delivered
     LEFT JOIN accounts ON accounts.id = delivered.account WHERE delivered.username_key = ? AND delivered.account <> ${nobody}`,
  );
  const numberDelivered = db.prepare<[string], NumberDelivered>(
    `SELECT id, reference, deleted_at IS NULL AND external_id_key <> number_key AND delivered_external_id IS NOT NULL AS moved,
       delivered_external_id AS last
     FROM delivered_numbers JOIN accounts ON accounts.id = delivered_numbers.account
     WHERE number_key = ? AND (renewed_at IS NULL OR external_id_key <> number_key)`,
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
  const erasedNumber = db
    .prepare<{ username: string; number: string }, 1>(
      `SELECT 1 FROM erased_usernames WHERE number_digest = @number
         AND NOT EXISTS (SELECT 1 FROM erased_usernames WHERE username_digest = @username AND number_digest = @number)
       LIMIT 1`,
    )
    .pluck();
  const anyReferenceErased = db.prepare<[], 1>('SELECT 1 FROM erased_references LIMIT 1').pluck();
  const referenceErased = db.prepare<[string], 1>('SELECT 1 FROM erased_references WHERE digest = ?').pluck();
  const allowed = db
    .prepare<[string, string], 1>('SELECT 1 FROM allowed_usernames WHERE username_key = ? AND external_id = ?')
    .pluck();
  const leavers = leaverLookUps(db);
  const formerSelf = formerSelves(db);

  function load({ reference, correlation, wanted, newReference, leaver }: Target): LoadedSituation {
    const known = reference ? byReference(reference) : undefined;
    const held = living(known);
    const externalId = wanted?.externalId ?? undefined;
    const creating = reference === undefined && externalId !== undefined;
    const deleted = creating ? stored(lastDeleted(externalId)) : undefined;
    const sameNumber = creating ? stored(livingByNumber(externalId)[0]) : undefined;
    const self = held?.id ?? deleted?.id;
    return {
      held,
      delivered: held?.delivered?.username,
      rolesTakenOver: held?.rolesTakenOver ?? false,
      correlated: correlation ? correlated(correlation) : [],
      sameNumber,
      deleted,
      untouched: isUntouched(sameNumber ?? deleted),
      former: deleted && formerSelf(deleted),
      otherNumber: held && leaver && leavers.otherNumber(held, leaver),
      leaverHere: reference && leaver && !known && isFree(reference) ? stored(leavers.here(leaver)) : undefined,
      referenceHolder: newReference ? byReference(newReference) : undefined,
      claims: wanted ? claimsOn(wanted, self, held?.account) : [],
      freeReference: creating ? freeReference(externalId) : '',
    };
  }

  function claims(reference: string | null, wanted: Wanted): Claim[] {
    const externalId = wanted.externalId ?? '';
    const self =
      (reference === null ? undefined : byReference(reference)) ??
      stored(livingByNumber(externalId)[0] ?? lastDeleted(externalId));
    return claimsOn(wanted, self?.id, self?.account);
  }

  function correlated({ field, value }: { field: CorrelationField; value: string }): StoredAccount[] {
    if (field === 'externalId') return all(livingByNumber(value));
    if (field === 'email') return all(livingByEmail.all(emailKey(value) ?? ''));
    return all([...livingByUsername.all(keyForm(value)), ...livingByDelivered.all(keyForm(value))]);
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
    if (externalId) {
      const key = visibleForm(externalId);
      add('externalId', 'living', livingByNumberKey.all(key));
      const delivered = numberDelivered.all(key);
      if (numbers.inFiles)
        add(
          'externalId',
          'in-files',
          delivered.filter((row) => isInFiles(row, key)),
        );
      const name = keyForm(username ?? held?.username ?? '');
      if (numbers.personKey === 'externalId' && allowed.get(name, key) === undefined) {
        add('externalId', 'delivered-before', delivered);
        if (externalId !== held?.externalId && wasErased(erasedNumber, name, key))
          add('externalId', 'delivered-before', [{ id: -1, reference: null }]);
      }
    }
    if (username) {
      const key = keyForm(username);
      add('username', 'living', [...livingByUsername.all(key), ...livingByDelivered.all(key)]);
      const number = externalId ?? held?.externalId;
      if (!number || allowed.get(key, visibleForm(number)) === undefined) {
        add('username', 'delivered-before', deliveredBefore.all(key));
        if (username !== held?.username && wasErased(erased, key, number))
          add('username', 'delivered-before', [{ id: -1, reference: null }]);
      }
    }
    const address = emailKey(email);
    if (address !== null) add('email', 'living', livingByEmail.all(address));
    return claims;
  }

  /** Whether Spend Cloud knew somebody by this name, or number, who was erased since; both together may come back. */
  function wasErased(query: typeof erased, key: string, number: string | undefined): boolean {
    if (anyErased.get() === undefined) return false;
    return query.get({ username: digestOf(key), number: digestOf(number ?? '') }) !== undefined;
  }

  /** Of accounts from before numbers were compared as they are seen, the one that has it to the letter. */
  function livingByNumber(externalId: string): AccountRow[] {
    return toTheLetter(livingByNumberKey.all(visibleForm(externalId)), externalId);
  }

  function lastDeleted(externalId: string): AccountRow | undefined {
    return toTheLetter(deletedByNumberKey.all(visibleForm(externalId)), externalId)[0];
  }

  function freeReference(externalId: string): string {
    const first = `SC-${visibleForm(externalId)}`;
    if (isFree(first)) return first;
    for (let number = 2; ; number += 1) {
      const next = `${first}.${number}`;
      if (isFree(next)) return next;
    }
  }

  /** Nobody has or had it. HelloID may still hold the reference of somebody who was erased, and must not reach another account with it. */
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

interface NumberDelivered {
  id: number;
  reference: string;
  /** 1 for a living account that has another number by now. */
  moved: 0 | 1;
  /** The number it was delivered with last. */
  last: string | null;
}

/** Whether the files of the last delivery give a number to an account that has another one by now. */
function isInFiles({ moved, last }: NumberDelivered, key: string): boolean {
  return moved === 1 && visibleForm(last ?? '') === key;
}

function toTheLetter(rows: AccountRow[], externalId: string): AccountRow[] {
  const exact = rows.filter((row) => row.external_id === externalId);
  return exact.length > 0 ? exact : rows;
}

function living(account: StoredAccount | undefined): StoredAccount | undefined {
  return account?.deletedAt === null ? account : undefined;
}
