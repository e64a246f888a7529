import type { Role } from '../shared/domain/account.ts';
import { waitingKey, type KeyRules } from '../shared/domain/keys-in-files.ts';
import { changesBetween } from '../shared/domain/changes.ts';
import type { StoredAccount } from '../shared/store/accounts.ts';
import type { AuditEntry } from '../shared/store/audit.ts';
import { dataOf } from './wire/output-context.ts';

/** An account as lists show it: the fields under their own names, roles by the names that the files' columns use. */
export function accountView({ account, roles, createdAt, changedAt, touchedAt, deletedAt }: StoredAccount) {
  return {
    reference: account.reference,
    ...dataOf(account, {}),
    enabled: account.enabled,
    roles: roles.map(roleView),
    createdAt,
    changedAt,
    touchedAt,
    deletedAt,
  };
}

/** The same with what Spend Cloud got, what waits for an operator, and what happened to the account, newest first. */
export function accountDetail(stored: StoredAccount, history: AuditEntry[], keys: KeyRules) {
  const { account, delivered } = stored;
  return {
    ...accountView(stored),
    delivered: delivered && {
      gebruikersnaam: delivered.username,
      externalId: delivered.externalId,
      since: delivered.at,
      run: delivered.run,
      inactiveSince: delivered.closedAt,
    },
    pendingUsername: waitingKey(stored, keys) === 'username' ? account.username : null,
    pendingExternalId: waitingKey(stored, keys) === 'externalId' ? account.externalId : null,
    history: history.map(entryView),
  };
}

/** An audit entry as readers see it; `changes` tells before and after per field and role. */
export function entryView({ before, after, restored: _restored, ...entry }: AuditEntry) {
  return {
    ...entry,
    before: before && holdingView(before),
    after: after && holdingView(after),
    changes: changesBetween(before, after),
  };
}

/** Roles as people know them from the files. */
function roleView({ owner, permission, contract, unit, unitCode, profile, profileCode, startDate, endDate }: Role) {
  return {
    ou: unit,
    oucode: unitCode,
    functie: profile,
    functiecode: profileCode,
    contract,
    startDate,
    endDate,
    assignedBy: owner,
    permission,
  };
}

function holdingView({ account, roles }: Pick<StoredAccount, 'account' | 'roles'>) {
  return { ...dataOf(account, {}), enabled: account.enabled, roles: roles.map(roleView) };
}
