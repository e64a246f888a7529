import { hash } from 'node:crypto';
import { roleKey, roleMembers, type Account, type Holding, type Role } from '../domain/account.ts';
import type { AuditDetail } from './audit.ts';
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

/** An entry that changed nothing holds neither; quotes inside of values are escaped, so no value looks like this. */
const neither = '"before":null,"after":null';
export const changedSomething = `instr(detail, '${neither}') = 0`;
const changedNothing = (detail: string) => detail.includes(neither);

/**
 * Proves accounts and roles by the trail: each is as the newest entry that changed it says. Who was erased is told of by neither. The entries themselves are
 * proven by the walk along the trail. Accounts and roles are read once in one order, and the trail once from its end, each detail only where it is the newest of
 * an account; of so many accounts at a time only a fingerprint is kept, so that memory does not grow with them.
 */
export function proveState(db: Connection, together = accountsTogether): Broken | ({ ok: true } & ProvenState) {
  const prover = stateProver(db);
  const roles = rolesInOrder(db);
  let [accounts, untold, differing] = [0, 0, 0];
  let first: Difference | undefined;
  const note = (found: Difference | 'untold' | undefined) => {
    if (found === 'untold') untold += 1;
    else if (found) {
      differing += 1;
      first ??= found;
    }
  };
  try {
    for (const batch of prover.batches(roles, together)) {
      accounts += batch.size;
      for (const found of prover.judge(batch)) note(found);
    }
    note(roles.ofNobody());
  } finally {
    roles.close();
  }
  for (const found of prover.missing()) note(found);
  if (!first) return { ok: true, accounts, untold };
  const more = differing > 1 ? `, and ${differing - 1} more account(s) are not as the trail left them` : '';
  return { ok: false, brokenAt: first.entry, reason: first.says + more };
}

// 100,000 take some 15 MB.
const accountsTogether = 200_000;

function stateProver(db: Connection) {
  const inOrder = db.prepare<[number, number], AccountRow>('SELECT * FROM accounts WHERE id > ? ORDER BY id LIMIT ?');
  const one = db.prepare<[number], AccountRow>('SELECT * FROM accounts WHERE id = ?');
  const rolesOf = db.prepare<[number], RoleRow>('SELECT * FROM roles WHERE account = ?');
  const fromTheEnd = db
    .prepare<[], [entry: number, account: number, kind: string]>(
      'SELECT entry, account, kind FROM audit WHERE account IS NOT NULL ORDER BY entry DESC',
    )
    .raw();
  const detailOf = db.prepare<[number], string>('SELECT detail FROM audit_detail WHERE entry = ?').pluck();
  const all = db.prepare<[number], { entry: number; withheld: string | null; kept: string | null }>(
    `SELECT audit.entry, iif(json_valid(detail), detail ->> 'withheld', NULL) AS withheld,
       (SELECT iif(json_valid(said.detail), said.detail ->> '$.erased.living', NULL) FROM audit_erased AS erased
          JOIN audit_detail AS said ON said.entry = erased.record WHERE erased.entry = audit.entry ORDER BY erased.record DESC LIMIT 1) AS kept
     FROM audit JOIN audit_detail ON audit_detail.entry = audit.entry WHERE account = ? ORDER BY audit.entry DESC`,
  );
  const withoutAccount = db
    .prepare<[], number>(
      'SELECT DISTINCT account FROM audit WHERE account IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = audit.account)',
    )
    .pluck();
  const tellsOfAccounts = db.prepare('SELECT 1 FROM audit WHERE account IS NOT NULL LIMIT 1').get() !== undefined;

  /** The fingerprints of so many accounts, by their ids. */
  function* batches(roles: RolesInOrder, together: number): Generator<Map<number, string>> {
    for (let last = -1; ;) {
      const batch = new Map<number, string>();
      for (const row of inOrder.iterate(last, together)) {
        const held = roles.of(row.id);
        const print = readably(() => fingerprint({ account: accountOf(row), roles: held }, row.deleted_at !== null));
        batch.set(row.id, print ?? unreadable);
        last = row.id;
      }
      if (batch.size > 0) yield batch;
      if (batch.size < together) return;
    }
  }

  /** What differs of these accounts, and of which nothing is told. */
  function* judge(batch: ReadonlyMap<number, string>): Generator<Difference | 'untold' | undefined> {
    const open = new Map(batch);
    for (const [entry, account, kind] of fromTheEnd.iterate()) {
      const found = open.get(account);
      if (found === undefined) continue;
      const detail = detailOf.get(entry);
      if (detail === undefined || changedNothing(detail)) continue;
      open.delete(account);
      const told = toldBy(kind, detail);
      const isSame = told?.isDeleted.some(
        (isDeleted) => readably(() => fingerprint(told.holding, isDeleted)) === found,
      );
      if (!isSame) yield whatDiffers(account, entry, told);
      if (open.size === 0) break;
    }
    for (const account of open.keys()) yield withoutHolding(account);
  }

  function whatDiffers(account: number, entry: number, told: Told | undefined): Difference | undefined {
    const row = one.get(account);
    if (!row) return undefined;
    if (!told) return differs(row, entry, 'whole');
    const isDeleted = row.deleted_at !== null;
    if (!told.isDeleted.includes(isDeleted)) return differs(row, entry, isDeleted ? 'life' : 'deletion');
    const isReadable = readably(() => fingerprint(told.holding, isDeleted)) && readably(() => accountOf(row));
    if (!isReadable) return differs(row, entry, 'whole');
    const field = differingField(accountOf(row), told.holding.account);
    return differs(row, entry, field ?? 'roles');
  }

  /** No entry says what the account has: rightly so only where that was erased. */
  function withoutHolding(account: number): Difference | 'untold' | undefined {
    const row = one.get(account);
    if (!row) return undefined;
    if (!tellsOfAccounts) return 'untold'; // it is older than the trail
    const entries = all.all(account);
    const newest = entries[0]?.entry ?? null;
    const erased = entries.filter(({ withheld }) => withheld === 'all');
    if (erased.length === 0)
      return { entry: null, says: `No entry tells of how account [${row.reference}] came to be` };
    if (row.deleted_at !== null) return rolesOf.get(account) ? differs(row, newest, 'roles') : undefined;
    // what a living account has is kept where entries are erased for their age; releases before 1.0 did not
    return erased.some(({ kept }) => kept === null) ? 'untold' : differs(row, newest, 'life');
  }

  /** Accounts that are gone without an erasure. */
  function* missing(): Generator<Difference> {
    for (const account of withoutAccount.iterate()) {
      const left = all.all(account).find(({ withheld }) => withheld !== 'all');
      if (!left) continue;
      const { entry } = left;
      yield { entry, says: `Entry ${entry} tells of an account that is not there, and no erasure is on record for it` };
    }
  }

  return { batches, judge, missing };
}

