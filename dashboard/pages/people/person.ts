import type { Account, AccountDetail } from '../../api/types.ts';

/** `Renée van den Brink`; the number where there is no name. */
export function nameOf({ voornaam, tussenvoegsel, achternaam, externalId, reference }: Account): string {
  const name = [voornaam, tussenvoegsel, achternaam].filter(Boolean).join(' ');
  return [name, externalId, reference].find(Boolean) ?? '';
}

/** A changed value of what Spend Cloud knows a person by, which is not in the files. */
export interface PendingChange {
  kind: 'username' | 'number';
  before: string;
  after: string;
}

export function pendingOf({ pendingUsername, pendingExternalId, delivered }: AccountDetail): PendingChange | null {
  if (!delivered) return null;
  if (pendingUsername !== null) return { kind: 'username', before: delivered.gebruikersnaam, after: pendingUsername };
  if (pendingExternalId !== null) return { kind: 'number', before: delivered.externalId, after: pendingExternalId };
  return null;
}
