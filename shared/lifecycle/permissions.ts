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
  const { reference, permission, dryRun } = request;
  const entry = (await catalogue.entries()).get(permission ?? '');
  return accounts.change({ reference }, { ...caller, dryRun }, (situation) => decideGrant(situation, request, entry));
}

/** Takes a static role, also one that has left the catalogue. */
export async function revokePermission(
  { accounts }: App,
  request: PermissionRequest,
  caller: Caller,
): Promise<Decision> {
  const { reference, dryRun } = request;
  return accounts.change({ reference }, { ...caller, dryRun }, (situation) => decideRevoke(situation, request));
}

/** Brings the roles per contract to what HelloID wants. */
export async function changeSubPermissions(
  { accounts, rules }: App,
  request: SubPermissionsRequest,
  caller: Caller,
): Promise<SubPermissionsDecision> {
  const { reference, dryRun } = request;
  return accounts.change({ reference }, { ...caller, dryRun }, (situation) =>
    decideSubPermissions(situation, request, rules),
  );
}
