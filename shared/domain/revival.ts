import type { Wanted } from './account.ts';
import { keyForm } from './key-form.ts';

/** Every username and name that a deleted account ever had; names are erased before usernames are. */
export interface FormerSelf {
  usernames: readonly (string | null)[];
  firstNames: readonly (string | null)[];
  lastNames: readonly (string | null)[];
}

/** Whether nothing shows that this is the person who had the number before: neither username nor first or last name was theirs. */
export function isSomebodyElse(former: FormerSelf, { username, firstName, lastName }: Wanted): boolean {
  return !(
    isAmong(former.usernames, username) ||
    isAmong(former.firstNames, firstName) ||
    isAmong(former.lastNames, lastName)
  );
}

/** What to do about a number that was given out again. */
export function somebodyElseMessage(
  reference: string,
  externalId: string,
  { firstNames, lastNames }: FormerSelf,
): string {
  const nameKnown = [...firstNames, ...lastNames].some((name) => name !== null);
  const had = nameKnown ? 'had another name and another username' : 'had another username (the name was erased)';
  return (
    `number [${externalId}] was that of deleted person [${reference}], who ${had}, and whose account a new person must not get; ` +
    `an operator can let the number make a new account: spendcloud account renew ${externalId}`
  );
}

function isAmong(values: readonly (string | null)[], wanted: string | null | undefined): boolean {
  const key = keyForm(wanted ?? '');
  return key !== '' && values.some((value) => value !== null && keyForm(value) === key);
}
