/** What HelloID keeps about one person in Spend Cloud. Text is NFC; null means: no value. */
export interface Account {
  /** Ours, fixed for life, what HelloID holds: `SC-100234`. */
  reference: string;
  externalId: string;
  /** The username HelloID wants; the one in the files may still be the delivered one. */
  username: string;
  email: string | null;
  firstName: string | null;
  prefix: string | null;
  lastName: string | null;
  gender: string | null;
  /** The further fields that `fields` in connector.json adds, by their names there. */
  extra: Readonly<Record<string, string | null>>;
  enabled: boolean;
}

/** An account and the roles it has. */
export interface Holding {
  account: Account;
  roles: Role[];
  /** `Person.ExternalId` of HelloID's last call that gave it something, as far as one was sent. */
  calledFor?: string | null;
}

/** Who gave a role: the account actions, sub-permissions, or a static permission of the catalogue. */
export type RoleOwner = 'account' | 'permissions' | 'catalogue';

/** One contract's (or one static permission's) role, with HelloID's values: mapping to Spend Cloud's names happens in the dump. */
export interface Role {
  owner: RoleOwner;
  /** Raw codes of unit and profile (`D0310|TL-ZORG`), or the catalogue's reference: survives a renamed department. */
  permission: string;
  /** HelloID's id of the contract, empty where there is none. */
  contract: string;
  unit: string | null;
  unitCode: string | null;
  profile: string | null;
  profileCode: string | null;
  /** ISO dates as HelloID sent them. */
  startDate: string | null;
  endDate: string | null;
}

/** The fixed account fields, and the names they have on the wire and in the files. */
export const fieldNames = {
  externalId: 'externalId',
  email: 'email',
  firstName: 'voornaam',
  prefix: 'tussenvoegsel',
  lastName: 'achternaam',
  username: 'gebruikersnaam',
  gender: 'geslacht',
} as const satisfies Partial<Record<keyof Account, string>>;

export type FixedField = keyof typeof fieldNames;
export const fixedFields = Object.keys(fieldNames) as FixedField[];

/** The members of an account that a request names; an absent one stays as it is, null empties. */
export type Wanted = Partial<Record<FixedField, string | null>> & { extra?: Record<string, string | null> };

/** Equal without regard to case, as usernames and e-mail addresses are compared. */
export function caseless(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** The name of a role for people: `Thuiszorg Noord - TL-ZORG`. */
export function roleName(role: Pick<Role, 'unit' | 'unitCode' | 'profile' | 'profileCode'>): string {
  return `${role.unit ?? role.unitCode ?? ''} - ${role.profileCode ?? role.profile ?? ''}`;
}

/** Orders roles the same way every time, so that two lists can be compared. */
export function sortRoles(roles: readonly Role[]): Role[] {
  return roles.toSorted((a, b) => compare(roleKey(a), roleKey(b)));
}

export function sameRoles(some: readonly Role[], others: readonly Role[]): boolean {
  if (some.length !== others.length) return false;
  const sorted = sortRoles(others);
  return sortRoles(some).every((role, index) => sameRole(role, sorted[index]));
}

/** What makes a role row one of its kind within an account. */
export function roleKey(role: Role): string {
  return [role.owner, role.permission, role.contract].join('\u0000');
}

/** All that a role says. */
export const roleMembers = [
  'owner',
  'permission',
  'contract',
  'unit',
  'unitCode',
  'profile',
  'profileCode',
  'startDate',
  'endDate',
] as const;

function sameRole(some: Role, other: Role | undefined): boolean {
  return other !== undefined && roleMembers.every((member) => some[member] === other[member]);
}

function compare(some: string, other: string): number {
  return some < other ? -1 : some > other ? 1 : 0;
}
