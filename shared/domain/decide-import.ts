import type { Holding } from './account.ts';
import type { Decision, DecisionKind, HelloIdAction, Situation } from './decision.ts';
import type { NoteKind } from './legacy/notes.ts';
import type { LegacyPerson } from './legacy/take-over.ts';
import { takenBy, takenMessage } from './taken.ts';
import type { AccountRules } from './rules.ts';

/** What a person of the earlier connector becomes here; `decision.write` says whether anything is to be written. */
export interface ImportDecision extends Decision {
  outcome: ImportOutcome;
  /** The references of others here with the same e-mail address. */
  sameEmail: string[];
}
/** `corrected`: taken over before, and by now the list of HelloID or a choice says otherwise. */
export type ImportOutcome = 'imported' | 'imported-before' | 'corrected' | StandsInTheWay;
type StandsInTheWay = NoteKind &
  ('number-present' | 'deleted-here' | 'active-here' | 'reference-present' | 'username-present');

/**
 * Takes a person over as a new account, passive ones as deleted, unless an account that is or was here stands in the way. Of those
 * only one that an earlier take-over made, and that nobody touched since, is changed.
 */
export function decideImport(situation: Situation, person: LegacyPerson, rules: AccountRules): ImportDecision {
  const { reference, account, roles, state } = person;
  const { sameNumber, deleted, referenceHolder, claims } = situation;
  if (sameNumber) return present(sameNumber, person, situation.untouched === true);
  const former = deleted?.account.reference;
  const takenBefore = deleted !== undefined && (reference === null || reference === former);
  if (takenBefore && state === 'passive')
    return leave('imported-before', `is here as deleted [${former ?? ''}]`, deleted);
  const revives = takenBefore && situation.untouched === true;
  if (deleted && !revives)
    return leave('deleted-here', `its number was that of [${former ?? ''}], deleted here since`, deleted);
  if (referenceHolder && !revives)
    return leave('reference-present', `its reference is that of number [${referenceHolder.account.externalId}] here`);
  const ofUsername = takenBy(claims, (field) => field === 'username', rules);
  if (ofUsername.length > 0) {
    const { username, externalId, email } = account;
    return leave('username-present', takenMessage(ofUsername, { username, externalId, email }));
  }
  const after = { account: { ...account, reference: former ?? reference ?? situation.freeReference }, roles };
  const message = importMessage(after, state);
  if (revives) return corrected('revived', 'CreateAccount', message, { before: null, after, write: 'revive' });
  const sameEmail = claims.filter(({ field }) => field === 'email').map(({ holder }) => holder);
  const write = state === 'passive' ? 'insert-deleted' : 'insert';
  const found = state === 'passive' ? [] : sameEmail;
  return { ...decided('imported', message, after.account.reference), after, sameEmail: found, write };
}

function present(
  holding: Holding,
  { reference, state, held: listed }: LegacyPerson,
  untouched: boolean,
): ImportDecision {
  const held = holding.account.reference;
  if (reference !== null && held !== reference)
    return leave('number-present', `its number is that of [${held}] here, and HelloID held [${reference}]`, holding);
  if (state === 'passive')
    return leave('active-here', `is here as [${held}], and passive in the old database`, holding);
  const enabled = state === 'active';
  const differs = holding.account.enabled !== enabled && (listed || !enabled); // without the list nobody gets access back
  if (!differs || !untouched || reference === null) return leave('imported-before', `is here as [${held}]`, holding);
  const after = { ...holding, account: { ...holding.account, enabled } };
  const [kind, action] = enabled ? (['enabled', 'EnableAccount'] as const) : (['disabled', 'DisableAccount'] as const);
  const message = `Taken over before; ${kind} person [${held}] by HelloID's list of references`;
  return corrected(kind, action, message, { before: holding, after, write: 'save' });
}

function corrected(
  kind: DecisionKind,
  action: HelloIdAction,
  message: string,
  change: Pick<Decision, 'before' | 'after' | 'write'>,
): ImportDecision {
  const reference = change.after?.account.reference ?? null;
  const logs = [{ action, message, isError: false }];
  return { outcome: 'corrected', sameEmail: [], kind, success: true, logs, reference, ...change };
}

function leave(outcome: ImportOutcome, message: string, holding: Holding | null = null): ImportDecision {
  return { ...decided(outcome, message, holding?.account.reference ?? null), before: holding, after: holding };
}

function decided(outcome: ImportOutcome, message: string, reference: string | null): ImportDecision {
  const success = outcome === 'imported' || outcome === 'imported-before';
  return {
    outcome,
    sameEmail: [],
    kind: outcome === 'imported' ? 'imported' : success ? 'unchanged' : 'refused',
    success,
    logs: [{ action: 'CreateAccount', message, isError: !success }],
    reference,
    before: null,
    after: null,
    write: 'nothing',
  };
}

function importMessage({ account, roles }: Holding, state: LegacyPerson['state']): string {
  const whom = `person [${account.username}] with reference [${account.reference}]`;
  if (state === 'passive')
    return `Took over ${whom} as deleted: passive in the earlier connector, so Spend Cloud knew the username; create with this number revives it`;
  const disabled = state === 'disabled' ? ', disabled because HelloID does not hold it' : '';
  return `Took over ${whom} and ${roles.length} role(s) from the earlier connector${disabled}`;
}
