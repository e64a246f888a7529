import {
  accountAcceptUsername,
  accountDelete,
  accountDisable,
  accountEnable,
  accountRenew,
} from './account-decisions.ts';
import { account } from './account.ts';
import { accounts } from './accounts.ts';
import { alsoAccept } from './also-accept.ts';
import { audit } from './audit.ts';
import { auditVerify } from './audit-verify.ts';
import { backups } from './backups.ts';
import { checks, checksNow } from './checks.ts';
import { dashboard, dashboardAsset } from './dashboard.ts';
import { exportDiscard, exportRelease, exportRetry } from './export-decisions.ts';
import { exportFile } from './export-file.ts';
import { exportNow } from './export-now.ts';
import { exportRun } from './export.ts';
import { exports } from './exports.ts';
import { findingAccept } from './finding-accept.ts';
import { findingSeen } from './finding-seen.ts';
import { health } from './health.ts';
import { helloidCreate } from './helloid-create.ts';
import { helloidDelete } from './helloid-delete.ts';
import { helloidDisable } from './helloid-disable.ts';
import { helloidEnable } from './helloid-enable.ts';
import { helloidGrantPermission } from './helloid-grant-permission.ts';
import { helloidImportAccounts } from './helloid-import-accounts.ts';
import { helloidImportPermissions } from './helloid-import-permissions.ts';
import { helloidImportSubPermissions } from './helloid-import-sub-permissions.ts';
import { helloidPermissions } from './helloid-permissions.ts';
import { helloidResources } from './helloid-resources.ts';
import { helloidRevokePermission } from './helloid-revoke-permission.ts';
import { helloidSubPermissions } from './helloid-sub-permissions.ts';
import { helloidUniqueness } from './helloid-uniqueness.ts';
import { helloidUpdate } from './helloid-update.ts';
import type { Route } from './http.ts';
import { keys } from './keys.ts';
import { live } from './live.ts';
import { openApi } from './openapi.ts';
import { metrics } from './metrics.ts';
import { overview } from './overview.ts';
import { pause, resume } from './pause.ts';
import { preview } from './preview.ts';
import { statistics } from './statistics.ts';
import { takeOver } from './take-over.ts';
import { usernameAllow } from './username-allow.ts';

/** Every HTTP function, on whatever host. */
export const routes: readonly Route[] = [
  helloidCreate,
  helloidUpdate,
  helloidEnable,
  helloidDisable,
  helloidDelete,
  helloidUniqueness,
  helloidPermissions,
  helloidGrantPermission,
  helloidRevokePermission,
  helloidSubPermissions,
  helloidResources,
  helloidImportAccounts,
  helloidImportPermissions,
  helloidImportSubPermissions,
  live,
  health,
  overview,
  statistics,
  takeOver,
  accounts,
  account,
  accountEnable,
  accountDisable,
  accountDelete,
  accountAcceptUsername,
  accountRenew,
  usernameAllow,
  exports,
  exportNow,
  exportRun,
  exportRelease,
  exportDiscard,
  exportRetry,
  exportFile,
  findingSeen,
  findingAccept,
  alsoAccept,
  pause,
  resume,
  audit,
  auditVerify,
  preview,
  checks,
  checksNow,
  keys,
  backups,
  metrics,
  dashboard,
  dashboardAsset,
  openApi(() => routes),
];