/** No fingerprint is like it. */
const unreadable = '';

/** Undefined where a value is not of the form in which it was written: somebody changed it from outside. */
function readably<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What an entry left: the account with its roles, and whether it was deleted by then. */
interface Told {
  holding: Holding;
  /** Both, where the entry does not say. */
  isDeleted: boolean[];
}

function toldBy(kind: string, detail: string): Told | undefined {
  const { before, after } = parsed(detail) ?? {};
  if (!after) return before ? { holding: { account: before.account, roles: [] }, isDeleted: [true] } : undefined;
  // an entry of a take-over does not say whether the person was taken over as deleted; with neither access nor roles it comes to the same
  const mayBeEither = kind === 'import-legacy' && !after.account.enabled && after.roles.length === 0;
  return { holding: after, isDeleted: mayBeEither ? [false, true] : [false] };
}

function fingerprint({ account, roles }: Holding, isDeleted: boolean): string {
  const { extra, ...fields } = account;
  const keyed = new Map(roles.map((role) => [roleKey(role), role])); // of two with the same key the last is stored
  const inOrder = [...keyed].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const all = [
    isDeleted,
    accountFields.map((name) => fields[name]),
    Object.entries(extra).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    inOrder.map(([, role]) => roleMembers.map((name) => role[name])),
  ];
  return hash('sha256', JSON.stringify(all), 'base64');
}

const accountFields = [
  'reference',
  'externalId',
  'username',
  'email',
  'firstName',
  'prefix',
  'lastName',
  'gender',
  'enabled',
] as const;

function differs({ reference }: AccountRow, entry: number | null, what: string): Difference {
  const at = entry === null ? 'the trail' : `entry ${entry}`;
  const says = `Account [${reference}] is not as ${at} left it (${what}): it was changed beside the connector`;
  return { entry, says };
}

function differingField(found: Account, left: Account): string | undefined {
  const differing = accountFields.find((name) => found[name] !== left[name]);
  return differing ?? (sameExtra(found.extra, left.extra) ? undefined : 'extra');
}

function sameExtra(some: Account['extra'], others: Account['extra']): boolean {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].every((name) => some[name] === others[name]);
}

function parsed(text: string): Pick<AuditDetail, 'before' | 'after'> | undefined {
  try {
    return JSON.parse(text) as AuditDetail;
  } catch {
    return undefined; // nothing of ours wrote it
  }
}

interface RolesInOrder {
  of(account: number): Role[];
  /** Those that are left once every account was asked for. */
  ofNobody(): Difference | undefined;
  close(): void;
}

/** The roles of each account, asked in the order of their ids. */
function rolesInOrder(db: Connection): RolesInOrder {
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
