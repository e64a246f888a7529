import type { Example } from '../examples.ts';
import { contracts, contractsInPreview, reference, renee, sean } from './people.ts';

const correlation = {
  Enabled: true,
  PersonField: 'Person.ExternalId',
  PersonFieldValue: '100234',
  AccountField: 'externalId',
  AccountFieldValue: '100234',
};

/** An account comes to be. */
export const accountExamples: readonly Example[] = [
  {
    route: 'helloid-create',
    name: 'create-dryrun',
    summary: 'A preview: nothing is written',
    request: {
      actionContext: {
        DryRun: true,
        Origin: 'enforcement',
        Data: renee,
        References: { Account: null },
        CorrelationConfiguration: correlation,
      },
      personContext: { Person: { ExternalId: '100234', Contracts: contractsInPreview } },
    },
    answer: {
      Success: true,
      AccountReference: 'DryRun: not available',
      AccountCorrelated: false,
      PreviousData: null,
      Data: renee,
      AuditLogs: [
        {
          Action: 'CreateAccount',
          Message:
            '[DryRun] Would create person [rvdbrink]; every contract is shown as a role, because in a preview none need be in conditions',
          IsError: false,
        },
      ],
    },
  },
  {
    route: 'helloid-create',
    name: 'create',
    summary: 'A new account',
    request: {
      actionContext: {
        DryRun: false,
        Origin: 'enforcement',
        Data: renee,
        References: { Account: null },
        CorrelationConfiguration: correlation,
      },
      personContext: { Person: { ExternalId: '100234', Contracts: contracts } },
    },
    answer: {
      Success: true,
      AccountReference: 'SC-100234',
      AccountCorrelated: false,
      PreviousData: null,
      Data: renee,
      AuditLogs: [
        {
          Action: 'CreateAccount',
          Message: 'Created person [rvdbrink] with reference [SC-100234] and 0 role(s)',
          IsError: false,
        },
      ],
    },
  },
  {
    route: 'helloid-create',
    name: 'create-taken',
    summary: 'Somebody else has the username',
    request: {
      actionContext: { DryRun: false, Origin: 'enforcement', Data: sean, References: { Account: null } },
      personContext: { Person: { ExternalId: '100871', Contracts: [] } },
    },
    answer: {
      Success: false,
      AccountReference: 'Currently not available',
      AccountCorrelated: false,
      PreviousData: null,
      Data: null,
      AuditLogs: [
        {
          Action: 'CreateAccount',
          Message: 'Could not create person: gebruikersnaam [rvdbrink] is taken by [SC-100234]',
          IsError: true,
        },
      ],
    },
  },
  {
    route: 'helloid-uniqueness',
    name: 'uniqueness',
    summary: 'The same, asked beforehand',
    request: {
      actionContext: { DryRun: false, Operation: 'create', Data: sean, References: { Account: null } },
      personContext: { Person: { ExternalId: '100871' } },
    },
    answer: { Success: true, NonUniqueFields: ['gebruikersnaam'] },
  },
  {
    route: 'helloid-enable',
    name: 'enable',
    summary: 'Access from now on',
    request: {
      actionContext: { DryRun: false, Origin: 'enforcement', Data: {}, References: { Account: reference } },
      personContext: { Person: { ExternalId: '100234' } },
    },
    answer: {
      Success: true,
      AccountReference: 'SC-100234',
      AccountCorrelated: false,
      PreviousData: {
        externalId: '100234',
        email: 'rvdbrink@waterrijk-zorg.example',
        voornaam: 'Renée',
        tussenvoegsel: 'van den',
        achternaam: 'Brink - de Vries',
        geslacht: 'V',
        gebruikersnaam: 'rvdbrink',
      },
      Data: {
        externalId: '100234',
        email: 'rvdbrink@waterrijk-zorg.example',
        voornaam: 'Renée',
        tussenvoegsel: 'van den',
        achternaam: 'Brink - de Vries',
        geslacht: 'V',
        gebruikersnaam: 'rvdbrink',
      },
      AuditLogs: [{ Action: 'EnableAccount', Message: 'Enabled person [SC-100234]', IsError: false }],
    },
  },
  {
    route: 'helloid-update',
    name: 'update',
    summary: 'Another name; absent members stay as stored',
    request: {
      actionContext: {
        DryRun: false,
        Origin: 'enforcement',
        Data: { email: 'rdevries@waterrijk-zorg.example', tussenvoegsel: 'de', achternaam: 'Vries - van den Brink' },
        References: { Account: reference },
      },
      personContext: { Person: { ExternalId: '100234', Contracts: contracts } },
    },
    answer: {
      Success: true,
      AccountReference: 'SC-100234',
      AccountCorrelated: false,
      PreviousData: {
        externalId: '100234',
        email: 'rvdbrink@waterrijk-zorg.example',
        voornaam: 'Renée',
        tussenvoegsel: 'van den',
        achternaam: 'Brink - de Vries',
        geslacht: 'V',
        gebruikersnaam: 'rvdbrink',
      },
      Data: {
        externalId: '100234',
        email: 'rdevries@waterrijk-zorg.example',
        voornaam: 'Renée',
        tussenvoegsel: 'de',
        achternaam: 'Vries - van den Brink',
        geslacht: 'V',
        gebruikersnaam: 'rvdbrink',
      },
      AuditLogs: [{ Action: 'UpdateAccount', Message: 'Updated [achternaam, email, tussenvoegsel]', IsError: false }],
    },
  },
];

