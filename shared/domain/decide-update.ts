import { sameRoles, type Account, type Holding, type Role, type Wanted } from './account.ts';
import { compareCodes } from './code-fields.ts';
import { conditionsUnsaid, rolesOf, type Contract } from './contracts.ts';
import { noteOn } from './decide-create.ts';
import { refuse, type Decision, type Situation } from './decision.ts';
import { sharedNote } from './leaver.ts';
import type { AccountRules } from './rules.ts';
import { takenBy, takenMessage } from './taken.ts';
import { isBlank } from './text.ts';
import { changedFields, hiddenIn, problemsOf } from './wanted.ts';

export interface UpdateRequest {
  /** Null: HelloID holds none. */
  reference: string | null;
  wanted: Wanted;
  /** Null: not sent, so roles stay. */
  contracts: Contract[] | null;
  /** `Person.ExternalId`, as far as it was sent. */
  person?: string | null;
  dryRun: boolean;
}

/** Writes only what differs; an unknown person is a failure, because HelloID must create it again. */
export function decideUpdate(
  { held, claims, delivered, rolesTakenOver }: Situation,
  request: UpdateRequest,
  rules: AccountRules,
): Decision {
  const { reference, wanted, dryRun } = request;
  if (reference === null)
    return refuse('UpdateAccount', 'The account reference is missing: HelloID holds no account for this person');
  if (!held) return notFound(reference);

  const { roles, given, note, withoutRole, unsaid } = rolesAfter(held, request, rules);
  const account = merge(held.account, wanted);
  const problems = [
    ...problemsOf(wanted, given, rules.fits),
    ...hiddenIn(changedKeys(held.account, account)),
    ...unsaid,
  ];
  if (problems.length > 0)
    return refuse('UpdateAccount', `Could not update person: ${problems.join('; ')}`, held, reference);

  const taken = takenBy(claims, (field) => account[field] !== held.account[field], rules);
  if (taken.length > 0)
    return refuse('UpdateAccount', `Could not update person: ${takenMessage(taken, account)}`, held, reference);

  const fields = changedFields(held.account, account);
  const rolesChanged = !sameRoles(held.roles, roles);
  const changed = fields.length > 0 || rolesChanged;
  const parts = [
    ...(changed ? [] : [`No changes for person [${reference}]`]),
    ...(fields.length > 0 ? [`${dryRun ? 'Would update' : 'Updated'} [${fields.join(', ')}]`] : []),
    ...usernameNote(held.account, account, delivered ?? null, rules),
    ...(rolesChanged
      ? [`${dryRun ? 'would have' : 'now has'} ${roles.length} role(s), before ${held.roles.length}`]
      : []),
    ...stayed(wanted),
  ];
  const message = `${dryRun ? '[DryRun] ' : ''}${parts.join('; ')}${note}${sharedNote(held, request.person)}`;
  return {
    kind: changed ? 'updated' : 'unchanged',
    success: true,
    logs: [{ action: 'UpdateAccount', message, isError: false }],
    reference,
    before: held,
    after: { account, roles },
    ...(withoutRole && { withoutRole }),
    ...(rules.assignedBy === 'account' && { contracts: request.contracts ? 'sent' : 'missing' }),
    ...(rolesTakenOver && withoutRole && { codes: compareCodes(held.roles, request.contracts ?? [], rules.codePaths) }),
    write: changed ? 'save' : 'nothing',
  };
}

function notFound(reference: string): Decision {
  const message = `Person [${reference}] was not found; it may have been deleted`;
  return { ...refuse('UpdateAccount', message, null, reference), kind: 'not-found' };
}

/** Contracts replace the roles that contracts gave, under either mode; static roles stay. */
function rolesAfter(held: Holding, { contracts, dryRun }: UpdateRequest, rules: AccountRules) {
  if (rules.assignedBy !== 'account' || !contracts)
    return { roles: held.roles, given: [] as Role[], note: '', withoutRole: undefined, unsaid: [] };
  const { roles, withoutRole } = rolesOf(contracts, 'account', dryRun);
  const kept = held.roles.filter((role) => role.owner === 'catalogue');
  const none = roles.length === 0 && withoutRole.length === 0 && held.roles.length > kept.length;
  return {
    roles: [...kept, ...roles],
    given: roles,
    withoutRole,
    unsaid: conditionsUnsaid(contracts),
    note: (none ? '; no contract is in conditions' : '') + noteOn(withoutRole),
  };
}

/** Absent members stay; null empties, but never the two that make a person findable. */
function merge(account: Account, wanted: Wanted): Account {
  const { extra, externalId, username, ...rest } = wanted;
  return {
    ...account,
    ...rest,
    externalId: isBlank(externalId) ? account.externalId : (externalId ?? ''),
    username: isBlank(username) ? account.username : (username ?? ''),
    extra: { ...account.extra, ...extra },
  };
}

/** Those of the two that are new: a value that is stored already stops no other change. */
function changedKeys(before: Account, { externalId, username }: Account): Pick<Wanted, 'externalId' | 'username'> {
  return {
    ...(externalId !== before.externalId && { externalId }),
    ...(username !== before.username && { username }),
  };
}

function stayed({ externalId, username }: Wanted): string[] {
  const empty = [
    ...(externalId !== undefined && isBlank(externalId) ? ['externalId'] : []),
    ...(username !== undefined && isBlank(username) ? ['gebruikersnaam'] : []),
  ];
  return empty.length > 0 ? [`[${empty.join(', ')}] was sent empty and stays as it is`] : [];
}

function usernameNote(
  before: Account,
  after: Account,
  delivered: string | null,
  { usernameChange }: AccountRules,
): string[] {
  if (before.username === after.username) return [];
  const change = `the username changed from [${before.username}] to [${after.username}]`;
  if (usernameChange === 'follow') return [`${change}: Spend Cloud will see a new employee`];
  if (delivered === null || delivered === after.username) return [change];
  if (usernameChange === 'freeze') return [`${change}: the files keep [${delivered}], which Spend Cloud knows`];
  return [
    `${change}: Spend Cloud would see a new employee, so the files keep [${delivered}] until an operator accepts the new name`,
  ];
}
