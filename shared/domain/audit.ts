import { decisionKinds } from './decision.ts';
import { runStates } from './run.ts';

/** What an entry of the audit trail is about; an older trail may hold others. */
export const auditKinds = [
  ...['create', 'update', 'enable', 'disable', 'delete'],
  ...['grant-permission', 'revoke-permission', 'sub-permissions', 'resources'],
  ...['export', 'release', 'discard', 'retry', 'pause', 'resume'],
  ...['accept-username', 'allow-username', 'renew-account', 'key-add', 'key-remove'],
  ...['baseline', 'restore', 'import-legacy', 'erase', 'purge', 'retention', 'forget-erased'],
  ...['close-take-over', 'accept-finding', 'accept-also'],
] as const;
export type AuditKind = (typeof auditKinds)[number];

/** What became of it. */
export const auditOutcomes = [
  ...decisionKinds,
  ...runStates,
  ...['recorded', 'recorded-in-part'],
  ...[
    'pause',
    'resume',
    'baseline',
    'accept-username',
    'allow-username',
    'renew-account',
    'added',
    'removed',
    'restored',
    'erased',
    'forgotten',
    'close-take-over',
    'accept-finding',
    'accept-also',
  ],
  'unreadable',
] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];
