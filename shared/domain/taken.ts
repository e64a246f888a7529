import { fieldNames } from './account.ts';
import type { Claim } from './decision.ts';

/** How strict the values are that Spend Cloud wants unique; `accounts` in connector.json. */
export interface UniquenessRules {
  usernameReuse: 'refuse' | 'report';
  duplicateEmail: 'refuse' | 'report';
}

/** The claims that refuse a request which sets these fields; the rest are findings at most. */
export function takenBy(
  claims: readonly Claim[],
  sets: (field: Claim['field']) => boolean,
  rules: UniquenessRules,
): Claim[] {
  return claims.filter((claim) => {
    if (!sets(claim.field)) return false;
    if (claim.by === 'delivered-before') return rules.usernameReuse === 'refuse';
    return claim.field !== 'email' || rules.duplicateEmail === 'refuse';
  });
}

/** The fields whose wanted value create would refuse, each once. */
export function takenFields(claims: readonly Claim[], rules: UniquenessRules): Claim['field'][] {
  return [...new Set(takenBy(claims, () => true, rules).map(({ field }) => field))];
}

/** One sentence that names each taken value's field, its holder and what to do. */
export function takenMessage(taken: readonly Claim[], values: Record<Claim['field'], string | null>): string {
  return taken.map((claim) => sentence(claim, values[claim.field] ?? '')).join('; ');
}

function sentence({ field, holder, by }: Claim, value: string): string {
  const name = `${fieldNames[field]} [${value}]`;
  if (by === 'also')
    return `${name} is that of a person in ${holder}, whom HelloID does not manage; take that line out first`;
  if (by === 'in-files')
    return `${name} is in the files for [${holder}], which has another one by now: it is free once that one was delivered`;
  if (by === 'living') return `${name} is taken by [${holder}]`;
  return (
    `${name} was delivered to Spend Cloud before for [${holder}], where it may still open that person's account; ` +
    `if this is the same person, an operator can lift it for this number: spendcloud username allow`
  );
}
