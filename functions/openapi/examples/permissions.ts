import type { Example } from '../examples.ts';
import { catalogueRole, contractRoles, contracts, contractsLater, reference } from './people.ts';

const perContract = {
  DryRun: false,
  Origin: 'enforcement',
  References: { Account: reference, Permission: contractRoles },
  PermissionDisplayName: 'Spend Cloud rollen - per contract',
};
const fromCatalogue = {
  DryRun: false,
  Origin: 'enforcement',
  References: { Account: reference, Permission: catalogueRole },
  PermissionDisplayName: 'Inkoop & Facilitair - INK-MED',
};
const care = { DisplayName: 'Thuiszorg Noord - TL-ZORG', Reference: { Id: 'D0310|TL-ZORG' } };
const purchasing = { DisplayName: 'Inkoop & Facilitair - INK-MED', Reference: { Id: 'D0420|INK-MED' } };

/** Roles are granted and follow the contracts. */
export const permissionExamples: readonly Example[] = [
  {
    route: 'helloid-sub-permissions',
    name: 'subpermissions-grant',
    summary: 'A role for each contract in conditions',
    request: {
      actionContext: { ...perContract, Operation: 'grant', CurrentPermissions: [] },
      personContext: { Person: { ExternalId: '100234', Contracts: contracts } },
    },
    answer: {
      Success: true,
      SubPermissions: [
        { DisplayName: 'Thuiszorg Noord - TL-ZORG', Reference: { Id: 'D0310|TL-ZORG' } },
        { DisplayName: 'Inkoop & Facilitair - INK-MED', Reference: { Id: 'D0420|INK-MED' } },
      ],
      AuditLogs: [
        { Action: 'GrantPermission', Message: 'Granted role [Thuiszorg Noord - TL-ZORG]', IsError: false },
        { Action: 'GrantPermission', Message: 'Granted role [Inkoop & Facilitair - INK-MED]', IsError: false },
      ],
    },
  },
  {
    route: 'helloid-sub-permissions',
    name: 'subpermissions-update',
    summary: 'A contract is not in conditions any more',
    request: {
      actionContext: { ...perContract, Operation: 'update', CurrentPermissions: [care, purchasing] },
      personContext: { Person: { ExternalId: '100234', Contracts: contractsLater } },
    },
    answer: {
      Success: true,
      SubPermissions: [{ DisplayName: 'Inkoop & Facilitair - INK-MED', Reference: { Id: 'D0420|INK-MED' } }],
      AuditLogs: [{ Action: 'RevokePermission', Message: 'Revoked role [Thuiszorg Noord - TL-ZORG]', IsError: false }],
    },
  },
  {
    route: 'helloid-grant-permission',
    name: 'grant',
    summary: 'A role of the catalogue',
    request: { actionContext: fromCatalogue, personContext: { Person: { ExternalId: '100234' } } },
    answer: {
      Success: true,
      AuditLogs: [
        { Action: 'GrantPermission', Message: 'Granted role [Inkoop & Facilitair - INK-MED]', IsError: false },
      ],
    },
  },
];

/** And are taken back. */
export const leavingExamples: readonly Example[] = [
  {
    route: 'helloid-revoke-permission',
    name: 'revoke',
    summary: 'A role of the catalogue',
    request: { actionContext: fromCatalogue, personContext: { Person: { ExternalId: '100234' } } },
    answer: {
      Success: true,
      AuditLogs: [
        {
          Action: 'RevokePermission',
          Message: 'Revoked role [Inkoop & Facilitair - INK-MED]. Origin: [enforcement]',
          IsError: false,
        },
      ],
    },
  },
  {
    route: 'helloid-sub-permissions',
    name: 'subpermissions-revoke',
    summary: 'Every role per contract',
    request: {
      actionContext: { ...perContract, Operation: 'revoke', CurrentPermissions: [purchasing] },
      personContext: { Person: { ExternalId: '100234', Contracts: [] } },
    },
    answer: {
      Success: true,
      SubPermissions: [],
      AuditLogs: [
        { Action: 'RevokePermission', Message: 'Revoked role [Inkoop & Facilitair - INK-MED]', IsError: false },
      ],
    },
  },
];
