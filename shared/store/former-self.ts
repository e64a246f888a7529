import type { FormerSelf } from '../domain/revival.ts';
import type { Connection } from './open.ts';
import type { StoredAccount } from './rows.ts';

interface NamesRow {
  username: string | null;
  firstName: string | null;
  lastName: string | null;
}

/** Looks up everything that an account was ever called: what is stored of it, what was delivered, and what the trail says. */
export function formerSelves(db: Connection): (deleted: StoredAccount) => FormerSelf {
  const namesOf = (holding: 'before' | 'after') =>
    `SELECT detail ->> '$.${holding}.account.username' AS username, detail ->> '$.${holding}.account.firstName' AS firstName,
       detail ->> '$.${holding}.account.lastName' AS lastName
     FROM audit JOIN audit_detail USING (entry) WHERE account = @account AND json_valid(detail)`;
  const inTrail = db.prepare<{ account: number }, NamesRow>(`${namesOf('before')} UNION ${namesOf('after')}`);
  const delivered = db
    .prepare<[number], string>('SELECT username_key FROM delivered_usernames WHERE account = ?')
    .pluck();
  return ({ id, account, delivered: last }) => {
    const all: NamesRow[] = [account, ...inTrail.all({ account: id })];
    return {
      usernames: [...all.map(({ username }) => username), last?.username ?? null, ...delivered.all(id)],
      firstNames: all.map(({ firstName }) => firstName),
      lastNames: all.map(({ lastName }) => lastName),
    };
  };
}
