import { accountField, firstName, gender, lastName, prefix, type LastNames } from './mapping-scripts.ts';

/** A field mapping as HelloID exports and imports it; `Value` is JSON inside JSON. */
export type FieldMapping = { Version: 'v1'; MappingFields: MappingField[]; UniqueFieldNames: string[] };
type MappingField = { Name: string; Description: string; Type: 'Text'; MappingActions: MappingAction[] };
type MappingAction = {
  MapForActions: ('Create' | 'Update')[];
  MappingMode: 'Field' | 'Complex';
  Value: string;
  UsedInNotifications: boolean;
  StoreInAccountData: boolean;
};

type Source = { email: Mapping; username: Mapping };
type Mapping = { description: string; mode: 'Field' | 'Complex'; value: string };

const activeDirectory: Source = {
  email: {
    description: 'userPrincipalName of Microsoft Active Directory; mail when that is not shared',
    mode: 'Complex',
    value: accountField('MicrosoftActiveDirectory', ['userPrincipalName', 'mail']),
  },
  username: {
    description:
      'sAMAccountName of Microsoft Active Directory. Spend Cloud knows a person by it: a change must be accepted in the connector',
    mode: 'Complex',
    value: accountField('MicrosoftActiveDirectory', ['sAMAccountName', 'SamAccountName']),
  },
};

const entraId: Source = {
  email: {
    description: 'mail of Microsoft Entra ID; userPrincipalName when that is empty or not shared',
    mode: 'Complex',
    value: accountField('MicrosoftEntraID', ['mail', 'userPrincipalName']),
  },
  username: {
    description:
      'userPrincipalName of Microsoft Entra ID. Spend Cloud knows a person by it: a change must be accepted in the connector',
    mode: 'Complex',
    value: accountField('MicrosoftEntraID', ['userPrincipalName']),
  },
};

const sourceSystem: Source = {
  email: {
    description: 'The business e-mail address of the source',
    mode: 'Field',
    value: 'Person.Contact.Business.Email',
  },
  username: {
    description:
      'The user name of the source. Spend Cloud knows a person by it: a change must be accepted in the connector',
    mode: 'Field',
    value: 'Person.UserName',
  },
};

const lastNameDescriptions: Record<LastNames, string> = {
  'without-prefix': 'The last name by the naming convention, without the prefix of the leading name',
  'prefix-behind': 'The last name by the naming convention, with the prefix of the leading name behind it',
};

/** The mappings of the kit, by their file under `helloid/field-mapping/`. */
export const fieldMappings: Readonly<Record<string, FieldMapping>> = {
  'active-directory.json': mapping(activeDirectory, 'without-prefix'),
  'entra-id.json': mapping(entraId, 'without-prefix'),
  'source-system.json': mapping(sourceSystem, 'without-prefix'),
  'older-names/active-directory.json': mapping(activeDirectory, 'prefix-behind'),
  'older-names/entra-id.json': mapping(entraId, 'prefix-behind'),
  'older-names/source-system.json': mapping(sourceSystem, 'prefix-behind'),
};

function mapping({ email, username }: Source, lastNames: LastNames): FieldMapping {
  return {
    Version: 'v1',
    MappingFields: [
      field(
        'externalId',
        {
          description: 'The personnel number: correlation and account reference rest on it',
          mode: 'Field',
          value: 'Person.ExternalId',
        },
        true,
      ),
      field('email', email),
      field('voornaam', { description: 'Nickname, or else the given name', mode: 'Complex', value: firstName }),
      field('tussenvoegsel', { description: 'The prefix of the leading name', mode: 'Complex', value: prefix }),
      field('achternaam', {
        description: lastNameDescriptions[lastNames],
        mode: 'Complex',
        value: lastName(lastNames),
      }),
      field('gebruikersnaam', username, true),
      field('geslacht', { description: 'M, V or O', mode: 'Complex', value: gender }),
    ],
    // The names come from another system: a taken one has no second value to try.
    UniqueFieldNames: [],
  };
}

function field(name: string, { description, mode, value }: Mapping, storeInAccountData = false): MappingField {
  return {
    Name: name,
    Description: description,
    Type: 'Text',
    MappingActions: [
      {
        MapForActions: ['Create', 'Update'],
        MappingMode: mode,
        Value: JSON.stringify(value.trimStart().replaceAll('\n', '\r\n')),
        UsedInNotifications: false,
        StoreInAccountData: storeInAccountData,
      },
    ],
  };
}
