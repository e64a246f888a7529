/** A field mapping as HelloID exports and imports it; `Value` is JSON inside JSON. */
export type FieldMapping = { Version: 'v1'; MappingFields: MappingField[] };
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

// HelloID runs ECMAScript 5.1. Absent members are undefined, and a value that is absent goes out as null: that empties the field.

const helpers = `
function text(value) {
    return value === undefined || value === null ? '' : String(value).trim();
}
`;

const firstName = `${helpers}
function getValue() {
    return text(Person.Name.NickName) || text(Person.Name.GivenName) || null;
}

getValue();`;

const names = `${helpers}
// The names in the order of the person's convention: the leading one first.
function names() {
    var birth = { prefix: text(Person.Name.FamilyNamePrefix), name: text(Person.Name.FamilyName) };
    var partner = { prefix: text(Person.Name.FamilyNamePartnerPrefix), name: text(Person.Name.FamilyNamePartner) };
    var orders = { B: [birth], P: [partner], BP: [birth, partner], PB: [partner, birth] };
    var order = orders[text(Person.Name.Convention).toUpperCase()] || [birth];

    function isFilled(part) {
        return part.name !== '';
    }
    order = order.filter(isFilled);
    return order.length > 0 ? order : [birth, partner].filter(isFilled).slice(0, 1);
}
`;

const prefix = `${names}
// Only the prefix of the leading name: 'van den' of 'van den Brink - de Vries'.
function getValue() {
    var order = names();
    return order.length > 0 && order[0].prefix !== '' ? order[0].prefix : null;
}

getValue();`;

const lastName = `${names}
// Without the prefix of the leading name; a second name keeps its own: 'Brink - de Vries'.
function getValue() {
    var order = names();
    if (order.length === 0) {
        return null;
    }
    var value = order[0].name;
    if (order.length > 1) {
        value = value + ' - ' + (order[1].prefix === '' ? '' : order[1].prefix + ' ') + order[1].name;
    }
    return value;
}

getValue();`;

const gender = `${helpers}
// How sources spell it, in lower case. Anything else is O; add the spelling of your source if it is missing.
var men = ['m', 'man', 'male', 'mannelijk'];
var women = ['v', 'vrouw', 'f', 'female', 'vrouwelijk'];

function getValue() {
    var value = text(Person.Details && Person.Details.Gender).toLowerCase();
    if (men.indexOf(value) >= 0) {
        return 'M';
    }
    return women.indexOf(value) >= 0 ? 'V' : 'O';
}

getValue();`;

/** Reads the first filled field of the account that the person has in another system of HelloID. */
function accountField(system: string, fields: string[]): string {
  return `${helpers}
// The name of the other system in HelloID, without its spaces.
var system = '${system}';

function getValue() {
    var account = (Person.Accounts && Person.Accounts[system]) || {};
    return ${fields.map((field) => `text(account.${field})`).join(' || ')} || null;
}

getValue();`;
}

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

/** The mappings of the kit, by their file under `helloid/field-mapping/`. */
export const fieldMappings: Readonly<Record<string, FieldMapping>> = {
  'active-directory.json': mapping(activeDirectory),
  'entra-id.json': mapping(entraId),
  'source-system.json': mapping(sourceSystem),
};

function mapping({ email, username }: Source): FieldMapping {
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
        description: 'The last name by the naming convention, without the prefix of the leading name',
        mode: 'Complex',
        value: lastName,
      }),
      field('gebruikersnaam', username, true),
      field('geslacht', { description: 'M, V or O', mode: 'Complex', value: gender }),
    ],
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
