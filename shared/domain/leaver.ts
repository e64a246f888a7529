import type { Holding } from './account.ts';
import { refuse, type Decision, type HelloIdAction } from './decision.ts';

/** By which numbers a request names the person who leaves; each is compared with its own kind alone. */
export interface NamedNumbers {
  /** `Data.externalId`, compared with the stored number. */
  number: string | null;
  /** `Person.ExternalId`, compared with the one that this reference was called for before. */
  person: string | null;
}

/** A number of the request that shows it to be about somebody else than the account that its reference leads to. */
export interface OtherNumber {
  named: string;
  own: string;
  /** The other living account that has the number; null: this account had it until it got another. */
  holder: string | null;
}

/** Refuses to take anything from the wrong person; both numbers are told, and what to do. */
export function refuseOtherNumber(action: HelloIdAction, held: Holding, { named, own, holder }: OtherNumber): Decision {
  const { reference } = held.account;
  const whose = holder === null ? `which [${reference}] had before` : `which is that of [${holder}]`;
  const message =
    `Nothing was changed: HelloID names number [${named}], ${whose}, while [${reference}] is that of number [${own}] now. ` +
    `If number [${own}] stays, unmanage the account of number [${named}] in HelloID; ` +
    `if [${reference}] has to go, an operator can disable or delete it here`;
  return { ...refuse(action, message, held, reference), kind: 'other-number' };
}

/** HelloID is told success, because what it wants gone is not here; and that the person may keep something under another reference. */
export function unknownLeaverMessage(
  { account: { reference, externalId } }: Holding,
  named: { reference: string | null; origin: string | null },
): string {
  const from = named.origin ? ` Origin: [${named.origin}]` : '';
  return (
    `Person [${named.reference ?? ''}] was not found, but number [${externalId}] has account [${reference}] here, which stays as it is. ` +
    `If this person leaves, an operator has to disable or delete it.${from}`
  );
}

/** What the log adds where an account is used for another person of HelloID's than before. */
export function sharedNote({ calledFor }: Pick<Holding, 'calledFor'>, person: string | null | undefined): string {
  if (!calledFor || !person || calledFor === person) return '';
  return `; HelloID called for person [${calledFor}] before and for person [${person}] now: if they are two people, they share this account`;
}
