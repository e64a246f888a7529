import type { AuditDetail } from './audit.ts';
import { withoutMentions } from './audit-erasure.ts';
import type { Connection } from './open.ts';
import { runWithoutPeople, runWithoutValues, type People, type RunParts } from './run-erasure.ts';

/** Where people are named besides in what is stored about themselves. */
export interface Mentions {
  entries: number[];
  runs: number[];
  /** The newest entry that was looked at. */
  through: number;
}

/** Looks through the whole trail and all runs, in one snapshot; for a worker thread, because that takes seconds for a million entries. */
export function findMentions(db: Connection, people: People): Mentions {
  db.exec('BEGIN');
  try {
    const details = db.prepare<[], { entry: number; detail: string }>(
      'SELECT entry, detail FROM audit_detail ORDER BY entry',
    );
    const entries: number[] = [];
    let through = 0;
    for (const { entry, detail } of details.iterate()) {
      through = entry;
      if (mentions(detail, people)) entries.push(entry);
    }
    const runs = db.prepare<[], RunParts & { id: number }>(
      'SELECT id, who, findings, reasons, decisions FROM runs ORDER BY id',
    );
    const found: number[] = [];
    for (const { id, ...run } of runs.iterate())
      if (runWithoutPeople(run, people) ?? runWithoutValues(run, people)) found.push(id);
    return { entries, runs: found, through };
  } finally {
    db.exec('COMMIT');
  }
}

export function mentions(detail: string, people: People): boolean {
  const parsed = JSON.parse(detail) as AuditDetail;
  return withoutMentions(parsed, people) !== parsed;
}
