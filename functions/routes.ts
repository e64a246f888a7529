import { account } from './account.ts';
import { accounts } from './accounts.ts';
import { exportFile } from './export-file.ts';
import { exportNow } from './export-now.ts';
import { exportRun } from './export.ts';
import { exports } from './exports.ts';
import { health } from './health.ts';
import { helloidCreate } from './helloid-create.ts';
import { helloidDelete } from './helloid-delete.ts';
import { helloidDisable } from './helloid-disable.ts';
import { helloidEnable } from './helloid-enable.ts';
import { helloidUpdate } from './helloid-update.ts';
import type { Route } from './http.ts';
import { live } from './live.ts';

/** Every HTTP function, on whatever host. */
export const routes: readonly Route[] = [
  helloidCreate,
  helloidUpdate,
  helloidEnable,
  helloidDisable,
  helloidDelete,
  live,
  health,
  accounts,
  account,
  exports,
  exportNow,
  exportRun,
  exportFile,
];
