import type { Description, Descriptions } from '../description.ts';

const tag = 'HelloID';

export const helloIdDescriptions: Descriptions = {
  'helloid-create': accountAction(
    'Make an account, or correlate with the one that is there',
    'A deleted person with the same external id is revived under the same reference. A value that is taken fails the action.',
  ),
  'helloid-update': accountAction(
    'Change an account and its roles',
    'Members absent from `Data` stay as stored, null empties. Contracts null or absent: roles stay.',
  ),
  'helloid-enable': accountAction('Give access'),
  'helloid-disable': accountAction('Take access away'),
  'helloid-delete': accountAction('Delete an account', 'Succeeds for an account that is not there.'),
  'helloid-uniqueness': {
    tag,
    summary: 'Which values create would refuse',
    details: "The person's own account does not count.",
    body: 'AccountAction',
    answers: { 200: 'UniquenessOutcome' },
  },
  'helloid-permissions': {
    tag,
    summary: 'What HelloID may grant',
    details: '`kind` is `dynamic` (roles per contract, the default) or `static` (roles of the catalogue).',
    body: 'ListRequest',
    answers: { 200: 'PermissionList' },
  },
  'helloid-grant-permission': {
    tag,
    summary: 'Grant a role of the catalogue',
    details: 'Granting twice succeeds.',
    body: 'PermissionAction',
    answers: { 200: 'PermissionOutcome' },
  },
  'helloid-revoke-permission': {
    tag,
    summary: 'Revoke a role of the catalogue',
    details: 'Revoking from an account that is not there succeeds.',
    body: 'PermissionAction',
    answers: { 200: 'PermissionOutcome' },
  },
  'helloid-sub-permissions': {
    tag,
    summary: 'Grant, update or revoke the roles per contract',
    details: 'Needs `roles.assignedBy: "permissions"`, except to revoke. The answer holds the whole new state.',
    body: 'SubPermissionsAction',
    answers: { 200: 'SubPermissionsOutcome' },
  },
  'helloid-resources': {
    tag,
    summary: 'Record the departments or titles that HelloID knows',
    details: 'A fault of one item is told and does not stop the others.',
    body: 'ResourcesAction',
    answers: { 200: 'PermissionOutcome' },
  },
  'helloid-import-accounts': {
    tag,
    summary: 'The living accounts, page by page',
    body: 'ListRequest',
    answers: { 200: 'AccountImport' },
  },
  'helloid-import-permissions': {
    tag,
    summary: 'Who holds which permission, page by page',
    body: 'ListRequest',
    answers: { 200: 'PermissionImport' },
  },
  'helloid-import-sub-permissions': {
    tag,
    summary: 'Who holds which role per contract, page by page',
    body: 'ListRequest',
    answers: { 200: 'SubPermissionImport' },
  },
};

function accountAction(summary: string, details?: string): Description {
  return { tag, summary, ...(details && { details }), body: 'AccountAction', answers: { 200: 'AccountOutcome' } };
}
