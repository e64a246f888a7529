import { roleKey, sameRoles, type Account, type Holding, type Role } from '../domain/account.ts';
import type { AuditDetail } from './audit.ts';
import { accountWithoutValues } from './audit-erasure.ts';
import type { Broken } from './audit-verify.ts';
import type { Connection } from './open.ts';
import { accountOf, storedRole, type AccountRow, type RoleRow } from './rows.ts';

/** Accounts that are as the trail left them, and those of which it does not tell, such as one whose entries an earlier release erased for their age. */
export interface ProvenState {
  accounts: number;
  untold: number;
}

/** An account that is not as its newest entry left it. */
interface Difference {
  entry: number | null;
  /** What is told, without anything personal but the reference. */
  says: string;
}

interface Told {
  entry: number;
  kind: string;
  detail: string;
}

/** An entry that changed nothing holds neither; quotes inside of values are escaped, so no value looks like this. */
export const changedSomething = `instr(detail, '"before":null,"after":null') = 0`;

/**
 * Proves accounts and roles by the trail: each is as the newest entry that changed it says. Who was erased is told of by neither. The entries themselves are
 * proven by the walk along the trail. Reads accounts and roles in one order, so that the memory it takes does not grow with them.
 */
export function proveState(db: Connection): Broken | ({ ok: true } & ProvenState) {
  const prover = stateProver(db);
  const differences: Difference[] = [];
  let differing = 0;
  const note = (difference: Difference | undefined) => {
    if (!difference) return;
    differing += 1;
    if (differences.length === 0) differences.push(difference);
  };
  let [accounts, untold] = [0, 0];
  const roles = rolesInOrder(db);
  try {
    for (const row of db.prepare<[], AccountRow>('SELECT * FROM accounts ORDER BY id').iterate()) {
      accounts += 1;
      const found = prover.judge(row, roles.of(row.id));
      if (found === 'untold') untold += 1;
      else note(found);
    }
    note(roles.ofNobody());
  } finally {
    roles.close();
  }
  for (const entry of prover.ofMissing())
    note({ entry, says: `Entry ${entry} tells of an account that is not there, and no erasure is on record for it` });
  const [first] = differences;
  if (!first) return { ok: true, accounts, untold };
  const more = differing > 1 ? `, and ${differing - 1} more account(s) are not as the trail left them` : '';
  return { ok: false, brokenAt: first.entry, reason: first.says + more };
}

