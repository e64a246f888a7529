import { z } from 'zod';
import type { PermissionRequest } from '../../shared/domain/decide-grant.ts';
import type { SubPermissionsRequest } from '../../shared/domain/decide-sub-permissions.ts';
import { displayName, type SubPermission } from '../../shared/domain/permission.ts';
import type { Policy } from '../../shared/policy.ts';
import type { HttpRequest } from '../http.ts';
import { readBody, type Members } from './body.ts';
import { contractOf, contractShape } from './contract.ts';
import { PersonNumber, personNumberOf } from './person-number.ts';
import { Reference, referenceOf } from './reference.ts';
import { Flag, list, members, readShape, Text } from './shape.ts';

const permissionMembers = {
  References: members({ Account: Reference, Permission: Reference }).nullish(),
  PermissionDisplayName: Text,
  Origin: Text,
  DryRun: Flag,
};

const PermissionAction = members(permissionMembers);

/** The shape of a body that grants or revokes a static permission. */
export const permissionShape = members({
  actionContext: PermissionAction,
  personContext: z
    .unknown()
    .describe('Of the person, `Person.ExternalId` is compared when a role is revoked.')
    .optional(),
});

/** Reads the granting or revoking of a static permission; contracts are not looked at. */
export function permissionReader(): (request: HttpRequest) => Promise<PermissionRequest> {
  return async (request) => {
    const body = await readBody(request);
    return requestOf(body, readShape(permissionShape, body).actionContext);
  };
}

/** Reads an action on sub-permissions, contracts as this policy's paths have them. */
export function subPermissionsReader(policy: Policy): (request: HttpRequest) => Promise<SubPermissionsRequest> {
  const shape = subPermissionsShape(policy);
  return async (request) => {
    const body = await readBody(request);
    const { actionContext, personContext } = readShape(shape, body);
    return {
      ...requestOf(body, actionContext),
      operation: actionContext.Operation,
      believed: (actionContext.CurrentPermissions ?? []).flatMap(subPermissionOf),
      contracts: personContext?.Person?.Contracts?.map((contract) => contractOf(contract, policy)) ?? null,
    };
  };
}

/** The shape of a body about sub-permissions; made from the policy, because contract paths are its choice. */
export function subPermissionsShape(policy: Policy) {
  const Operation = z.preprocess(
    (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
    z.enum(['grant', 'update', 'revoke'], 'must be grant, update or revoke'),
  );
  const SubPermission = members({ DisplayName: Text, Reference });
  const Person = members({ ExternalId: PersonNumber, Contracts: list(contractShape(policy)) });
  return members({
    actionContext: members({ ...permissionMembers, Operation, CurrentPermissions: list(SubPermission) }),
    personContext: members({ Person: Person.nullish() }).nullish(),
  });
}

function requestOf(body: Members, actionContext: z.output<typeof PermissionAction>): PermissionRequest {
  const { References, PermissionDisplayName, Origin, DryRun } = actionContext;
  return {
    reference: referenceOf(References?.Account),
    permission: referenceOf(References?.Permission),
    permissionName: PermissionDisplayName ?? null,
    person: personNumberOf(body),
    origin: Origin ?? null,
    dryRun: DryRun ?? false,
  };
}

/** One that HelloID believes to be granted; without a key it cannot be told from another and is passed over. */
function subPermissionOf({
  DisplayName,
  Reference,
}: {
  DisplayName?: string | null | undefined;
  Reference?: unknown;
}): SubPermission[] {
  const id = referenceOf(Reference);
  return id === null ? [] : [{ id, name: displayName(DisplayName ?? null, id) }];
}
