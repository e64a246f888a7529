import { join } from 'node:path';
import Database from 'better-sqlite3';

/** The ledger as it lies on the disk, read by a connection of the test's own. */
export interface LedgerOnDisk {
  /** The state of the newest run; undefined before the first. */
  newest(): { id: number; state: string } | undefined;
  /** How far the newest run's last attempt is. */
  attempt(): { renaming: boolean; ended: boolean } | undefined;
  close(): void;
}

export function ledgerOf(dataDir: string): LedgerOnDisk {
  const db = new Database(join(dataDir, 'spendcloud.db'), { readonly: true });
  const run = db.prepare<[], { id: number; state: string }>('SELECT id, state FROM runs ORDER BY id DESC LIMIT 1');
  const attempt = db.prepare<[], { renaming_at: string | null; finished_at: string | null }>(
    'SELECT renaming_at, finished_at FROM attempts ORDER BY run DESC, number DESC LIMIT 1',
  );
  return {
    newest: () => run.get(),
    attempt() {
      const found = attempt.get();
      return found && { renaming: found.renaming_at !== null, ended: found.finished_at !== null };
    },
    close: () => void db.close(),
  };
}

/** Whoever moves a run from one state to another hangs in that write for good; gives a function that ends this. */
export function hangBetween(dataDir: string, from: string, to: string): () => void {
  const withDatabase = (sql: string) => {
    const db = new Database(join(dataDir, 'spendcloud.db'));
    db.exec(sql);
    db.close();
  };
  withDatabase(`
    CREATE VIEW forever AS
      WITH RECURSIVE counting(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counting) SELECT number FROM counting;
    CREATE TRIGGER hang BEFORE UPDATE ON runs WHEN OLD.state = '${from}' AND NEW.state = '${to}' BEGIN
      SELECT count(*) FROM forever;
    END;`);
  return () => withDatabase('DROP TRIGGER hang; DROP VIEW forever;');
}
