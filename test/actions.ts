import { expect } from 'vitest';
import type { Effect } from '../shared/domain/effect.ts';
import type { TestServer } from './helpers.ts';

export interface LogLine {
  Action: string;
  Message: string;
  IsError: boolean;
}

export interface PermissionOutput {
  Success: boolean;
  SubPermissions: { DisplayName: string; Reference: { Id: string } }[];
  AuditLogs: LogLine[];
}

export interface ImportPage {
  items: Record<string, unknown>[];
  next: string | null;
}

/** A run as `GET /api/exports/{id}` gives it, as far as tests read it. */
export interface RunJson {
  id: number;
  state: string;
  reasons: string[];
  findings: { code: string; reference: string | null; message: string; since: string; seen: { by: string } | null }[];
  effect: Effect & { who: Record<string, unknown[]> };
  decisions: unknown[];
  files: { sha256: string }[];
}

/** Posts one of HelloID's actions, which must be answered with 200. */
export async function act<Output = PermissionOutput>(
  server: Pick<TestServer, 'post'>,
  action: string,
  body: unknown,
): Promise<Output> {
  const { status, json, text } = await server.post(`helloid/${action}`, body);
  expect(status, text).toBe(200);
  return json;
}

/** Has a run made, waits for its end, and gives it as `GET /api/exports/{id}` does. */
export async function runNow({ app, post, get }: TestServer): Promise<RunJson> {
  const { id } = (await post('exports')).json as { id: number };
  await app.daily.settled();
  return (await get(`exports/${id}`)).json;
}

/** The stored roles of an account as `oucode|functiecode by owner`, in the order of the store. */
export async function rolesOf(server: Pick<TestServer, 'get'>, reference: string): Promise<string[]> {
  const { roles } = (await server.get(`accounts/${encodeURIComponent(reference)}`)).json as {
    roles: { oucode: string; functiecode: string; assignedBy: string }[];
  };
  return roles.map(({ oucode, functiecode, assignedBy }) => `${oucode}|${functiecode} by ${assignedBy}`);
}

export interface SubPermissionsOptions {
  account?: unknown;
  /** Keys HelloID believes to be granted; a pair is a key with its name. */
  current?: (string | [id: string, name: string])[];
  permission?: unknown;
  dryRun?: boolean;
}

/** A body for `sub-permissions`. */
export function subPermissionsBody(
  operation: string,
  contracts: unknown,
  {
    account = 'SC-1',
    current = [],
    permission = { Reference: 'contract-roles' },
    dryRun = false,
  }: SubPermissionsOptions = {},
) {
  const pairs = current.map((item) => (typeof item === 'string' ? [item, item] : item));
  const CurrentPermissions = pairs.map(([Id, DisplayName]) => ({ DisplayName, Reference: { Id } }));
  return {
    actionContext: {
      DryRun: dryRun,
      Operation: operation,
      Origin: 'enforcement',
      References: { Account: account, Permission: permission },
      PermissionDisplayName: 'Spend Cloud rollen - per contract',
      CurrentPermissions,
    },
    personContext: { Person: { Contracts: contracts } },
  };
}

/** A body for `grant-permission` and `revoke-permission`. */
export function permissionBody(permission: unknown, account: unknown = 'SC-1', DryRun = false) {
  return {
    actionContext: {
      DryRun,
      Origin: 'enforcement',
      References: { Account: account, Permission: permission },
      PermissionDisplayName: 'A role',
    },
    personContext: null,
  };
}

/** All pages of an import. */
export async function importAll(
  server: Pick<TestServer, 'post'>,
  action: string,
  body: Record<string, unknown> = {},
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let cursor: string | null = null;
  do {
    const page: ImportPage = await act<ImportPage>(server, action, { actionContext: {}, ...body, cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}
