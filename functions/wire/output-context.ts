import { fieldNames, type Account, type FixedField } from '../../shared/domain/account.ts';
import type { Decision, LogLine } from '../../shared/domain/decision.ts';
import { answerJson, type Answer } from '../http.ts';
import type { AccountAction, UsedNames } from './action.ts';

/** The order of HelloID's own samples. */
const order: readonly FixedField[] = ['externalId', 'email', 'firstName', 'prefix', 'lastName', 'gender', 'username'];

const withoutPrevious: readonly Decision['kind'][] = ['created', 'revived', 'correlated'];

/** A decision as the outputContext that a HelloID script takes over. */
export function outputContext(decision: Decision, { names, dryRun }: Pick<AccountAction, 'names' | 'dryRun'>): Answer {
  const { kind, success, reference, before, after, logs } = decision;
  const previous = success && !withoutPrevious.includes(kind) ? before : null;
  const body = {
    Success: success,
    AccountReference: reference ?? 'Currently not available',
    AccountCorrelated: kind === 'correlated',
    PreviousData: previous && dataOf(previous.account, names),
    Data: success && after ? dataOf(after.account, names) : null,
    AuditLogs: auditLogs(logs),
  };
  return answerJson(body, 200, { outcome: kind, success, reference, dryRun });
}

/** What HelloID's audit log takes over. */
export function auditLogs(logs: readonly LogLine[]) {
  return logs.map(({ action, message, isError }) => ({ Action: action, Message: message, IsError: isError }));
}

/** An account's fields under the names that the request used. */
export function dataOf(account: Account, names: UsedNames): Record<string, string | null> {
  const fixed = order.map((field) => [fieldNames[field], account[field]] as const);
  const all = [...fixed, ...Object.entries(account.extra)];
  return Object.fromEntries(all.flatMap(([name, value]) => (names[name] ?? [name]).map((used) => [used, value])));
}
