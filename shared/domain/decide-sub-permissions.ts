import { sameRoles, type Holding, type Role } from './account.ts';
import { compareCodes } from './code-fields.ts';
import { conditionsUnsaid, noRoleFor, rolesOf, type Contract } from './contracts.ts';
import type { PermissionRequest } from './decide-grant.ts';
import { refuse, type Decision, type Situation } from './decision.ts';
import { refuseOtherNumber, unknownLeaverMessage } from './leaver.ts';
import { contractRoles, mostSubPermissions, placeholder, subPermissionsOf, type SubPermission } from './permission.ts';
import type { AccountRules } from './rules.ts';
import { differences, line, operationActions, type Operation } from './sub-permission-log.ts';
import { problemsOf } from './wanted.ts';

export interface SubPermissionsRequest extends PermissionRequest {
  operation: Operation;
  /** What HelloID believes to be granted. */
  believed: SubPermission[];
  /** Null: not sent, so roles stay. */
  contracts: Contract[] | null;
}

/** A decision that also tells HelloID the complete new state. */
export interface SubPermissionsDecision extends Decision {
  subPermissions: SubPermission[];
}

/** Brings the roles per contract to one per contract in conditions, whatever HelloID believed, and tells it what changed. */
export function decideSubPermissions(
  situation: Situation,
  request: SubPermissionsRequest,
  rules: AccountRules,
): SubPermissionsDecision {
  const { held, otherNumber, leaverHere, rolesTakenOver = false } = situation;
  const { reference, operation, permission, contracts } = request;
  const revoking = operation === 'revoke';
  if (rules.assignedBy !== 'permissions') {
    if (revoking) return revokedLate(situation, request, rules);
    return failed(
      held,
      request,
      'roles come with create and update, because roles.assignedBy in connector.json is "account"; set it to "permissions", or take this permission out of the business rules',
    );
  }
  if (reference === null)
    return failed(held, request, 'the account reference is missing: HelloID holds no account for this person');
  if (permission !== null && permission !== contractRoles.reference) {
    const reason = foreign(permission);
    return revoking ? nothingToRevoke(held, request, reason) : failed(held, request, reason);
  }
  if (!held) {
    if (revoking) return revokedUnknown(leaverHere, request, isPerContract);
    const decision = failed(held, request, `person [${reference}] was not found; it may have been deleted`);
    return { ...decision, kind: 'not-found' };
  }
  if (revoking && otherNumber)
    return { ...refuseOtherNumber('RevokePermission', held, otherNumber), subPermissions: [] };
  if (!revoking && contracts === null) return staysAsItIs(held, request);
  return changed(held, request, rules, { isReplaced: isPerContract, rolesTakenOver });
}

/** Takes what sub-permissions gave before the account actions carried the roles, and nothing that those gave since. */
function revokedLate(
  { held, otherNumber, leaverHere }: Situation,
  request: SubPermissionsRequest,
  rules: AccountRules,
): SubPermissionsDecision {
  const { permission, reference } = request;
  if (permission !== null && permission !== contractRoles.reference)
    return nothingToRevoke(held, request, foreign(permission));
  if (!held && reference !== null && leaverHere?.roles.some(isBySubPermissions))
    return revokedUnknown(leaverHere, request, isBySubPermissions);
  if (!held?.roles.some(isBySubPermissions))
    return nothingToRevoke(held, request, 'The account actions carry the roles (roles.assignedBy)');
  if (otherNumber) return { ...refuseOtherNumber('RevokePermission', held, otherNumber), subPermissions: [] };
  const late = { ...request, believed: [] }; // no line about a role that stays
  return changed(held, late, rules, { isReplaced: isBySubPermissions, rolesTakenOver: false });
}

/** Nobody here has the reference; where the person has an account with such roles, people are told that they stay. */
function revokedUnknown(
  leaverHere: Holding | undefined,
  request: SubPermissionsRequest,
  isMeant: (role: Role) => boolean,
): SubPermissionsDecision {
  const decision = nothingToRevoke(undefined, request, `Person [${request.reference ?? ''}] was not found`);
  if (!leaverHere?.roles.some(isMeant)) return decision;
  return {
    ...decision,
    kind: 'unknown-leaver',
    logs: [line(request, unknownLeaverMessage(leaverHere, request))],
  };
}

