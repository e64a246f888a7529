import type { OpenDatabase } from './open.ts';
import type { Write } from './writer.ts';

/** Single values that outlive a restart; each name is said here, with what it holds. */
export type FactName =
  | 'schedule-counted-from' // UTC time since when due times count
  | 'schedule-counted-for' // the schedule and destination they count for
  | 'health-probe'; // the last time health proved that the database takes a write

export interface Facts {
  get(name: FactName): string | undefined;
  set(values: Partial<Record<FactName, string>>): Promise<void>;
}

export function factStore({ writing, reading }: OpenDatabase, write: Write): Facts {
  const select = reading.prepare<[string], string>('SELECT value FROM facts WHERE name = ?').pluck();
  const upsert = writing.prepare(
    'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (name) => select.get(name),
    set: (values) =>
      write(() => {
        for (const [name, value] of Object.entries(values)) upsert.run(name, value);
      }),
  };
}