function stateProver(db: Connection) {
  const newest = db.prepare<[number], Told>(
    `SELECT audit.entry, kind, detail FROM audit JOIN audit_detail ON audit_detail.entry = audit.entry
     WHERE account = ? AND ${changedSomething} ORDER BY audit.entry DESC LIMIT 1`,
  );
  const all = db.prepare<[number], { entry: number; withheld: string | null; kept: string | null }>(
    `SELECT audit.entry, iif(json_valid(detail), detail ->> 'withheld', NULL) AS withheld,
       (SELECT iif(json_valid(said.detail), said.detail ->> '$.erased.living', NULL) FROM audit_erased AS erased
          JOIN audit_detail AS said ON said.entry = erased.record WHERE erased.entry = audit.entry ORDER BY erased.record DESC LIMIT 1) AS kept
     FROM audit JOIN audit_detail ON audit_detail.entry = audit.entry WHERE account = ? ORDER BY audit.entry DESC`,
  );
  const missing = db
    .prepare<[], number>(
      'SELECT DISTINCT account FROM audit WHERE account IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = audit.account)',
    )
    .pluck();
  const tellsOfAccounts = db.prepare('SELECT 1 FROM audit WHERE account IS NOT NULL LIMIT 1').get() !== undefined;

  /** What of an account differs; nothing where it is as it was left. */
  function judge(row: AccountRow, roles: readonly Role[]): Difference | 'untold' | undefined {
    const told = newest.get(row.id);
    if (!told) return withoutHolding(row, roles);
    const { before, after, withheld } = parsed(told.detail) ?? {};
    const left: Holding | undefined = after ?? before ?? undefined;
    if (!left) return differs(row, told.entry, 'whole');
    const isDeleted = !after;
    // an entry of a take-over does not say whether the person was taken over as deleted; with neither access nor roles it comes to the same
    const mayBeEither = told.kind === 'import-legacy' && !left.account.enabled && left.roles.length === 0;
    if (!mayBeEither && isDeleted !== (row.deleted_at !== null))
      return differs(row, told.entry, isDeleted ? 'deletion' : 'life');
    const held = withheld === 'values' ? accountWithoutValues(left.account) : left.account;
    const field = differingField(accountOf(row), held);
    if (field !== undefined) return differs(row, told.entry, field);
    if (!sameRoles(roles, isDeleted ? [] : wholeRoles(left.roles))) return differs(row, told.entry, 'roles');
    return undefined;
  }

  /** No entry says what the account has: rightly so only where that was erased. */
  function withoutHolding(row: AccountRow, roles: readonly Role[]): Difference | 'untold' | undefined {
    if (!tellsOfAccounts) return 'untold'; // it is older than the trail
    const entries = all.all(row.id);
    const erased = entries.filter(({ withheld }) => withheld === 'all');
    if (erased.length === 0)
      return { entry: null, says: `No entry tells of how account [${row.reference}] came to be` };
    if (row.deleted_at !== null)
      return roles.length === 0 ? undefined : differs(row, entries[0]?.entry ?? null, 'roles');
    // what a living account has is kept where entries are erased for their age; releases before 1.0 did not
    if (erased.some(({ kept }) => kept === null)) return 'untold';
    return differs(row, entries[0]?.entry ?? null, 'life');
  }

  /** The first entry of each account that is gone without an erasure. */
  function* ofMissing(): Generator<number> {
    for (const account of missing.iterate()) {
      const left = all.all(account).find(({ withheld }) => withheld !== 'all');
      if (left) yield left.entry;
    }
  }

  return { judge, ofMissing };
}

function differs({ reference }: AccountRow, entry: number | null, what: string): Difference {
  const at = entry === null ? 'the trail' : `entry ${entry}`;
  const says = `Account [${reference}] is not as ${at} left it (${what}): it was changed beside the connector`;
  return { entry, says };
}

function differingField(found: Account, left: Account): string | undefined {
  const { extra: some, ...fields } = found;
  const { extra: others, ...told } = left;
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const differing = names.find((name) => fields[name] !== told[name]);
  return differing ?? (sameExtra(some, others) ? undefined : 'extra');
}

function sameExtra(some: Account['extra'], others: Account['extra']): boolean {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].every((name) => some[name] === others[name]);
}

/** As they are stored: of two with the same key the last counts. */
function wholeRoles(roles: readonly Role[]): Role[] {
  return [...new Map(roles.map((role) => [roleKey(role), role])).values()];
}

function parsed(text: string): Pick<AuditDetail, 'before' | 'after' | 'withheld'> | undefined {
  try {
    return JSON.parse(text) as AuditDetail;
  } catch {
    return undefined; // nothing of ours wrote it
  }
}

/** The roles of each account, asked in the order of their ids. */
function rolesInOrder(db: Connection) {
  const rows = db.prepare<[], RoleRow>('SELECT * FROM roles ORDER BY account').iterate();
  let next = rows.next();
  let astray = 0;

  function of(account: number): Role[] {
    const found: Role[] = [];
    for (; !next.done && next.value.account <= account; next = rows.next()) {
      if (next.value.account === account) found.push(storedRole(next.value));
      else astray += 1;
    }
    return found;
  }

  function ofNobody(): Difference | undefined {
    for (; !next.done; next = rows.next()) astray += 1;
    return astray === 0 ? undefined : { entry: null, says: `${astray} role(s) belong to no account` };
  }

  return { of, ofNobody, close: () => void rows.return?.() };
}
