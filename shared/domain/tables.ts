import type { RoleRow } from './dump-row.ts';

/** From HelloID's code to what is registered in Spend Cloud; null without a table. */
export type Mapping = ReadonlyMap<string, string> | null;

/** A person whom HelloID does not manage, by the fields' names on the wire. */
export interface AlsoPerson {
  values: Readonly<Record<string, string | null>>;
}

/** What an administrator's CSV files say, as one run uses it; plain values, because they travel to a worker thread. */
export interface Tables {
  units: Mapping;
  profiles: Mapping;
  /** By the username without regard to case. */
  alsoPersons: ReadonlyMap<string, AlsoPerson>;
  /** Roles of those people, and further ones of people whom HelloID manages; as registered in Spend Cloud. */
  alsoRoles: ReadonlyMap<string, RoleRow[]>;
}

export const noTables: Tables = { units: null, profiles: null, alsoPersons: new Map(), alsoRoles: new Map() };

/** What a person decided, or an erasure left, about lines of `also.persons`; by the username as keys are compared. */
export interface AlsoDecisions {
  /** When a line was accepted for somebody whom HelloID had deleted; UTC. */
  accepted: ReadonlyMap<string, string>;
  /** Usernames that Spend Cloud knew somebody by who was erased since. */
  erased: ReadonlySet<string>;
}

export const noAlsoDecisions: AlsoDecisions = { accepted: new Map(), erased: new Set() };
