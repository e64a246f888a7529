import type { DaySpan } from '../domain/calendar.ts';
import type { DumpFile } from '../domain/run.ts';
import type { OpenDatabase } from './open.ts';

/** A delivery by what its files hold. */
export interface DeliveredCount {
  run: number;
  /** UTC. */
  at: string;
  /** Active people. */
  persons: number;
  roles: number;
}

/** What an account of the past is made of; counted when asked, so that it is always what the trail and the ledger say. */
export interface Statistics {
  /** Oldest first, from a UTC moment on. */
  deliveries(from: string): DeliveredCount[];
  /** Entries of the trail by day and kind; days without any are absent. */
  actions(days: readonly DaySpan[]): { day: string; kinds: Record<string, number> }[];
}

export function statistics({ reading }: OpenDatabase): Statistics {
  const delivered = reading.prepare<[string], { run: number; at: string; files: string; active: number | null }>(
    `SELECT id AS run, finished_at AS at, files, effect ->> '$.persons.total' AS active FROM runs INDEXED BY runs_delivered
     WHERE state = 'delivered' AND finished_at >= ? ORDER BY finished_at, id`,
  );
  // a jump in the index for each kind, and then a walk along it: a year of a million entries takes less than a tenth of a second
  const counted = reading.prepare<{ days: string }, { day: string; kind: string; count: number }>(
    `WITH RECURSIVE
       kinds (kind) AS MATERIALIZED (
         SELECT min(kind) FROM audit
         UNION ALL SELECT (SELECT min(kind) FROM audit WHERE audit.kind > kinds.kind) FROM kinds WHERE kinds.kind IS NOT NULL),
       days AS MATERIALIZED (SELECT value ->> 'day' AS day, value ->> 'from' AS first, value ->> 'until' AS until FROM json_each(@days))
     SELECT day, kind, (SELECT count(*) FROM audit INDEXED BY audit_kind
                        WHERE audit.kind = kinds.kind AND at >= days.first AND at < days.until) AS count
     FROM days CROSS JOIN kinds WHERE kinds.kind IS NOT NULL ORDER BY day, kind`,
  );

  return {
    deliveries: (from) =>
      delivered.all(from).map(({ run, at, files, active }) => {
        const [persons, roles] = JSON.parse(files) as DumpFile[];
        return { run, at, persons: active ?? persons?.rows ?? 0, roles: roles?.rows ?? 0 };
      }),
    actions: (days) => {
      const found = counted.all({ days: JSON.stringify(days) }).filter(({ count }) => count > 0);
      const byDay = Map.groupBy(found, ({ day }) => day);
      return Array.from(byDay, ([day, rows]) => ({
        day,
        kinds: Object.fromEntries(rows.map(({ kind, count }) => [kind, count])),
      }));
    },
  };
}
