import { fieldNames, type Account, type Holding, type Role, type Wanted } from './account.ts';
import { conditionsUnsaid, noRoleFor, rolesOf, type Contract } from './contracts.ts';
import { refuse, type Decision, type Situation } from './decision.ts';
import { visibleForm } from './key-form.ts';
import { sharedNote } from './leaver.ts';
import { isSomebodyElse, somebodyElseMessage } from './revival.ts';
import { takenBy, takenMessage } from './taken.ts';
import { hiddenIn, problemsOf } from './wanted.ts';
import type { AccountRules } from './rules.ts';
import { isBlank } from './text.ts';

/** The fields an account may be correlated on, by their names on the wire. */
export const correlationFields = ['externalId', 'username', 'email'] as const;
export type CorrelationField = (typeof correlationFields)[number];

export type Correlation =
  { kind: 'off' } | { kind: 'on'; field: CorrelationField; value: string } | { kind: 'unusable'; reason: string };

export interface CreateRequest {
  wanted: Wanted;
  correlation: Correlation;
  /** Null: not sent, so roles stay. */
  contracts: Contract[] | null;
  /** `Person.ExternalId`, as far as it was sent. */
  person?: string | null;
  dryRun: boolean;
}

/** What HelloID's preview shows where a real create answers the reference. */
export const previewReference = 'DryRun: not available';

/** Correlates, revives or creates, or refuses; see interface section 4. */
export function decideCreate(situation: Situation, request: CreateRequest, rules: AccountRules): Decision {
  const { wanted, correlation, dryRun } = request;
  const { roles, note, withoutRole, unsaid } = rolesFor(request, rules);
  const problems = [...missing(wanted), ...problemsOf(wanted, roles, rules.fits), ...unsaid];
  if (problems.length > 0) return refuse('CreateAccount', `Could not create person: ${problems.join('; ')}`);
  if (correlation.kind === 'unusable')
    return refuse('CreateAccount', `Could not create or correlate person: ${correlation.reason}`);

  const match = findMatch(situation, wanted, correlation);
  if (match.kind === 'refused') return refuse('CreateAccount', `Could not create or correlate person: ${match.reason}`);
  if (match.kind === 'found') return correlated(match.holding, match.how, request);

  const hidden = hiddenIn(wanted);
  if (hidden.length > 0) return refuse('CreateAccount', `Could not create person: ${hidden.join('; ')}`);
  const { deleted, former } = situation;
  const externalId = wanted.externalId ?? '';
  if (deleted && former && isSomebodyElse(former, wanted)) {
    const why = somebodyElseMessage(deleted.account.reference, externalId, former);
    return refuse('CreateAccount', `Could not create person: ${why}`);
  }
  const taken = takenBy(situation.claims, () => true, rules);
  if (taken.length > 0)
    return refuse('CreateAccount', `Could not create person: ${takenMessage(taken, valuesOf(wanted))}`);

  const reference = deleted?.account.reference ?? (dryRun ? previewReference : situation.freeReference);
  const after = { account: accountOf(reference, wanted, rules.initiallyEnabled), roles };
  const message = createMessage(after, deleted !== undefined, dryRun) + note;
  return {
    kind: deleted ? 'revived' : 'created',
    success: true,
    logs: [{ action: 'CreateAccount', message, isError: false }],
    reference,
    before: null,
    after,
    ...(withoutRole && { withoutRole }),
    ...(deleted && withoutRole && { contracts: 'sent' }),
    write: deleted ? 'revive' : 'insert',
  };
}

type Match = { kind: 'found'; holding: Holding; how: string } | { kind: 'none' } | { kind: 'refused'; reason: string };

function findMatch({ correlated, sameNumber, deleted }: Situation, wanted: Wanted, correlation: Correlation): Match {
  const externalId = wanted.externalId ?? '';
  const by = (field: CorrelationField, value: string) => `on field [${fieldNames[field]}] with value [${value}]`;
  const [hit, second] = correlated;
  if (correlation.kind === 'on' && second) {
    const { field, value } = correlation;
    return { kind: 'refused', reason: `${correlated.length} persons found where [${fieldNames[field]}] is [${value}]` };
  }
  if (correlation.kind === 'on' && hit) {
    const { field, value } = correlation;
    const owner = sameNumber ?? (visibleForm(hit.account.externalId) === visibleForm(externalId) ? undefined : deleted);
    if (owner && owner.account.reference !== hit.account.reference) {
      const reason = `[${fieldNames[field]}] finds [${hit.account.reference}], but externalId finds [${owner.account.reference}]`;
      return { kind: 'refused', reason: `${reason}; correct one of the two persons first` };
    }
    return { kind: 'found', holding: hit, how: by(field, value) };
  }
  if (sameNumber) return { kind: 'found', holding: sameNumber, how: by('externalId', externalId) };
  return { kind: 'none' };
}

function correlated(holding: Holding, how: string, { dryRun, person }: CreateRequest): Decision {
  const { reference } = holding.account;
  const did = dryRun ? '[DryRun] Would correlate' : 'Correlated';
  const message = `${did} person [${reference}] ${how}${sharedNote(holding, person)}`;
  return {
    kind: 'correlated',
    success: true,
    logs: [{ action: 'CorrelateAccount', message, isError: false }],
    reference,
    before: holding,
    after: holding,
    write: 'nothing',
  };
}

function rolesFor(
  { contracts, dryRun }: CreateRequest,
  rules: AccountRules,
): { roles: Role[]; note: string; withoutRole?: string[]; unsaid: string[] } {
  if (rules.assignedBy !== 'account' || !contracts) return { roles: [], note: '', unsaid: [] };
  const { roles, withoutRole } = rolesOf(contracts, 'account', dryRun);
  return { roles, note: noteOn(withoutRole), withoutRole, unsaid: conditionsUnsaid(contracts) };
}

/** What the log adds about contracts that give no role. */
export function noteOn(withoutRole: readonly string[]): string {
  return withoutRole.length === 0 ? '' : `; ${noRoleFor(withoutRole)}`;
}

function missing({ externalId, username }: Wanted): string[] {
  return [
    ...(isBlank(externalId) ? ['[externalId] is empty; map it to Person.ExternalId'] : []),
    ...(isBlank(username) ? ['[gebruikersnaam] is empty; Spend Cloud knows an employee by the username'] : []),
  ];
}

function createMessage({ account, roles }: Holding, revived: boolean, dryRun: boolean): string {
  if (dryRun) {
    const verb = revived ? `Would revive deleted person [${account.reference}] as` : 'Would create person';
    return `[DryRun] ${verb} [${account.username}]; every contract is shown as a role, because in a preview none need be in conditions`;
  }
  const what = revived ? 'Revived deleted' : 'Created';
  return `${what} person [${account.username}] with reference [${account.reference}] and ${roles.length} role(s)`;
}

function accountOf(reference: string, wanted: Wanted, enabled: boolean): Account {
  return {
    reference,
    externalId: wanted.externalId ?? '',
    username: wanted.username ?? '',
    email: wanted.email ?? null,
    firstName: wanted.firstName ?? null,
    prefix: wanted.prefix ?? null,
    lastName: wanted.lastName ?? null,
    gender: wanted.gender ?? null,
    extra: wanted.extra ?? {},
    enabled,
  };
}

function valuesOf({ externalId, username, email }: Wanted) {
  return { externalId: externalId ?? null, username: username ?? null, email: email ?? null };
}
