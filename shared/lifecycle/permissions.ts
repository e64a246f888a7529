import type { App } from '../app.ts';
import { decideGrant, decideRevoke, type PermissionRequest } from '../domain/decide-grant.ts';
import {
  decideSubPermissions,
  type SubPermissionsDecision,
  type SubPermissionsRequest,
} from '../domain/decide-sub-permissions.ts';
import type { Decision } from '../domain/decision.ts';
import type { Caller } from '../store/accounts.ts';

/** Gives a static role of the catalogue. */
export async function grantPermission(
  { accounts, catalogue }: App,
  request: PermissionRequest,
  caller: Caller,
): Promise<Decision> {
  const { reference, permission, person = null, dryRun } = request;
  const entry = (await catalogue.entries()).get(permission ?? '');
  return accounts.change({ reference, calledFor: person }, { ...caller, dryRun }, (situation) =>
    decideGrant(situation, request, entry),
  );
}

/** Takes a static role, also one that has left the catalogue. */
export async function revokePermission(
  { accounts }: App,
  request: PermissionRequest,
  caller: Caller,
): Promise<Decision> {
  const { reference, person = null, dryRun } = request;
  return accounts.change({ reference, leaver: { number: null, person } }, { ...caller, dryRun }, (situation) =>
    decideRevoke(situation, request),
  );
}

/** Brings the roles per contract to what HelloID wants. */
export async function changeSubPermissions(
  { accounts, rules }: App,
  request: SubPermissionsRequest,
  caller: Caller,
): Promise<SubPermissionsDecision> {
  const { reference, person = null, operation, dryRun } = request;
  const named = operation === 'revoke' ? { leaver: { number: null, person } } : { calledFor: person };
  return accounts.change({ reference, ...named }, { ...caller, dryRun }, (situation) =>
    decideSubPermissions(situation, request, rules),
  );
}
