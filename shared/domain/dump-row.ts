/** A person as the dump reads it; `username` is the one that goes into the files. */
export interface PersonRow {
  id: number;
  reference: string;
  wanted: string;
  username: string;
  delivered: string | null;
  /** A changed username that an operator let through. */
  accepted: string | null;
  externalId: string;
  email: string | null;
  firstName: string | null;
  prefix: string | null;
  lastName: string | null;
  gender: string | null;
  /** JSON object: the fields that connector.json adds. */
  extra: string;
}

/** A role as the dump reads it. */
export interface RoleRow {
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
}
