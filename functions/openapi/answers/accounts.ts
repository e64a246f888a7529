import { z } from 'zod';
import { fieldNames, type RoleOwner } from '../../../shared/domain/account.ts';
import type { Policy } from '../../../shared/policy.ts';
import { Count, Next, Time } from './values.ts';

const Text = z.string().nullable();

const Role = z
  .strictObject({
    ou: Text,
    oucode: Text,
    functie: Text,
    functiecode: Text,
    contract: z.string().describe("HelloID's id of the contract; empty where there is none."),
    startDate: Text,
    endDate: Text,
    assignedBy: z.enum(['account', 'permissions', 'catalogue']) satisfies z.ZodType<RoleOwner>,
    permission: z.string().describe('Raw codes of unit and profile, or the reference in the catalogue.'),
  })
  .describe('A role by the names of the files, from one contract or from the catalogue.');

/** Accounts as operators see them, with the fields that this policy adds. */
export function accountAnswers({ fields }: Pick<Policy, 'fields'>) {
  const data = {
    ...(Object.fromEntries(Object.values(fieldNames).map((name) => [name, Text])) as Record<FieldName, typeof Text>),
    // an account that was made before a field was added has no value for it
    ...Object.fromEntries(fields.map(({ name }) => [name, Text.optional()])),
  };
  const held = { ...data, enabled: z.boolean(), roles: z.array(Role) };
  const account = {
    reference: z.string(),
    ...held,
    createdAt: Time,
    changedAt: Time,
    touchedAt: Time.describe('When HelloID last called about this account.'),
    deletedAt: Time.nullable(),
  };
  const Holding = z.strictObject(held).nullable();
  const Account = z.strictObject(account).describe('An account, with the roles it has.');
  const AuditEntry = z
    .strictObject({
      entry: Count.describe('The number in the chain.'),
      at: Time,
      action: z.string(),
      hash: z.string().describe('Ties the entry to all before it.'),
      outcome: z.string(),
      success: z.boolean(),
      reference: Text,
      externalId: Text,
      key: z.string().describe('The name of the key that was used, or of the command.'),
      origin: Text.describe('`enforcement` or `reconciliation` as HelloID says it, or `operator`.'),
      requestId: Text.describe("Also in the answer's header x-request-id and in the log."),
      before: Holding,
      after: Holding,
      messages: z.array(z.string()),
      by: z.string().optional().describe('Who decided, where a person did.'),
      reason: z.string().optional().describe('Why.'),
      withheld: z
        .enum(['values', 'all', 'past'])
        .optional()
        .describe(
          'What was erased from the entry since: name, e-mail address, gender and further fields, whom it was about, or for its age all but what the account still has.',
        ),
      erased: z
        .strictObject({ entries: Count, digest: z.string(), living: z.literal('kept').optional() })
        .optional()
        .describe(
          'Of an erasure: how many entries lost personal values, the digest of that list, and that what living accounts have was kept.',
        ),
      changes: z
        .array(z.strictObject({ what: z.string(), before: Text, after: Text }))
        .describe('Before and after, per field and role.'),
    })
    .describe('What happened, who did it, and what was changed.');
  return {
    Role,
    Account,
    AccountPage: z.strictObject({ accounts: z.array(Account), next: Next }).describe('A page of accounts.'),
    AccountDetail: z
      .strictObject({
        ...account,
        delivered: z
          .strictObject({
            gebruikersnaam: z.string(),
            externalId: z.string(),
            since: Time,
            run: Count,
            inactiveSince: Time.nullable().describe(
              'When a delivery first said that the person is not active; null: none did since the person was active.',
            ),
          })
          .nullable()
          .describe('What Spend Cloud knows the person by, and since which run; null: never delivered.'),
        pendingUsername: Text.describe('A changed username that waits for an operator to accept it.'),
        pendingExternalId: Text.describe('The same of a changed external id, where the import matches on that.'),
        history: z.array(AuditEntry).describe('Newest first, 200 at most.'),
      })
      .describe('An account with what was delivered of it and its history.'),
    AuditEntry,
    AuditPage: z.strictObject({ entries: z.array(AuditEntry), next: Next }).describe('A page of the audit trail.'),
    UsernameAllowed: z
      .strictObject({ username: z.string(), externalId: z.string() })
      .describe('The number that may have the username from now on.'),
  };
}

type FieldName = (typeof fieldNames)[keyof typeof fieldNames];
