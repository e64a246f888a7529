import { caseless } from './account.ts';

/** By what an account is known. */
export interface Identity {
  id: number;
  reference: string;
  externalId: string;
  username: string;
  /** The username it was delivered with last. */
  delivered: string | null;
}

/** A row of a delivered file; absent where the file has no such column. */
export interface DeliveredKey {
  username: string | undefined;
  externalId: string | undefined;
}

/** Finds whose each row is, by the value that Spend Cloud knows a person by: exactly first, then in other casing; nobody twice. */
export function matchIdentities<Row extends DeliveredKey>(
  rows: readonly Row[],
  personKey: 'gebruikersnaam' | 'externalId',
  identities: readonly Identity[],
): Map<Row, Identity> {
  const byNumber = personKey === 'externalId';
  const exact = new Map<string, Identity>();
  const anyCase = new Map<string, Identity>();
  const add = (map: Map<string, Identity>, key: string | null, identity: Identity) => {
    if (key !== null && !map.has(key)) map.set(key, identity);
  };
  for (const identity of identities) {
    add(exact, byNumber ? identity.externalId : identity.username, identity);
    if (!byNumber) add(exact, identity.delivered, identity);
  }
  if (!byNumber) for (const [key, identity] of exact) add(anyCase, caseless(key), identity);

  const found = new Map<Row, Identity>();
  const matched = new Set<number>();
  const match = (row: Row, identity: Identity | undefined) => {
    if (!identity || found.has(row) || matched.has(identity.id)) return;
    matched.add(identity.id);
    found.set(row, identity);
  };
  const keyOf = (row: Row) => ((byNumber ? row.externalId : row.username) ?? '').normalize('NFC');
  for (const row of rows) match(row, exact.get(keyOf(row)));
  for (const row of rows) match(row, anyCase.get(caseless(keyOf(row))));
  return found;
}
