import { roleName, type Role } from './account.ts';
import { cutTo, isBlank } from './text.ts';

/** The one permission by which HelloID hands over the roles per contract; frozen, because granted entitlements hang on it. */
export const contractRoles = { reference: 'contract-roles', name: 'Spend Cloud rollen - per contract' } as const;

/** A role per contract as HelloID holds it: the key made of raw codes (`D0310|TL-ZORG`), and a name for people. */
export interface SubPermission {
  id: string;
  name: string;
}

/** Stands for no roles at all, because HelloID accepts no empty list; no key is like it, as each holds a `|`. */
export const placeholder: SubPermission = { id: 'No roles defined', name: 'No roles defined' };

/** HelloID takes no more sub-permissions than this for one permission. */
export const mostSubPermissions = 100;

/** HelloID takes names of 1 to 100 characters. */
export const longestName = 100;

/** A name as HelloID takes it, or of the others the first that shows anything. */
export function displayName(...names: [string | null, ...(string | null)[]]): string {
  const shown = names.map((name) => name?.trim()).find((name) => !isBlank(name)) ?? '';
  return cutTo(longestName, shown).trimEnd();
}

/** The sub-permissions that roles make, in their order; roles with the same key are one, named by the first. */
export function subPermissionsOf(roles: readonly Role[]): SubPermission[] {
  const found = new Map<string, SubPermission>();
  for (const role of roles) {
    const { permission } = role;
    if (!found.has(permission))
      found.set(permission, { id: permission, name: displayName(roleName(role), permission) });
  }
  return [...found.values()];
}
