import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Leavers } from '../demo/spend-cloud-files.ts';
import {
  emptySpendCloud,
  importPersons,
  importRoles,
  type ImportError,
  type Registered,
  type SpendCloud,
} from '../demo/spend-cloud.ts';

export { canLogIn, rolesOf, type Registered } from '../demo/spend-cloud.ts';

/** A Spend Cloud that fetches from a folder, and can be asked who may log in. */
export interface SpendCloudAtFolder {
  state(): SpendCloud;
  /** Imports what lies there, persons first; a missing file is skipped, as its import then does not run. Gives the rows it refused. */
  fetch(options?: { remove?: boolean }): ImportError[];
  /** Somebody there takes the access of an employee away by hand; nothing happens where there is none. */
  deactivate(username: string): void;
}

export function spendCloudAt(folder: string, registered: Registered, leavers: Leavers = 'passive'): SpendCloudAtFolder {
  let state = emptySpendCloud(registered, leavers);

  function take(name: string, remove: boolean, use: (text: string) => ImportError[]): ImportError[] {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    if (remove) rmSync(path);
    return use(text);
  }

  return {
    state: () => state,
    deactivate: (username) => {
      const employee = state.employees.get(username);
      if (!employee) return;
      state = { ...state, employees: new Map(state.employees).set(username, { ...employee, active: false }) };
    },
    fetch: ({ remove = false } = {}) => [
      ...take('Users.csv', remove, (text) => {
        const { state: next, report } = importPersons(state, text);
        state = next;
        return report.errors;
      }),
      ...take('Roles.csv', remove, (text) => {
        const { state: next, report } = importRoles(state, text);
        state = next;
        return report.errors;
      }),
    ],
  };
}
