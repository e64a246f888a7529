/** One script of the kit: where it is pasted, what it asks of the connector and what it does with the answer. */
export type KitScript = {
  /** Where it lies under `helloid/`. */
  path: string;
  /** The box in HelloID, as HelloID names it. */
  box: string;
  /** The last part of `POST {BaseUrl}/helloid/…`. */
  action: string;
  /** Completes "Could not …" in the message of a failure. */
  doing: string;
  /** Members of HelloID's variables; each has the same place in the body. Nothing else is sent, so the key and private data stay behind. */
  sends: readonly string[];
  /** Which of HelloID's two kinds of permission definitions, for the actions that serve both. */
  kind?: 'dynamic' | 'static';
  timeoutSeconds: number;
  answer: Answer;
};

/** What becomes of the answer; the names are those of the parts in this folder. */
export type Answer =
  /** `takes` and `lists` go to `$outputContext`; `logAs` is the audit action of a failure, as PowerShell. */
  | { part: 'outcome'; takes: readonly string[]; lists: readonly string[]; logAs: string }
  | { part: 'uniqueness' }
  | { part: 'permissions' }
  /** Pages of `items`, each item written to the pipeline; the body has `cursor` and `pageSize` as well. */
  | { part: 'import'; item: 'import-account' | 'import-permission' | 'import-sub-permission' };

/** Members that must arrive as a list, also when HelloID holds a single item. */
export const listMembers: readonly string[] = [
  'actionContext.CurrentPermissions',
  'actionContext.ImportFields',
  'personContext.Person.Contracts',
  'resourceContext.SourceData',
];

const dryRun = 'actionContext.DryRun';
const account = [dryRun, 'actionContext.Origin', 'actionContext.Data', 'actionContext.References.Account'];
const number = 'personContext.Person.ExternalId';
const contracts = 'personContext.Person.Contracts';
const permission = [
  dryRun,
  'actionContext.Origin',
  'actionContext.References.Account',
  'actionContext.References.Permission',
  'actionContext.PermissionDisplayName',
  number,
];

// HelloID stops account scripts and uniqueness after 30 seconds, resources after 10 minutes, an import's preview after 90 seconds.
const action = 25;
const page = 80;
const resource = 120;

/** Items asked for at a time; the connector keeps every page under 1 MB besides. */
export const pageSize = 500;

