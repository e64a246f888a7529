/** Which last name a mapping gives: "Brink", or with the prefix of the leading name behind it, "Brink van den". */
export type LastNames = 'without-prefix' | 'prefix-behind';

// HelloID runs ECMAScript 5.1. Absent members are undefined, and a value that is absent goes out as null: that empties the field.

const helpers = `
function text(value) {
    return value === undefined || value === null ? '' : String(value).trim();
}
`;

export const firstName = `${helpers}
function getValue() {
    return text(Person.Name.NickName) || text(Person.Name.GivenName) || null;
}

getValue();`;

const names = `
// true keeps accents and other marks on letters. The earlier connector took them off.
var keepDiacritics = false;
${helpers}
// deleteDiacriticalMarks is HelloID's own, and what the earlier connector used; the other way is for where it is missing.
function spelled(value) {
    if (keepDiacritics) {
        return value;
    }
    if (typeof deleteDiacriticalMarks === 'function') {
        return deleteDiacriticalMarks(value);
    }
    return value.normalize('NFD').replace(/[\\u0300-\\u036f]/g, '');
}

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

export const prefix = `${names}
// Only the prefix of the leading name: 'van den' of 'van den Brink - de Vries'.
function getValue() {
    var order = names();
    return order.length > 0 && order[0].prefix !== '' ? spelled(order[0].prefix) : null;
}

getValue();`;

export function lastName(form: LastNames): string {
  return `${names}
${lastNameComments[form]}
function getValue() {
    var order = names();
    if (order.length === 0) {
        return null;
    }
    var value = order[0].name;
    if (order.length > 1) {
        value = value + ' - ' + (order[1].prefix === '' ? '' : order[1].prefix + ' ') + order[1].name;
    }${form === 'prefix-behind' ? prefixBehind : ''}
    return spelled(value);
}

getValue();`;
}

const lastNameComments: Record<LastNames, string> = {
  'without-prefix': "// Without the prefix of the leading name; a second name keeps its own: 'Brink - de Vries'.",
  'prefix-behind': "// With the prefix of the leading name behind it: 'Brink van den', 'Brink - de Vries van den'.",
};

const prefixBehind = `
    if (order[0].prefix !== '') {
        value = value + ' ' + order[0].prefix;
    }`;

export const gender = `${helpers}
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
export function accountField(system: string, fields: string[]): string {
  return `${helpers}
// The name of the other system in HelloID, without its spaces.
var system = '${system}';

function getValue() {
    var account = (Person.Accounts && Person.Accounts[system]) || {};
    return ${fields.map((field) => `text(account.${field})`).join(' || ')} || null;
}

getValue();`;
}
