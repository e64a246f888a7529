import { textOf, type OldDatabase } from '../domain/legacy/old-rows.ts';
import type { TakeOver } from '../domain/legacy/take-over.ts';

/** Names stay as Spend Cloud has them, a prefix that stands twice too: the mapping in HelloID decides whether they become others. */
export function asDelivered(found: TakeOver, old: OldDatabase): TakeOver {
  const names = new Map(old.persons.map(({ row, achternaam }) => [row, textOf(achternaam) ?? null]));
  return {
    ...found,
    persons: found.persons.map((person) => ({
      ...person,
      account: { ...person.account, lastName: names.get(person.row) ?? null },
    })),
    notes: found.notes.filter(({ kind }) => kind !== 'prefix-twice'),
  };
}
