import { contractRoles, displayName } from '../../shared/domain/permission.ts';
import type { CatalogueEntries } from '../../shared/domain/catalogue.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import type { SubPermissionsDecision } from '../../shared/domain/decide-sub-permissions.ts';
import type { AccountRules } from '../../shared/domain/rules.ts';
import { answerJson, type Answer } from '../http.ts';
import { auditLogs } from './output-context.ts';

/** The granting or revoking of a static permission, as the outputContext to take over. */
export function permissionOutput(decision: Decision, { dryRun }: { dryRun: boolean }): Answer {
  const { kind, success, reference, logs } = decision;
  const body = { Success: success, AuditLogs: auditLogs(logs) };
  return answerJson(body, 200, { outcome: kind, success, reference, dryRun });
}

/** The same with the complete new state of the sub-permissions. */
export function subPermissionsOutput(decision: SubPermissionsDecision, { dryRun }: { dryRun: boolean }): Answer {
  const { kind, success, reference, logs, subPermissions } = decision;
  const SubPermissions = subPermissions.map(({ id, name }) => ({ DisplayName: name, Reference: { Id: id } }));
  const body = { Success: success, SubPermissions, AuditLogs: auditLogs(logs) };
  return answerJson(body, 200, { outcome: kind, success, reference, dryRun, roles: subPermissions.length });
}

/** The one permission for roles per contract; none where the account actions carry the roles. */
export function dynamicPermissions({ assignedBy }: AccountRules) {
  if (assignedBy !== 'permissions') return [];
  return [{ DisplayName: contractRoles.name, Identification: { Reference: contractRoles.reference } }];
}

/** The static permissions that the catalogue offers. */
export function staticPermissions(entries: CatalogueEntries) {
  return [...entries.values()].map(({ reference, name }) => ({
    DisplayName: displayName(name),
    Identification: { Reference: reference },
  }));
}
