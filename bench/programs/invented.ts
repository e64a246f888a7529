/** Invented people and roles, as rows of the product's tables. */

const firstNames = ['Renée', 'Fenna', 'Joris', 'Aïcha', 'Willemijn', 'Bram', 'Zoë', 'Mohammed', 'Liesbeth', 'Koen'];
const lastNames = [
  'Brink - de Vries',
  'Jansen',
  'de Graaf',
  'Öztürk',
  'Bakker',
  'Visser',
  'van Dijk',
  "'t Hart",
  'Smit',
  'Peters',
];
const units = 400;
const profiles = 60;

/** Seven digits in an order that looks drawn: usernames do not come in the order of their rows. */
function scrambled(number: number): string {
  return String((number * 7_368_787) % 10_000_000).padStart(7, '0');
}

export const accountValues = {
  insert: `INSERT INTO accounts (id, reference, external_id, external_id_key, username, username_key, delivered_username, delivered_key, delivered_at, delivered_run,
      delivered_external_id, email, email_key, first_name, prefix, last_name, gender, extra, enabled, created_at, changed_at, touched_at)
    VALUES (@id, @reference, @external_id, @external_id, @username, @username, @delivered_username, @delivered_username, @delivered_at, @delivered_run,
      @delivered_external_id, @email, @email, @first_name, @prefix, @last_name, @gender, '{}', 1, @at, @at, @at)`,

  of(id: number, number: number, at: string, delivered = false) {
    const username = `w${scrambled(number)}`; // never that of the load, which creates others
    const externalId = `S${String(number).padStart(7, '0')}`;
    return {
      id,
      reference: `SC-${externalId}`,
      external_id: externalId,
      username,
      delivered_username: delivered ? username : null,
      delivered_at: delivered ? at : null,
      delivered_run: delivered ? 1 : null,
      delivered_external_id: delivered ? externalId : null,
      email: `${username}@waterrijk-zorg.example`,
      first_name: firstNames[number % firstNames.length] ?? '',
      prefix: number % 3 === 0 ? 'van den' : null,
      last_name: lastNames[number % lastNames.length] ?? '',
      gender: number % 2 === 0 ? 'V' : 'M',
      at,
    };
  },
};

export const roleValues = {
  insert: `INSERT INTO roles (account, owner, permission, contract, unit, unit_code, profile, profile_code, start_date, end_date)
    VALUES (@account, 'account', @permission, @contract, @unit, @unit_code, @profile, @profile_code, '2019-03-01T00:00:00Z', NULL)`,

  /** The roles of one person differ from each other. */
  of(account: number, person: number, role: number) {
    const unit = (person * 31 + role * 7) % units;
    const profile = (person + role * 11) % profiles;
    const [unitCode, profileCode] = [`D${String(unit).padStart(4, '0')}`, `P${String(profile).padStart(3, '0')}`];
    return {
      account,
      permission: `${unitCode}|${profileCode}|${role}`,
      contract: `${person}-${role}`,
      unit: `Wijkteam ${unit} Waterrijk`,
      unit_code: unitCode,
      profile: `Functieprofiel ${profile}`,
      profile_code: profileCode,
    };
  },
};
