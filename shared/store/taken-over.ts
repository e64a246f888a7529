import type { OpenDatabase } from './open.ts';

/** An account of the earlier connector that HelloID has not called about since it was taken over. */
export interface UntouchedPerson {
  reference: string;
  externalId: string;
  username: string;
  takenOverAt: string;
}

/** Who was taken over from the earlier connector and is here still, active or disabled. */
export interface TakenOverPeople {
  count(): { of: number; untouched: number };
  untouched(limit: number): UntouchedPerson[];
  /** UTC; when the first was taken over; null: nobody ever was. */
  first(): string | null;
  /** Whether HelloID, or a person, changed an account since; accounts that were never taken over count. */
  isTouched(reference: string): boolean;
}

// a person's decision on the dashboard has the same kinds as HelloID's call, and settles the matter as well
const others = `SELECT 1 FROM audit WHERE account = accounts.id AND kind IN
  ('create', 'update', 'enable', 'disable', 'delete', 'sub-permissions', 'grant-permission', 'revoke-permission')`;
const taken = `SELECT at FROM audit WHERE account = accounts.id AND kind = 'import-legacy'`;

export function takenOverPeople({ reading }: Pick<OpenDatabase, 'reading'>): TakenOverPeople {
  const count = reading.prepare<[], { of: number; untouched: number }>(
    `SELECT count(*) AS "of", count(*) FILTER (WHERE NOT EXISTS (${others})) AS untouched
     FROM accounts WHERE deleted_at IS NULL AND EXISTS (${taken})`,
  );
  const untouched = reading.prepare<[number], UntouchedPerson>(
    `SELECT reference, external_id AS externalId, username, (${taken} ORDER BY entry LIMIT 1) AS takenOverAt
     FROM accounts WHERE deleted_at IS NULL AND EXISTS (${taken}) AND NOT EXISTS (${others})
     ORDER BY username_key LIMIT ?`,
  );
  const untouchedOne = reading
    .prepare<[string], 1>(`SELECT 1 FROM accounts WHERE reference = ? AND EXISTS (${taken}) AND NOT EXISTS (${others})`)
    .pluck();

  const first = reading
    .prepare<[], string | null>(`SELECT min(at) FROM audit INDEXED BY audit_kind WHERE kind = 'import-legacy'`)
    .pluck();

  return {
    first: () => first.get() ?? null,
    count: () => count.get() ?? { of: 0, untouched: 0 },
    untouched: (limit) => untouched.all(limit),
    isTouched: (reference) => untouchedOne.get(reference) === undefined,
  };
}
