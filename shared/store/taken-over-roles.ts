import type { CodeCount, ComparedCode } from '../domain/code-fields.ts';
import type { Connection, OpenDatabase } from './open.ts';

/** Whose roles are still those of the earlier connector; works inside a transaction of the accounts. */
export interface TakenOverRoles {
  begin(account: number, at: string): void;
  /** The roles are others now; keeps what the contracts that replaced them said about their codes. */
  end(account: number, at: string, codes?: readonly ComparedCode[]): void;
}

export function takenOverRoles(writing: Connection): TakenOverRoles {
  const mark = writing.prepare('UPDATE accounts SET roles_taken_over_at = ? WHERE id = ?');
  const keep = writing.prepare(
    `INSERT INTO compared_codes (account, kind, path, match, compared_at) VALUES (@account, @kind, @path, @match, @at)
     ON CONFLICT DO NOTHING`,
  );

  return {
    begin: (account, at) => void mark.run(at, account),
    end: (account, at, codes = []) => {
      mark.run(null, account);
      for (const code of codes) keep.run({ ...code, account, at });
    },
  };
}

/** How many people's codes were compared, by outcome. */
export function codeCounts({ reading }: OpenDatabase): () => CodeCount[] {
  const counts = reading.prepare<[], CodeCount>(
    'SELECT kind, path, match, count(*) AS people FROM compared_codes GROUP BY kind, path, match',
  );
  return () => counts.all();
}
