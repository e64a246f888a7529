import { visibleForm } from '../domain/key-form.ts';
import type { NamedNumbers, OtherNumber } from '../domain/leaver.ts';
import type { Connection } from './open.ts';
import type { AccountRow, StoredAccount } from './rows.ts';

/** Numbers that an account had before the present one, or was called for before. */
export type FormerKind = 'external-id' | 'called-for';

export interface LeaverLookUps {
  /** The number by which a request shows that it is not about this account; undefined for its own, one never seen, or none. */
  otherNumber(held: StoredAccount, named: NamedNumbers): OtherNumber | undefined;
  /** The one living account of the person who is named. */
  here(named: NamedNumbers): AccountRow | undefined;
}

export function leaverLookUps(db: Connection): LeaverLookUps {
  const byNumber = db.prepare<[string], AccountRow>(
    'SELECT * FROM accounts WHERE external_id_key = ? AND deleted_at IS NULL',
  );
  const byPerson = db.prepare<[string], AccountRow>(
    'SELECT * FROM accounts WHERE called_for = ? AND deleted_at IS NULL LIMIT 2',
  );
  // taken over, or from before this was remembered: no person was named for it yet
  const neverCalled = db.prepare<[string], AccountRow>(
    'SELECT * FROM accounts WHERE external_id_key = ? AND deleted_at IS NULL AND called_for IS NULL',
  );
  const former = db
    .prepare<[number, FormerKind, string], 1>(
      'SELECT 1 FROM former_numbers WHERE account = ? AND kind = ? AND number = ?',
    )
    .pluck();

  function otherNumber(held: StoredAccount, { number, person }: NamedNumbers): OtherNumber | undefined {
    const own = held.account.externalId;
    const key = number && visibleForm(number);
    const byData =
      key && key !== visibleForm(own) ? other(held.id, key, byNumber.all(key), 'external-id', own) : undefined;
    if (byData) return byData;
    const { calledFor } = held;
    if (!person || calledFor === null || calledFor === person) return undefined;
    return other(held.id, person, byPerson.all(person), 'called-for', calledFor);
  }

  function other(
    id: number,
    named: string,
    holders: AccountRow[],
    kind: FormerKind,
    own: string,
  ): OtherNumber | undefined {
    const holder = holders.find((row) => row.id !== id);
    if (holder) return { named, own, holder: holder.reference };
    return former.get(id, kind, named) === undefined ? undefined : { named, own, holder: null };
  }

  function here({ number, person }: NamedNumbers): AccountRow | undefined {
    const byData = number ? byNumber.get(visibleForm(number)) : undefined;
    if (byData || !person) return byData;
    const called = byPerson.all(person);
    return called.length === 0 ? neverCalled.get(person) : called.length === 1 ? called[0] : undefined;
  }

  return { otherNumber, here };
}