export const kitScripts: readonly KitScript[] = [
  {
    path: 'create.ps1',
    box: 'Account > Create',
    action: 'create',
    doing: 'create or correlate the Spend Cloud account',
    sends: [...account, 'actionContext.CorrelationConfiguration', number, contracts],
    timeoutSeconds: action,
    answer: outcome("'CreateAccount'", { takes: ['AccountReference', 'AccountCorrelated', 'Data'] }),
  },
  {
    path: 'update.ps1',
    box: 'Account > Update',
    action: 'update',
    doing: 'update the Spend Cloud account',
    sends: [...account, 'actionContext.AccountCorrelated', number, contracts],
    timeoutSeconds: action,
    answer: outcome("'UpdateAccount'", { takes: ['AccountReference', 'Data', 'PreviousData'] }),
  },
  {
    path: 'enable.ps1',
    box: 'Account > Enable',
    action: 'enable',
    doing: 'enable the Spend Cloud account',
    sends: [...account, number],
    timeoutSeconds: action,
    answer: outcome("'EnableAccount'", { takes: ['Data', 'PreviousData'] }),
  },
  {
    path: 'disable.ps1',
    box: 'Account > Disable',
    action: 'disable',
    doing: 'disable the Spend Cloud account',
    sends: [...account, number],
    timeoutSeconds: action,
    answer: outcome("'DisableAccount'", { takes: ['Data', 'PreviousData'] }),
  },
  {
    path: 'delete.ps1',
    box: 'Account > Delete',
    action: 'delete',
    doing: 'delete the Spend Cloud account',
    sends: [...account, number],
    timeoutSeconds: action,
    answer: outcome("'DeleteAccount'", { takes: ['Data', 'PreviousData'] }),
  },
  {
    path: 'uniqueness.ps1',
    box: 'Account > Uniqueness Validation',
    action: 'uniqueness',
    doing: 'check whether the values are unique in Spend Cloud',
    sends: [dryRun, 'actionContext.Operation', 'actionContext.Data', 'actionContext.References.Account', number],
    timeoutSeconds: action,
    answer: { part: 'uniqueness' },
  },
  {
    path: 'import.ps1',
    box: 'Account > Account data import',
    action: 'import-accounts',
    doing: 'import the Spend Cloud accounts',
    sends: [dryRun, 'actionContext.ImportFields'],
    timeoutSeconds: page,
    answer: { part: 'import', item: 'import-account' },
  },
  {
    path: 'permissions/contract-roles/permissions.ps1',
    box: 'Permissions > Spend Cloud roles per contract > Retrieve Permissions Script',
    action: 'permissions',
    doing: 'list the Spend Cloud roles per contract',
    sends: [dryRun],
    kind: 'dynamic',
    timeoutSeconds: action,
    answer: { part: 'permissions' },
  },
  {
    path: 'permissions/contract-roles/subPermissions.ps1',
    box: 'Permissions > Spend Cloud roles per contract > Handle All Actions Script',
    action: 'sub-permissions',
    doing: 'change the Spend Cloud roles',
    sends: [...permission, 'actionContext.Operation', 'actionContext.CurrentPermissions', contracts],
    timeoutSeconds: action,
    answer: outcome(
      `@{ grant = 'GrantPermission'; update = 'UpdatePermission'; revoke = 'RevokePermission' }["$($actionContext.Operation)"]`,
      { lists: ['SubPermissions'] },
    ),
  },
  {
    path: 'permissions/contract-roles/importSubPermissions.ps1',
    box: 'Permissions > Spend Cloud roles per contract > Import permission memberships',
    action: 'import-sub-permissions',
    doing: 'import the Spend Cloud roles per contract',
    sends: [dryRun],
    timeoutSeconds: page,
    answer: { part: 'import', item: 'import-sub-permission' },
  },
  {
    path: 'permissions/catalogue/permissions.ps1',
    box: 'Permissions > Spend Cloud roles from the catalogue > Retrieve Permissions Script',
    action: 'permissions',
    doing: 'list the Spend Cloud roles of the catalogue',
    sends: [dryRun],
    kind: 'static',
    timeoutSeconds: action,
    answer: { part: 'permissions' },
  },
  {
    path: 'permissions/catalogue/grantPermission.ps1',
    box: 'Permissions > Spend Cloud roles from the catalogue > Grant Action Script',
    action: 'grant-permission',
    doing: 'grant the Spend Cloud role',
    sends: permission,
    timeoutSeconds: action,
    answer: outcome("'GrantPermission'"),
  },
  {
    path: 'permissions/catalogue/revokePermission.ps1',
    box: 'Permissions > Spend Cloud roles from the catalogue > Revoke Action Script',
    action: 'revoke-permission',
    doing: 'revoke the Spend Cloud role',
    sends: permission,
    timeoutSeconds: action,
    answer: outcome("'RevokePermission'"),
  },
  {
    path: 'permissions/catalogue/import.ps1',
    box: 'Permissions > Spend Cloud roles from the catalogue > Import permission memberships',
    action: 'import-permissions',
    doing: 'import the Spend Cloud roles of the catalogue',
    sends: [dryRun],
    kind: 'static',
    timeoutSeconds: page,
    answer: { part: 'import', item: 'import-permission' },
  },
  {
    path: 'resources/departments.ps1',
    box: 'Resources > Department',
    action: 'resources',
    doing: 'report the departments to the Spend Cloud connector',
    sends: [dryRun, 'resourceContext.SourceData'],
    timeoutSeconds: resource,
    answer: outcome("'CreateResource'"),
  },
  {
    path: 'resources/titles.ps1',
    box: 'Resources > Title',
    action: 'resources',
    doing: 'report the job titles to the Spend Cloud connector',
    sends: [dryRun, 'resourceContext.SourceData'],
    timeoutSeconds: resource,
    answer: outcome("'CreateResource'"),
  },
];

function outcome(logAs: string, { takes = [], lists = [] }: { takes?: string[]; lists?: string[] } = {}): Answer {
  return { part: 'outcome', takes, lists: [...lists, 'AuditLogs'], logAs };
}
