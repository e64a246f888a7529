import { keyForm as usernameForm, visibleForm } from '../domain/key-form.ts';
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

/** What two keys have in common that are one: blanks at the ends and invisible characters make no difference, and in usernames neither does case. */
export function keyForm(keys: Keys, personKey: PersonKey): string {
  const key = keyOf(keys, personKey);
  return personKey === 'gebruikersnaam' ? usernameForm(key) : visibleForm(key);
}
