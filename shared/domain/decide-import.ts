import type { Holding } from './account.ts';
import type { Decision, Situation } from './decision.ts';
import type { LegacyPerson } from './legacy/take-over.ts';
import { takenBy, takenMessage } from './taken.ts';
import type { AccountRules } from './rules.ts';

/** What a person of the earlier connector becomes here; `decision.write` says whether anything is to be written. */
export interface ImportDecision extends Decision {
  outcome: ImportOutcome;
  /** The references of others here with the same e-mail address. */
  sameEmail: string[];
}
export type ImportOutcome =
  'imported' | 'imported-before' | 'number-present' | 'deleted-here' | 'reference-present' | 'username-present';

/** Takes a person over as a new, enabled account, unless an account that is or was here stands in the way: those are never changed. */
export function decideImport(situation: Situation, person: LegacyPerson, rules: AccountRules): ImportDecision {
  const { reference, account, roles } = person;
  const { sameNumber, deleted, referenceHolder, claims } = situation;
  if (sameNumber) return present(sameNumber, reference);
  if (deleted)
    return leave('deleted-here', `its number was that of [${deleted.account.reference}], deleted here since`, deleted);
  if (referenceHolder)
    return leave('reference-present', `its reference is that of number [${referenceHolder.account.externalId}] here`);
  const ofUsername = takenBy(claims, (field) => field === 'username', rules);
  if (ofUsername.length > 0) {
    const { username, externalId, email } = account;
    return leave('username-present', takenMessage(ofUsername, { username, externalId, email }));
  }
  const after = { account: { ...account, reference: reference ?? situation.freeReference }, roles };
  const sameEmail = claims.filter(({ field }) => field === 'email').map(({ holder }) => holder);
  return { ...decided('imported', importMessage(after), after.account.reference), after, sameEmail, write: 'insert' };
}

function present(holding: Holding, reference: string | null): ImportDecision {
  const held = holding.account.reference;
  if (reference === null || held === reference) return leave('imported-before', `is here as [${held}]`, holding);
  return leave('number-present', `its number is that of [${held}] here, and HelloID held [${reference}]`, holding);
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

function importMessage({ account, roles }: Holding): string {
  return `Took over person [${account.username}] with reference [${account.reference}] and ${roles.length} role(s) from the earlier connector`;
}
