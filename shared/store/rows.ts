import { searchTextOf } from './search-text.ts';
import type { Account, Holding, Role, RoleOwner } from '../domain/account.ts';
import { keyForm, visibleForm } from '../domain/key-form.ts';

/** In table `delivered_usernames`, whose a username was that no account had: of a person whom HelloID did not manage. */
export const nobody = 0;

/** A row of table `accounts`. */
export interface AccountRow {
  id: number;
  reference: string;
  external_id: string;
  external_id_key: string;
  username: string;
  username_key: string;
  delivered_username: string | null;
  delivered_key: string | null;
  delivered_at: string | null;
  delivered_run: number | null;
  accepted_username: string | null;
  delivered_external_id: string | null;
  accepted_external_id: string | null;
  incomplete_contracts: string;
  email: string | null;
  email_key: string | null;
  first_name: string | null;
  prefix: string | null;
  last_name: string | null;
  gender: string | null;
  extra: string;
  enabled: number;
  created_at: string;
  changed_at: string;
  touched_at: string;
  deleted_at: string | null;
  roles_taken_over_at: string | null;
  called_for: string | null;
  renewed_at: string | null;
  inactive_at: string | null;
  closed_at: string | null;
  search_text: string;
}

/** A row of table `roles`. */
export interface RoleRow {
  account: number;
  owner: RoleOwner;
  permission: string;
  contract: string;
  unit: string | null;
  unit_code: string | null;
  profile: string | null;
  profile_code: string | null;
  start_date: string | null;
  end_date: string | null;
}

/** An account as the store knows it: the holding, and what was delivered of it. */
export interface StoredAccount extends Holding {
  id: number;
  delivered: { username: string; externalId: string; at: string; run: number; closedAt: string | null } | null;
  acceptedUsername: string | null;
  acceptedExternalId: string | null;
  createdAt: string;
  changedAt: string;
  touchedAt: string;
  deletedAt: string | null;
  /** Whether the roles are still those of the earlier connector. */
  rolesTakenOver: boolean;
  /** `Person.ExternalId` of HelloID's last call that gave it something; null: none was sent yet. */
  calledFor: string | null;
  /** When its number was given free for somebody else; null: it was not. */
  renewedAt: string | null;
}

export function storedAccount(row: AccountRow, roles: RoleRow[]): StoredAccount {
  return {
    id: row.id,
    account: accountOf(row),
    roles: roles.map(storedRole),
    delivered: deliveredOf(row),
    acceptedUsername: row.accepted_username,
    acceptedExternalId: row.accepted_external_id,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    touchedAt: row.touched_at,
    deletedAt: row.deleted_at,
    rolesTakenOver: row.roles_taken_over_at !== null,
    calledFor: row.called_for,
    renewedAt: row.renewed_at,
  };
}

/** The named parameters of an account's own columns. */
export function accountColumns(account: Account) {
  const { reference, externalId, username, email, firstName, prefix, lastName } = account;
  return {
    reference: account.reference,
    external_id: account.externalId,
    external_id_key: visibleForm(account.externalId),
    username: account.username,
    username_key: keyForm(account.username),
    email: account.email,
    email_key: emailKey(account.email),
    first_name: account.firstName,
    prefix: account.prefix,
    last_name: account.lastName,
    gender: account.gender,
    extra: JSON.stringify(account.extra),
    enabled: account.enabled ? 1 : 0,
    search_text: searchTextOf(reference, externalId, username, email, firstName, prefix, lastName),
  };
}

/** An empty address is nobody's. */
export function emailKey(email: string | null | undefined): string | null {
  const key = keyForm(email ?? '');
  return key === '' ? null : key;
}

export function roleColumns(account: number, role: Role): RoleRow {
  const { owner, permission, contract, unit, unitCode, profile, profileCode, startDate, endDate } = role;
  return {
    account,
    owner,
    permission,
    contract,
    unit,
    unit_code: unitCode,
    profile,
    profile_code: profileCode,
    start_date: startDate,
    end_date: endDate,
  };
}

export function accountOf(row: AccountRow): Account {
  return {
    reference: row.reference,
    externalId: row.external_id,
    username: row.username,
    email: row.email,
    firstName: row.first_name,
    prefix: row.prefix,
    lastName: row.last_name,
    gender: row.gender,
    extra: JSON.parse(row.extra) as Account['extra'],
    enabled: row.enabled === 1,
  };
}

export function storedRole({
  owner,
  permission,
  contract,
  unit,
  unit_code,
  profile,
  profile_code,
  start_date,
  end_date,
}: RoleRow): Role {
  return {
    owner,
    permission,
    contract,
    unit,
    unitCode: unit_code,
    profile,
    profileCode: profile_code,
    startDate: start_date,
    endDate: end_date,
  };
}

function deliveredOf(row: AccountRow): StoredAccount['delivered'] {
  if (row.delivered_username === null) return null;
  return {
    username: row.delivered_username,
    externalId: row.delivered_external_id ?? row.external_id,
    at: row.delivered_at ?? '',
    run: row.delivered_run ?? 0,
    closedAt: row.closed_at,
  };
}
