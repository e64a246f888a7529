import { z } from 'zod';
import type { HelloIdAction } from '../../../shared/domain/decision.ts';
import { longestName, mostSubPermissions } from '../../../shared/domain/permission.ts';
import { Next } from './values.ts';

const Action = z.enum([
  'CreateAccount',
  'CorrelateAccount',
  'UpdateAccount',
  'EnableAccount',
  'DisableAccount',
  'DeleteAccount',
  'GrantPermission',
  'UpdatePermission',
  'RevokePermission',
  'CreateResource',
]) satisfies z.ZodType<HelloIdAction>;

const Success = z
  .boolean()
  .describe('False for a failed action: the answer is still 200, and a line of AuditLogs says why.');
const AuditLine = z
  .strictObject({ Action, Message: z.string(), IsError: z.boolean() })
  .describe("A line for HelloID's audit log.");
const AuditLogs = z.array(AuditLine);
const Data = z
  .record(z.string(), z.string().nullable())
  .describe("The account's fields under the names that the request used, HelloID's own where it used none.");
const AccountReference = z.string().describe('Fixed for life; HelloID stores it.');
const Name = z.string().min(1).max(longestName);

const SubPermission = z.strictObject({ DisplayName: Name, Reference: z.strictObject({ Id: z.string() }) });
const PermissionReference = z.strictObject({ Reference: z.string() });
const members = {
  PermissionReference,
  Description: z.string(),
  DisplayName: Name,
  AccountReferences: z.array(AccountReference).describe('At most 500; more of them follow in further items.'),
};

const AccountItem = z.strictObject({
  AccountReference,
  DisplayName: Name,
  UserName: Name,
  Enabled: z.boolean(),
  Data: Data.describe('Only the `ImportFields` that were asked for, and always externalId.'),
});
const SubPermissionItem = z.strictObject({
  ...members,
  SubPermissionReference: z.strictObject({ Id: z.string() }),
  SubPermissionDisplayName: Name,
});

/** What HelloID's scripts take over: outputContexts, and pages of import items. */
export const helloIdAnswers = {
  AuditLine,
  AccountOutcome: z
    .strictObject({
      Success,
      AccountReference,
      AccountCorrelated: z.boolean(),
      PreviousData: Data.nullable(),
      Data: Data.nullable(),
      AuditLogs,
    })
    .describe('The outputContext of an account action.'),
  PermissionOutcome: z
    .strictObject({ Success, AuditLogs })
    .describe('The outputContext of a permission or of resources.'),
  SubPermissionsOutcome: z
    .strictObject({
      Success,
      SubPermissions: z
        .array(SubPermission)
        .max(mostSubPermissions)
        .describe('The whole new state; a placeholder stands for none, because HelloID takes no empty list.'),
      AuditLogs,
    })
    .describe('The outputContext of sub-permissions.'),
  UniquenessOutcome: z
    .strictObject({ Success: z.literal(true), NonUniqueFields: z.array(z.string()) })
    .describe('The fields whose value create would refuse, as the request names them.'),
  PermissionList: z
    .strictObject({ Permissions: z.array(z.strictObject({ DisplayName: Name, Identification: PermissionReference })) })
    .describe('What HelloID may grant.'),
  AccountImport: z
    .strictObject({ items: z.array(AccountItem), next: Next })
    .describe('A page of accounts, 1 MB at most.'),
  PermissionImport: z
    .strictObject({ items: z.array(z.strictObject(members)), next: Next })
    .describe('A page of permissions with their holders, 1 MB at most.'),
  SubPermissionImport: z
    .strictObject({ items: z.array(SubPermissionItem), next: Next })
    .describe('A page of sub-permissions with their holders, 1 MB at most.'),
};
