import type { Account, Role, RoleOwner } from '../domain/account.ts';
import type { OpenDatabase } from './open.ts';
import { accountOf, storedRole, type AccountRow, type RoleRow } from './rows.ts';

/** Where a list of members goes on: behind this account of this permission. */
export type MemberPosition = [permission: string, account: number];

/** Some of the living accounts that hold a permission. */
export interface MemberBatch {
  permission: string;
  references: string[];
  /** The role of its first holder, the same for every batch of the permission; it has the names. */
  role: Role;
  last: MemberPosition;
}

/** The owners of roles that HelloID grants one by one; those that its account actions bring are no permissions. */
type GrantedOwner = Exclude<RoleOwner, 'account'>;

/** What HelloID's imports read. Lists go on behind a key that never changes, and so stay right while accounts and roles come and go. */
export interface ImportSource {
  /** Living accounts without their roles, with their internal ids. */
  accounts(after: number | null): AsyncIterable<{ id: number; account: Account }>;
  /** Who holds which permission of this owner, in batches. */
  membersByPermission(owner: GrantedOwner, after: MemberPosition | null): AsyncIterable<MemberBatch>;
  /** Who holds any permission of this owner, in batches; `last` is an internal id. */
  members(owner: GrantedOwner, after: number | null): AsyncIterable<{ references: string[]; last: number }>;
}

// in words that fit the index `roles_granted`
const granted = `owner = ? AND owner <> 'account'`;

/** HelloID takes at most so many references in one object. */
const batchSize = 500;

interface Member {
  id: number;
  reference: string;
}

export function importSource({ reading }: OpenDatabase): ImportSource {
  const living = reading.prepare<[number, number], AccountRow>(
    'SELECT * FROM accounts WHERE id > ? AND deleted_at IS NULL ORDER BY id LIMIT ?',
  );
  const nextPermission = reading
    .prepare<[string, string], string>(
      `SELECT permission FROM roles WHERE ${granted} AND permission > ? ORDER BY permission LIMIT 1`,
    )
    .pluck();
  const firstRole = reading.prepare<[string, string], RoleRow>(
    `SELECT * FROM roles WHERE ${granted} AND permission = ? ORDER BY account, contract LIMIT 1`,
  );
  const holders = reading.prepare<[string, string, number, number], Member>(
    `SELECT DISTINCT id, reference FROM roles JOIN accounts ON id = account
     WHERE ${granted} AND permission = ? AND account > ? AND deleted_at IS NULL ORDER BY account LIMIT ?`,
  );
  const anyHolders = reading.prepare<[number, string, number], Member>(
    `SELECT id, reference FROM accounts
     WHERE id > ? AND deleted_at IS NULL AND EXISTS (SELECT 1 FROM roles WHERE account = id AND owner = ?) ORDER BY id LIMIT ?`,
  );

  async function* accounts(after: number | null): AsyncGenerator<{ id: number; account: Account }> {
    for (let behind: number | undefined = after ?? 0; behind !== undefined;) {
      const rows: AccountRow[] = living.all(behind, batchSize);
      for (const row of rows) yield { id: row.id, account: accountOf(row) };
      behind = rows.length === batchSize ? rows.at(-1)?.id : undefined;
    }
  }

  async function* membersByPermission(owner: GrantedOwner, after: MemberPosition | null): AsyncGenerator<MemberBatch> {
    let [permission, account]: [string | undefined, number] = after ?? [nextPermission.get(owner, ''), 0];
    while (permission !== undefined) {
      const found = holders.all(owner, permission, account, batchSize);
      const row = firstRole.get(owner, permission);
      const last = found.at(-1);
      if (last && row) {
        const references = found.map(({ reference }) => reference);
        yield { permission, references, role: storedRole(row), last: [permission, last.id] };
      }
      if (last && found.length === batchSize) account = last.id;
      else [permission, account] = [nextPermission.get(owner, permission), 0];
    }
  }

  async function* members(
    owner: RoleOwner,
    after: number | null,
  ): AsyncGenerator<{ references: string[]; last: number }> {
    for (let behind: number | undefined = after ?? 0; behind !== undefined;) {
      const found: Member[] = anyHolders.all(behind, owner, batchSize);
      const last = found.at(-1);
      if (last) yield { references: found.map(({ reference }) => reference), last: last.id };
      behind = found.length === batchSize ? last?.id : undefined;
    }
  }

  return { accounts, membersByPermission, members };
}
