import type { RoleOwner } from './account.ts';

/** A person as the dump reads it; `username` is the one that goes into the files. */
export interface PersonRow {
  /** Null for a person whom HelloID does not manage. */
  id: number | null;
  reference: string | null;
  wanted: string;
  username: string;
  delivered: string | null;
  /** A changed username that an operator let through. */
  accepted: string | null;
  acceptedExternalId: string | null;
  externalId: string;
  /** As HelloID wants it, where the files keep the delivered one. */
  wantedExternalId: string;
  deliveredExternalId: string | null;
  email: string | null;
  firstName: string | null;
  prefix: string | null;
  lastName: string | null;
  gender: string | null;
  /** JSON object: the fields that connector.json adds. */
  extra: string;
  /** JSON: contracts in conditions that name no unit or no profile. */
  incompleteContracts: string;
  /** 1 where the username was delivered for somebody else before. */
  reused: number;
  /** 1 where an operator let this number have that username. */
  reuseAllowed: number;
  /** 1 where another account, a deleted one too, has the e-mail address. */
  sharesEmail: number;
  /** 1 where Spend Cloud got the person, or this username, before. */
  once: number;
  /** 1 where the person was delivered as inactive after having been active. */
  closed: number;
}

/** Somebody whom Spend Cloud knew as active under this key, and who is not active under it now. */
export interface LeaverRow extends PersonRow {
  /** UTC; null where it is not known, and counts from now on. */
  inactiveSince: string | null;
}

/** A role as the dump reads it. */
export interface RoleRow {
  /** `also`: from the table also.roles. */
  owner: RoleOwner | 'also';
  /** The reference in the catalogue, of a static role. */
  permission: string;
  contract: string;
  unit: string | null;
  unitCode: string | null;
  profile: string | null;
  profileCode: string | null;
  startDate: string | null;
  endDate: string | null;
}

/** Where the dump reads from: one snapshot for both files. */
export interface DumpSource {
  /** Everyone who belongs in the persons file, in the byte order of the usernames. */
  persons: Iterable<PersonRow>;
  /** The roles of one account, as many rows as contracts lead to them. */
  rolesOf(account: number): RoleRow[];
  /** Whether a living account, enabled or not, has the username (without regard to case) or, where that is the key, the number; wanted or delivered. */
  isHeld(person: Keys): boolean;
  /** Leavers, with what is stored of them, and former usernames that no delivery has closed yet; who became inactive last comes first. */
  leavers(): readonly LeaverRow[];
  /** Whether an enabled account goes into the files with this key. */
  isActive(person: Keys): boolean;
  /** Whether an enabled account has this e-mail address, without regard to case. */
  hasActiveAddress(address: string): boolean;
  /** Whether the database holds an account, a deleted one too. */
  isKnown(account: number): boolean;
  /** Whether somebody was delivered under this username before. */
  wasDelivered(username: string): boolean;
  /** When the last account was deleted that was ever delivered with these keys; null: none was. */
  deletedAt(person: Keys): string | null;
  /** Whether that was so, for a person by the names known of the account, at a moment (UTC). */
  wasDeliveredBy(person: Pick<PersonRow, 'username'> & { account: number | null }, at: string): boolean;
}

type Keys = Pick<PersonRow, 'username' | 'externalId'>;
