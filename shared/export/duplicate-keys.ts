import { caseless } from '../domain/account.ts';
import type { PersonRow } from '../domain/dump-row.ts';
import { readOwners, type PersonKey } from './pair.ts';

export interface DuplicateKeys {
  /** Takes note of a person as the file has it. */
  see(person: PersonRow): void;
  /** How many keys stand on more than one row of the pair in a folder, once all its rows are written. */
  count(folder: string): number;
}

/**
 * The last defence. Of two rows with one key at least one has an unusual one, an extra person's or one that was kept: wanted keys are unique
 * by an index. So only those few are remembered, and the rows are read again where there are any.
 */
export function duplicateKeys(personKey: PersonKey): DuplicateKeys {
  const byUsername = personKey === 'gebruikersnaam';
  const keyOf = ({ username, externalId }: { username: string; externalId: string }) =>
    byUsername ? caseless(username) : externalId;
  const unusual = new Set<string>();
  return {
    see: (person) => {
      const isUsual = byUsername ? person.username === person.wanted : person.externalId === person.wantedExternalId;
      if (person.id === null || !isUsual) unusual.add(keyOf(person));
    },
    count: (folder) => {
      if (unusual.size === 0) return 0;
      const [once, again] = [new Set<string>(), new Set<string>()];
      for (const owner of readOwners(folder)) {
        if (owner.inactiveSince !== null) continue; // such a row is only written where no other has its key
        const key = keyOf(owner);
        if (once.has(key)) again.add(key);
        else if (unusual.has(key)) once.add(key);
      }
      return again.size;
    },
  };
}
