import { roleName, sameRoles, type Role } from './account.ts';
import { catalogueRole, type CatalogueEntry } from './catalogue.ts';
import { refuse, type Decision, type HelloIdAction, type Situation } from './decision.ts';
import { refuseOtherNumber, unknownLeaverMessage } from './leaver.ts';
import { displayName } from './permission.ts';

export interface PermissionRequest {
  /** Null: HelloID holds none. */
  reference: string | null;
  /** The reference of the permission, as its list told HelloID; null where none was sent. */
  permission: string | null;
  /** What HelloID calls the permission. */
  permissionName: string | null;
  origin: string | null;
  /** `Person.ExternalId`, as far as it was sent. */
  person?: string | null;
  dryRun: boolean;
}

/** Gives a static role; giving it twice is no error, giving it to someone unknown is. */
export function decideGrant(
  { held }: Situation,
  request: PermissionRequest,
  entry: CatalogueEntry | undefined,
): Decision {
  const { reference, permission, dryRun } = request;
  if (reference === null || permission === null) return incomplete('GrantPermission', request);
  if (!held) {
    const message = `Person [${reference}] was not found; it may have been deleted`;
    return { ...refuse('GrantPermission', message, null, reference), kind: 'not-found' };
  }
  if (!entry) {
    const message =
      `Could not grant the role: [${permission}] is not a reference of the catalogue. ` +
      'It is a permission reference of another system, or its line was taken out of the table in roles.catalogue';
    return refuse('GrantPermission', message, held, reference);
  }

  const name = `[${displayName(entry.name)}]`;
  const role = catalogueRole(entry);
  const before = held.roles.filter((other) => isStatic(other, permission));
  const others = held.roles.filter((other) => !isStatic(other, permission));
  const changed = !sameRoles(before, [role]);
  const say = (did: string, would: string) => (dryRun ? `[DryRun] ${would}` : did);
  const message = !changed
    ? `Role ${name} was granted already to person [${reference}]`
    : before.length > 0
      ? `${say('Changed', 'Would change')} role ${name} to what the catalogue says now`
      : `${say('Granted', 'Would grant')} role ${name}`;
  return {
    kind: changed ? 'granted' : 'unchanged',
    success: true,
    logs: [{ action: 'GrantPermission', message, isError: false }],
    reference,
    before: held,
    after: { ...held, roles: [...others, role] },
    write: changed ? 'save' : 'nothing',
  };
}

/** Takes a static role; one that is not held, or someone unknown, is no error: what HelloID wants is so. */
export function decideRevoke({ held, otherNumber, leaverHere }: Situation, request: PermissionRequest): Decision {
  const { reference, permission, permissionName, origin, dryRun } = request;
  if (reference === null || permission === null) return incomplete('RevokePermission', request);
  if (held && otherNumber) return refuseOtherNumber('RevokePermission', held, otherNumber);
  const from = origin ? `. Origin: [${origin}]` : '';
  const taken = held?.roles.filter((role) => isStatic(role, permission)) ?? [];
  const [role] = taken;
  const name = displayName(permissionName, role ? roleName(role) : null, permission);
  const isElsewhere = !held && leaverHere?.roles.some((other) => isStatic(other, permission));
  if (leaverHere && isElsewhere)
    return {
      kind: 'unknown-leaver',
      success: true,
      logs: [{ action: 'RevokePermission', message: unknownLeaverMessage(leaverHere, request), isError: false }],
      reference,
      before: null,
      after: null,
      write: 'nothing',
    };
  const message = !held
    ? `Person [${reference}] was not found, so role [${name}] did not have to be revoked`
    : !role
      ? `Person [${reference}] does not hold role [${name}], so nothing had to be revoked`
      : `${dryRun ? '[DryRun] Would revoke' : 'Revoked'} role [${name}]`;
  return {
    kind: role ? 'revoked' : held ? 'unchanged' : 'not-found',
    success: true,
    logs: [{ action: 'RevokePermission', message: message + from, isError: false }],
    reference,
    before: held ?? null,
    after: held ? { ...held, roles: held.roles.filter((other) => !taken.includes(other)) } : null,
    write: role ? 'save' : 'nothing',
  };
}

function isStatic({ owner, permission }: Role, reference: string): boolean {
  return owner === 'catalogue' && permission === reference;
}

function incomplete(action: HelloIdAction, { reference }: PermissionRequest): Decision {
  if (reference === null)
    return refuse(action, 'The account reference is missing: HelloID holds no account for this person');
  return refuse(action, 'The permission reference is missing: actionContext.References.Permission', null, reference);
}
