import type { AuditKind, AuditOutcome } from '../domain/audit.ts';
import type { Decider } from '../domain/run.ts';
import { aboutNoAccount, type AuditTrail } from './audit.ts';
import type { OpenDatabase } from './open.ts';
import type { Write } from './writer.ts';

/** Single values that outlive a restart; each name is said here, with what it holds. */
export type FactName =
  | 'schedule-counted-from' // UTC time since when due times count
  | 'schedule-counted-for' // the schedule and destination they count for
  | 'health-probe' // the last time health proved that the database takes a write
  | 'ticked-at' // UTC time of the last tick
  | 'clock-seen-at' // UTC time of the last tick, to the hour
  | 'clock-leapt-at' // UTC time of the first tick after more than a week without one
  | 'helloid-called-at' // UTC time of HelloID's last call, to the minute
  | 'keys-used' // JSON: when each key was used last, by its name, to the minute
  | 'keys-refused' // JSON: calls with a key that is none of ours, by day, see `shared/key-refusals.ts`
  | 'enable-called-at' // the first time HelloID called enable with success
  | 'delivered-pair' // the folder of the pair that Spend Cloud got last: a run's id, or `baseline`
  | 'delivered-inactive' // UTC time of the last delivery, or baseline, with rows of inactive people
  | 'delivered-shape' // JSON: the destination, columns and key it was delivered with
  | 'arrived-since' // JSON: runs of which one file was found at the far side since that delivery, see `shared/daily/far-side.ts`
  | 'foreign-accepted' // JSON: the run that may replace what somebody else wrote at the far side, and what that was
  | 'far-side-unseen' // UTC time since when the far side does not let us look before a delivery
  | 'week-start' // JSON: the delivered pair with which the guard of a week begins, see `shared/store/week-pairs.ts`
  | 'outbox-place' // JSON: the folder it was delivered to and its mount point, see `shared/delivery/outbox-share.ts`
  | 'told-by-webhook' // JSON: what was told by webhook, see `shared/notify/news.ts`
  | 'told-by-e-mail' // the same by e-mail
  | 'restored-at' // UTC time of a restore after which nothing was delivered yet
  | 'older-than' // JSON: the pair that the database is older than, where nobody restored it by the command
  | 'backup-failed' // JSON: when the last backup failed, and why
  | 'erasing' // JSON: what an erasure still has to do outside the database, see `shared/privacy`
  | 'erasure-key' // by what the key of the digests of erased persons is known again
  | 'retention-done' // the calendar day on which everything past its term was erased last
  | 'take-over' // JSON: when people were taken over by `adopt`, and when a person closed that, see `shared/domain/take-over.ts`
  | 'codes-accepted' // JSON: the settings of codes that a release accepted, see `shared/domain/code-fields.ts`
  | 'paused'; // JSON: since when, by whom and why no delivery is made

export type FactValues = Partial<Record<FactName, string | null>>;

export interface Facts {
  get(name: FactName): string | undefined;
  /** Sets values; null removes one. */
  set(values: FactValues): Promise<void>;
  /** The same as a person's decision, with its audit entry, which also says `details`. */
  decide(kind: AuditKind & AuditOutcome, values: FactValues, decider: Decider, details?: string[]): Promise<void>;
}

export function factStore({ writing, reading }: OpenDatabase, write: Write, audit: AuditTrail, now: () => Date): Facts {
  const select = reading.prepare<[string], string>('SELECT value FROM facts WHERE name = ?').pluck();
  const remove = writing.prepare('DELETE FROM facts WHERE name = ?');
  const upsert = writing.prepare(
    'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );

  function put(values: FactValues): void {
    for (const [name, value] of Object.entries(values)) {
      if (value === null) remove.run(name);
      else upsert.run(name, value);
    }
  }

  return {
    get: (name) => select.get(name),
    set: (values) => write(() => put(values)),
    decide: (kind, values, { by, reason }, details = []) =>
      write(() => {
        put(values);
        audit.append(
          now().toISOString(),
          kind,
          null,
          aboutNoAccount({
            outcome: kind,
            success: true,
            key: by,
            messages: [`${by} decided: ${kind}. Reason: ${reason}`, ...details],
            by,
            reason,
          }),
        );
      }),
  };
}
