import type { ComparedCode } from './code-fields.ts';
import type { Holding } from './account.ts';
import type { OtherNumber } from './leaver.ts';
import type { FormerSelf } from './revival.ts';

/** The names HelloID's audit log knows and we use; any other is illegal there. */
export type HelloIdAction =
  | 'CreateAccount'
  | 'CorrelateAccount'
  | 'UpdateAccount'
  | 'EnableAccount'
  | 'DisableAccount'
  | 'DeleteAccount'
  | 'GrantPermission'
  | 'UpdatePermission'
  | 'RevokePermission'
  | 'CreateResource';

export interface LogLine {
  action: HelloIdAction;
  message: string;
  isError: boolean;
}

export const decisionKinds = [
  'created',
  'imported',
  'revived',
  'correlated',
  'updated',
  'unchanged',
  'enabled',
  'disabled',
  'deleted',
  'granted',
  'revoked',
  'not-found',
  'unknown-leaver',
  'other-number',
  'refused',
] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** What should happen to one account, and what HelloID is told. A preview is the same decision with nothing written. */
export interface Decision {
  kind: DecisionKind;
  success: boolean;
  logs: LogLine[];
  /** The account's reference; null where there is none to tell. */
  reference: string | null;
  before: Holding | null;
  /** The account as it is afterwards; null once deleted or when nothing is known. */
  after: Holding | null;
  /** Contracts in conditions that give no role; absent where contracts were not looked at. */
  withoutRole?: string[];
  /** Whether HelloID sent the contracts that this call is to bring; absent where it need not. */
  contracts?: 'sent' | 'missing';
  /** What the contracts that replace roles taken over say about their codes; absent where none are replaced. */
  codes?: ComparedCode[];
  /** What the store has to write besides the event; `insert-deleted`: an account that Spend Cloud knew and that is deleted already. */
  write: 'insert' | 'insert-deleted' | 'save' | 'revive' | 'delete' | 'nothing';
}

/** A living or former holder of a value that a request wants, `also` for a person of `also.persons`: what `taken` judges. */
export interface Claim {
  field: 'externalId' | 'username' | 'email';
  holder: string;
  /** `in-files`: a living account that has another by now stands in the files with this one. */
  by: 'living' | 'in-files' | 'delivered-before' | 'also';
}

/** All that a decision about one account may know, loaded in the transaction it is written in. */
export interface Situation {
  /** The living account that the reference names. */
  held?: Holding | undefined;
  /** The username it was delivered with last; null or absent: never. */
  delivered?: string | null | undefined;
  /** Whether its roles are still those of the earlier connector. */
  rolesTakenOver?: boolean;
  /** Living accounts that the correlation value finds. */
  correlated: Holding[];
  /** The living account with the wanted external id. */
  sameNumber?: Holding | undefined;
  /** The account with the wanted external id that was deleted last. */
  deleted?: Holding | undefined;
  /** The account with the wanted external id, living or deleted, is as it was made: nothing was done with it and no file held it. */
  untouched?: boolean;
  /** What that deleted account ever was called. */
  former?: FormerSelf | undefined;
  /** A number of the request that is not this account's. */
  otherNumber?: OtherNumber | undefined;
  /** The living account with the number of the request, where nobody ever had its reference. */
  leaverHere?: Holding | undefined;
  /** Whoever has, or had, the reference that a new account is to get. */
  referenceHolder?: Holding | undefined;
  /** Other accounts that hold, or once held, a wanted value. */
  claims: Claim[];
  /** The reference a new account would get. */
  freeReference: string;
}

/** A decision that changes nothing and tells HelloID why. */
export function refuse(
  action: HelloIdAction,
  message: string,
  before: Holding | null = null,
  reference: string | null = null,
): Decision {
  return {
    kind: 'refused',
    success: false,
    logs: [{ action, message, isError: true }],
    reference,
    before,
    after: before,
    write: 'nothing',
  };
}
