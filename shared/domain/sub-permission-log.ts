import type { HelloIdAction, LogLine } from './decision.ts';
import { placeholder, type SubPermission } from './permission.ts';

export type Operation = 'grant' | 'update' | 'revoke';

export const operationActions = {
  grant: 'GrantPermission',
  update: 'UpdatePermission',
  revoke: 'RevokePermission',
} as const satisfies Record<Operation, HelloIdAction>;

interface Asked {
  operation: Operation;
  believed: readonly SubPermission[];
  dryRun: boolean;
}

/** A line per role revoked, granted or renamed: against what HelloID believes, and against what was stored. */
export function differences(
  stored: readonly SubPermission[],
  desired: readonly SubPermission[],
  { operation, believed, dryRun }: Asked,
): LogLine[] {
  const had = byId(stored);
  const thought = byId(believed.filter(({ id }) => id !== placeholder.id));
  const wanted = byId(desired);
  const say = (did: string, would: string) => (dryRun ? `[DryRun] ${would}` : did);

  const revoked = [...new Map([...had, ...thought]).values()]
    .filter(({ id }) => !wanted.has(id))
    .map(({ name }) => log('RevokePermission', `${say('Revoked', 'Would revoke')} role [${name}]`));
  const granted = desired
    .filter(({ id }) => !thought.has(id) || !had.has(id))
    .map(({ name }) => log('GrantPermission', `${say('Granted', 'Would grant')} role [${name}]`));
  const renamed = desired.flatMap(({ id, name }) => {
    const before = thought.get(id)?.name;
    if (operation !== 'update' || before === undefined || before === name || !had.has(id)) return [];
    return [log('UpdatePermission', `${say('Renamed', 'Would rename')} role [${before}] to [${name}]`)];
  });
  return [...revoked, ...granted, ...renamed];
}

/** A line about the whole permission, under the action that was asked for. */
export function line({ operation }: { operation: Operation }, message: string): LogLine {
  return log(operationActions[operation], message);
}

function byId(roles: readonly SubPermission[]): Map<string, SubPermission> {
  return new Map(roles.map((role) => [role.id, role]));
}

function log(action: HelloIdAction, message: string): LogLine {
  return { action, message, isError: false };
}
