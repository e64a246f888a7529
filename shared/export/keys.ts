import { caseless } from '../domain/account.ts';
import type { PersonKey } from './pair.ts';

/** What may be a key at the far side. */
export interface Keys {
  username: string;
  externalId: string;
}

/** The value by which Spend Cloud knows a person, as it stands in the files. */
export function keyOf({ username, externalId }: Keys, personKey: PersonKey): string {
  return personKey === 'gebruikersnaam' ? username : externalId;
}

/** What two keys have in common that are one: usernames are compared without case, and no key by blanks at its ends. */
export function keyForm(keys: Keys, personKey: PersonKey): string {
  const key = keyOf(keys, personKey).trim();
  return personKey === 'gebruikersnaam' ? caseless(key) : key;
}
