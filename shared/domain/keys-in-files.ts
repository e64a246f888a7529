/** What becomes of a changed key of a person who was delivered before; `accounts.username` in connector.json. */
export type UsernameChange = 'confirm' | 'follow' | 'freeze';

/** How keys go into the files. */
export interface KeyRules {
  usernameChange: UsernameChange;
  /** By which value Spend Cloud knows a person: that one must not change unnoticed, the other may. */
  personKey: 'gebruikersnaam' | 'externalId';
}

interface Keys {
  account: { username: string; externalId: string };
  delivered: { username: string; externalId: string } | null;
  acceptedUsername: string | null;
  acceptedExternalId: string | null;
}

/** The key that HelloID changed and that waits before it goes into the files; null for none. */
export function waitingKey(keys: Keys, { usernameChange, personKey }: KeyRules): 'username' | 'externalId' | null {
  const { account, delivered, acceptedUsername, acceptedExternalId } = keys;
  if (usernameChange === 'follow' || !delivered) return null;
  const key = personKey === 'gebruikersnaam' ? 'username' : 'externalId';
  const accepted = key === 'username' ? acceptedUsername : acceptedExternalId;
  return delivered[key] === account[key] || accepted === account[key] ? null : key;
}
