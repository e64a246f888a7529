import type { Holding } from './account.ts';
import { refuseOtherNumber, unknownLeaverMessage } from './leaver.ts';
import { refuse, type Decision, type DecisionKind, type HelloIdAction, type Situation } from './decision.ts';

export interface AccessRequest {
  /** Null: HelloID holds none. */
  reference: string | null;
  /** `enforcement` or `reconciliation`, as HelloID says it. */
  origin: string | null;
  /** The numbers of the request's body, as far as they were sent; an operator's call has none. */
  number?: string | null;
  person?: string | null;
  dryRun: boolean;
}

/** Enabling someone unknown is a failure: HelloID would believe in an access that is not there. */
export function decideEnable({ held }: Situation, request: AccessRequest): Decision {
  if (request.reference === null) return noReference('EnableAccount');
  if (!held)
    return unknown(
      'EnableAccount',
      `Person [${request.reference}] was not found; it may have been deleted`,
      request,
      false,
    );
  if (held.account.enabled)
    return done('EnableAccount', 'unchanged', `Person [${request.reference}] is enabled already`, held, held);
  const after = { ...held, account: { ...held.account, enabled: true } };
  return done('EnableAccount', 'enabled', tense(request, 'Enabled', 'Would enable'), held, after);
}

/** Disabling someone unknown succeeds: what HelloID wants is so. */
export function decideDisable({ held, otherNumber, leaverHere }: Situation, request: AccessRequest): Decision {
  if (request.reference === null) return noReference('DisableAccount');
  if (!held && leaverHere) return unknownLeaver('DisableAccount', leaverHere, request);
  if (!held)
    return unknown(
      'DisableAccount',
      `Person [${request.reference}] was not found, so nothing had to be disabled.${originOf(request)}`,
      request,
      true,
    );
  if (otherNumber) return refuseOtherNumber('DisableAccount', held, otherNumber);
  if (!held.account.enabled)
    return done(
      'DisableAccount',
      'unchanged',
      `Person [${request.reference}] is disabled already.${originOf(request)}`,
      held,
      held,
    );
  const after = { ...held, account: { ...held.account, enabled: false } };
  return done(
    'DisableAccount',
    'disabled',
    `${tense(request, 'Disabled', 'Would disable')}.${originOf(request)}`,
    held,
    after,
  );
}

/** Deleting someone unknown succeeds. A deleted person leaves the files and is kept for history and return. */
export function decideDelete({ held, otherNumber, leaverHere }: Situation, request: AccessRequest): Decision {
  if (request.reference === null) return noReference('DeleteAccount');
  if (!held && leaverHere) return unknownLeaver('DeleteAccount', leaverHere, request);
  if (!held)
    return unknown(
      'DeleteAccount',
      `Person [${request.reference}] was not found, so nothing had to be deleted.${originOf(request)}`,
      request,
      true,
    );
  if (otherNumber) return refuseOtherNumber('DeleteAccount', held, otherNumber);
  return done(
    'DeleteAccount',
    'deleted',
    `${tense(request, 'Deleted', 'Would delete')}.${originOf(request)}`,
    held,
    null,
  );
}

function done(
  action: HelloIdAction,
  kind: DecisionKind,
  message: string,
  before: Holding,
  after: Holding | null,
): Decision {
  const write = kind === 'unchanged' ? 'nothing' : kind === 'deleted' ? 'delete' : 'save';
  return {
    kind,
    success: true,
    logs: [{ action, message, isError: false }],
    reference: before.account.reference,
    before,
    after,
    write,
  };
}

function unknown(action: HelloIdAction, message: string, { reference }: AccessRequest, success: boolean): Decision {
  const logs = [{ action, message, isError: !success }];
  return { kind: 'not-found', success, logs, reference, before: null, after: null, write: 'nothing' };
}

/** Nobody ever had the reference, but the person's number has an account: HelloID is told success, and people are told that somebody may keep access. */
function unknownLeaver(action: HelloIdAction, here: Holding, request: AccessRequest): Decision {
  return { ...unknown(action, unknownLeaverMessage(here, request), request, true), kind: 'unknown-leaver' };
}

function noReference(action: HelloIdAction): Decision {
  return refuse(action, 'The account reference is missing: HelloID holds no account for this person');
}

function tense({ dryRun, reference }: AccessRequest, did: string, would: string): string {
  return dryRun ? `[DryRun] ${would} person [${reference}]` : `${did} person [${reference}]`;
}

function originOf({ origin }: AccessRequest): string {
  return origin ? ` Origin: [${origin}]` : '';
}