/** And ends. */
export const accessExamples: readonly Example[] = [
  {
    route: 'helloid-disable',
    name: 'disable',
    summary: 'No access any more',
    request: {
      actionContext: { DryRun: false, Origin: 'enforcement', Data: {}, References: { Account: reference } },
      personContext: { Person: { ExternalId: '100234' } },
    },
    answer: {
      Success: true,
      AccountReference: 'SC-100234',
      AccountCorrelated: false,
      PreviousData: {
        externalId: '100234',
        email: 'rdevries@waterrijk-zorg.example',
        voornaam: 'Renée',
        tussenvoegsel: 'de',
        achternaam: 'Vries - van den Brink',
        geslacht: 'V',
        gebruikersnaam: 'rvdbrink',
      },
      Data: {
        externalId: '100234',
        email: 'rdevries@waterrijk-zorg.example',
        voornaam: 'Renée',
        tussenvoegsel: 'de',
        achternaam: 'Vries - van den Brink',
        geslacht: 'V',
        gebruikersnaam: 'rvdbrink',
      },
      AuditLogs: [
        { Action: 'DisableAccount', Message: 'Disabled person [SC-100234]. Origin: [enforcement]', IsError: false },
      ],
    },
  },
  {
    route: 'helloid-delete',
    name: 'delete',
    summary: 'An account that was there',
    request: {
      actionContext: { DryRun: false, Origin: 'enforcement', Data: {}, References: { Account: reference } },
      personContext: { Person: { ExternalId: '100234' } },
    },
    answer: {
      Success: true,
      AccountReference: 'SC-100234',
      AccountCorrelated: false,
      PreviousData: {
        externalId: '100234',
        email: 'rdevries@waterrijk-zorg.example',
        voornaam: 'Renée',
        tussenvoegsel: 'de',
        achternaam: 'Vries - van den Brink',
        geslacht: 'V',
        gebruikersnaam: 'rvdbrink',
      },
      Data: null,
      AuditLogs: [
        { Action: 'DeleteAccount', Message: 'Deleted person [SC-100234]. Origin: [enforcement]', IsError: false },
      ],
    },
  },
  {
    route: 'helloid-delete',
    name: 'delete-reconciliation',
    summary: 'Reconciliation of an account that is not there',
    request: {
      actionContext: {
        DryRun: false,
        Origin: 'reconciliation',
        Data: null,
        References: { Account: 'SC-100999' },
      },
      personContext: null,
    },
    answer: {
      Success: true,
      AccountReference: 'SC-100999',
      AccountCorrelated: false,
      PreviousData: null,
      Data: null,
      AuditLogs: [
        {
          Action: 'DeleteAccount',
          Message: 'Person [SC-100999] was not found, so nothing had to be deleted. Origin: [reconciliation]',
          IsError: false,
        },
      ],
    },
  },
];
