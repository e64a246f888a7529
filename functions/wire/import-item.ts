import { fieldNames, type Account } from '../../shared/domain/account.ts';
import type { CatalogueEntry } from '../../shared/domain/catalogue.ts';
import { contractRoles, displayName, subPermissionsOf } from '../../shared/domain/permission.ts';
import type { Policy } from '../../shared/policy.ts';
import type { MemberBatch } from '../../shared/store/import-source.ts';
import { dataOf } from './output-context.ts';

/** Makes the items of the account import: only the fields that were asked for, under the names they were asked by. */
export function accountItems({ fields }: Policy, importFields: string[] | null) {
  const known = [...Object.values(fieldNames), ...fields.map(({ name }) => name)];
  const asked = distinct([...(importFields ?? known), fieldNames.externalId]).map((name) => {
    const lower = name.toLowerCase();
    const field = lower === 'gender' ? fieldNames.gender : known.find((other) => other.toLowerCase() === lower);
    return [name, field] as const;
  });
  return (account: Account) => {
    const { reference, username, enabled, firstName, prefix, lastName } = account;
    const fullName = [firstName, prefix, lastName]
      .map((part) => part?.trim())
      .filter((part) => part)
      .join(' ');
    const data = dataOf(account, {});
    return {
      AccountReference: reference,
      DisplayName: displayName(fullName, reference),
      UserName: displayName(username, reference),
      Enabled: enabled,
      Data: Object.fromEntries(
        asked.map(([name, field]) => [name, field === undefined ? null : (data[field] ?? null)]),
      ),
    };
  };
}

/** Some of the holders of a static permission. */
export function staticItem({ reference, unit, profile, name }: CatalogueEntry, AccountReferences: string[]) {
  return {
    PermissionReference: { Reference: reference },
    Description: `Rol ${profile} op ${unit}`,
    DisplayName: displayName(name),
    AccountReferences,
  };
}

/** Some of those who hold roles per contract, whichever these are. */
export function dynamicItem(AccountReferences: string[]) {
  return {
    PermissionReference: { Reference: contractRoles.reference },
    Description: contractRoles.name,
    DisplayName: contractRoles.name,
    AccountReferences,
  };
}

/** Some of the holders of one role per contract. */
export function subPermissionItem({ permission, role, references }: MemberBatch) {
  const [subPermission] = subPermissionsOf([role]);
  return {
    ...dynamicItem(references),
    SubPermissionReference: { Id: permission },
    SubPermissionDisplayName: subPermission?.name ?? permission,
  };
}

/** Names once without regard to case: PowerShell takes no object with two members that differ in case alone. */
function distinct(names: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const name of names) if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), name);
  return [...found.values()];
}
