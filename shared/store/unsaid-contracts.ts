import type { FreshFinding } from '../domain/run.ts';
import { moreOfKind, mostOfKind } from '../domain/findings.ts';
import type { Connection, OpenDatabase } from './open.ts';

/** Calls of HelloID that should bring contracts and do not; works inside a transaction of the accounts. */
export interface UnsaidContracts {
  remember(account: number, contracts: 'sent' | 'missing', at: string): void;
}

export function unsaidContracts(writing: Connection): UnsaidContracts {
  const forget = writing.prepare('DELETE FROM without_contracts WHERE account = ?');
  const count = writing.prepare(
    `INSERT INTO without_contracts (account, calls, since) VALUES (?, 1, ?)
     ON CONFLICT DO UPDATE SET calls = calls + 1`,
  );
  return {
    remember: (account, contracts, at) => {
      if (contracts === 'sent') forget.run(account);
      else count.run(account, at);
    },
  };
}

// One or two may be a slip of a script that was being changed.
const leastCalls = 3;

/** Whose roles stay as they were because HelloID says again and again nothing about contracts. */
export function unsaidFindings({ reading }: Pick<OpenDatabase, 'reading'>): () => FreshFinding[] {
  const whose = `FROM without_contracts JOIN accounts ON accounts.id = account
    WHERE calls >= ${leastCalls} AND deleted_at IS NULL AND enabled = 1
      AND EXISTS (SELECT 1 FROM roles WHERE roles.account = accounts.id AND owner <> 'catalogue')`;
  const first = reading.prepare<[number], { reference: string; since: string }>(
    `SELECT reference, since ${whose} ORDER BY reference LIMIT ?`,
  );
  const count = reading.prepare<[], number>(`SELECT count(*) ${whose}`).pluck();

  return () => {
    const code = 'without-contracts';
    const listed = first.all(mostOfKind).map(({ reference, since }) => ({
      code,
      reference,
      message: `HelloID's calls carry no contracts since ${since}, so the roles stay as they were; see whether its script sends personContext`,
    }));
    const more = (count.get() ?? 0) - listed.length;
    return [...listed, ...(more > 0 ? [moreOfKind(code, more)] : [])];
  };
}
