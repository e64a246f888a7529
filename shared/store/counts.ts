import { statSync } from 'node:fs';
import type { RunState } from '../domain/run.ts';
import type { OpenDatabase } from './open.ts';

/** Numbers about the whole database, for metrics: read when asked, never kept. */
export interface Counts {
  accounts(): { enabled: number; disabled: number };
  roles(): number;
  runs(): { state: RunState; runs: number }[];
  /** What the file and the log beside it take on disk. */
  bytes(): number;
}

export function countStore({ reading, path }: OpenDatabase): Counts {
  const accounts = reading.prepare<[], { enabled: number; disabled: number }>(
    `SELECT living - disabled AS enabled, disabled FROM
       (SELECT (SELECT count(*) FROM accounts INDEXED BY accounts_living_username WHERE deleted_at IS NULL) AS living,
          (SELECT count(*) FROM accounts WHERE deleted_at IS NULL AND enabled = 0) AS disabled)`,
  );
  const roles = reading.prepare<[], number>('SELECT count(*) FROM roles').pluck();
  const runs = reading.prepare<[], { state: RunState; runs: number }>(
    'SELECT state, count(*) AS runs FROM runs GROUP BY state',
  );
  return {
    accounts: () => accounts.get() ?? { enabled: 0, disabled: 0 },
    roles: () => roles.get() ?? 0,
    runs: () => runs.all(),
    bytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
