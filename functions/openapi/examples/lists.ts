import type { Example } from '../examples.ts';

/** What can be granted, and where. */
export const listExamples: readonly Example[] = [
  {
    route: 'helloid-permissions',
    name: 'permissions',
    summary: 'Roles per contract',
    request: { actionContext: { DryRun: false }, kind: 'dynamic' },
    answer: {
      Permissions: [
        { DisplayName: 'Spend Cloud rollen - per contract', Identification: { Reference: 'contract-roles' } },
      ],
    },
  },
  {
    route: 'helloid-permissions',
    name: 'permissions-static',
    summary: 'Roles of the catalogue',
    request: { actionContext: { DryRun: false }, kind: 'static' },
    answer: {
      Permissions: [{ DisplayName: 'Inkoop & Facilitair - INK-MED', Identification: { Reference: 'D0420|INK-MED' } }],
    },
  },
  {
    route: 'helloid-resources',
    name: 'resources',
    summary: 'Departments',
    request: {
      actionContext: { DryRun: false },
      resourceContext: {
        SourceData: [
          { ExternalId: 'D0310', DisplayName: 'Thuiszorg Noord' },
          { ExternalId: 'D0420', DisplayName: 'Inkoop & Facilitair' },
        ],
      },
    },
    answer: {
      Success: true,
      AuditLogs: [
        { Action: 'CreateResource', Message: 'Known organisational unit: [D0310 Thuiszorg Noord]', IsError: false },
        { Action: 'CreateResource', Message: 'Known organisational unit: [D0420 Inkoop & Facilitair]', IsError: false },
      ],
    },
  },
];

/** What HelloID reads back. */
export const importExamples: readonly Example[] = [
  {
    route: 'helloid-import-accounts',
    name: 'import',
    summary: 'The first page',
    request: {
      actionContext: {
        DryRun: false,
        ImportFields: ['externalId', 'email', 'voornaam', 'tussenvoegsel', 'achternaam', 'gender', 'gebruikersnaam'],
      },
      cursor: null,
      pageSize: 500,
    },
    answer: {
      items: [
        {
          AccountReference: 'SC-100234',
          DisplayName: 'Renée de Vries - van den Brink',
          UserName: 'rvdbrink',
          Enabled: true,
          Data: {
            externalId: '100234',
            email: 'rdevries@waterrijk-zorg.example',
            voornaam: 'Renée',
            tussenvoegsel: 'de',
            achternaam: 'Vries - van den Brink',
            gender: 'V',
            gebruikersnaam: 'rvdbrink',
          },
        },
      ],
      next: null,
    },
  },
  {
    route: 'helloid-import-permissions',
    name: 'import-permissions',
    summary: 'Roles of the catalogue',
    request: { actionContext: { DryRun: false }, kind: 'static', cursor: null, pageSize: 500 },
    answer: {
      items: [
        {
          PermissionReference: { Reference: 'D0420|INK-MED' },
          Description: 'Rol INK-MED op Inkoop & Facilitair',
          DisplayName: 'Inkoop & Facilitair - INK-MED',
          AccountReferences: ['SC-100234'],
        },
      ],
      next: null,
    },
  },
  {
    route: 'helloid-import-sub-permissions',
    name: 'import-subpermissions',
    summary: 'Roles per contract',
    request: { actionContext: { DryRun: false }, cursor: null, pageSize: 500 },
    answer: {
      items: [
        {
          PermissionReference: { Reference: 'contract-roles' },
          Description: 'Spend Cloud rollen - per contract',
          DisplayName: 'Spend Cloud rollen - per contract',
          AccountReferences: ['SC-100234'],
          SubPermissionReference: { Id: 'D0420|INK-MED' },
          SubPermissionDisplayName: 'Inkoop & Facilitair - INK-MED',
        },
      ],
      next: null,
    },
  },
];