interface Replacing {
  /** Which roles those of the contracts take the place of. */
  isReplaced: (role: Role) => boolean;
  /** Whether they are still those of the connector before this one. */
  rolesTakenOver: boolean;
}

function changed(
  held: Holding,
  request: SubPermissionsRequest,
  rules: AccountRules,
  { isReplaced, rolesTakenOver }: Replacing,
): SubPermissionsDecision {
  const { reference, operation, dryRun } = request;
  const contracts = operation === 'revoke' ? [] : (request.contracts ?? []);
  const unsaid = conditionsUnsaid(contracts);
  if (unsaid.length > 0) return failed(held, request, unsaid.join('; '));
  const { roles, withoutRole } = rolesOf(contracts, 'permissions', dryRun);
  const desired = subPermissionsOf(roles);
  if (desired.length > mostSubPermissions)
    return failed(
      held,
      request,
      `the contracts lead to ${desired.length} roles, and HelloID takes at most ${mostSubPermissions} sub-permissions`,
    );
  const problems = problemsOf({}, roles, rules.fits);
  if (problems.length > 0) return failed(held, request, problems.join('; '));

  const after = { ...held, roles: [...held.roles.filter((role) => !isReplaced(role)), ...roles] };
  const rolesChanged = !sameRoles(held.roles, after.roles);
  const stored = subPermissionsOf(held.roles.filter(isReplaced));
  const lines = differences(stored, desired, request);
  return {
    kind: rolesChanged ? 'updated' : 'unchanged',
    success: true,
    logs: [
      ...(lines.length > 0 ? lines : [line(request, summary(request, desired.length, rolesChanged))]),
      ...(withoutRole.length > 0 ? [line(request, `There is ${noRoleFor(withoutRole)}`)] : []),
    ],
    reference,
    before: held,
    after,
    write: rolesChanged ? 'save' : 'nothing',
    withoutRole,
    ...(operation !== 'revoke' && { contracts: 'sent' as const }),
    ...(rolesTakenOver && { codes: compareCodes(held.roles, contracts, rules.codePaths) }),
    subPermissions: shown(desired, operation),
  };
}

function staysAsItIs(held: Holding, request: SubPermissionsRequest): SubPermissionsDecision {
  const stored = subPermissionsOf(held.roles.filter(isPerContract));
  const message = `No contracts were sent, so person [${held.account.reference}] keeps ${stored.length} role(s)`;
  return {
    kind: 'unchanged',
    success: true,
    logs: [line(request, message)],
    reference: request.reference,
    before: held,
    after: held,
    write: 'nothing',
    contracts: 'missing',
    subPermissions: shown(stored, request.operation),
  };
}

function nothingToRevoke(
  held: Holding | undefined,
  request: SubPermissionsRequest,
  reason: string,
): SubPermissionsDecision {
  const from = request.origin ? `. Origin: [${request.origin}]` : '';
  return {
    kind: held ? 'unchanged' : 'not-found',
    success: true,
    logs: [line(request, `${reason}, so no role had to be revoked${from}`)],
    reference: request.reference,
    before: held ?? null,
    after: held ?? null,
    write: 'nothing',
    subPermissions: [],
  };
}

function failed(held: Holding | undefined, request: SubPermissionsRequest, reason: string): SubPermissionsDecision {
  const message = `Could not ${request.operation} the roles: ${reason}`;
  return {
    ...refuse(operationActions[request.operation], message, held ?? null, request.reference),
    subPermissions: [],
  };
}

function summary(
  { reference, operation, dryRun }: SubPermissionsRequest,
  roles: number,
  rolesChanged: boolean,
): string {
  if (rolesChanged) return `${dryRun ? '[DryRun] Would bring' : 'Brought'} ${roles} role(s) up to date`;
  const why = roles === 0 && operation !== 'revoke' ? ', because no contract is in conditions' : '';
  return `No changes for person [${reference ?? ''}] with ${roles} role(s)${why}`;
}

function shown(roles: SubPermission[], operation: Operation): SubPermission[] {
  return roles.length === 0 && operation !== 'revoke' ? [placeholder] : roles;
}

/** Roles that contracts gave, under either mode; static roles are never touched here. */
function isPerContract({ owner }: Role): boolean {
  return owner !== 'catalogue';
}

function isBySubPermissions({ owner }: Role): boolean {
  return owner === 'permissions';
}

function foreign(permission: string): string {
  return `[${permission}] is a permission reference of another system; roles per contract are [${contractRoles.reference}]`;
}
