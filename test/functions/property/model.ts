/**
 * What the connector must hold after each action, worked out anew from the public contract: plain lists, looked through from the
 * start each time, and nothing of the connector's own code. Nothing here is fast, and nothing is shared with what it judges.
 */
export interface Settings {
  assignedBy: 'account' | 'permissions';
  initiallyEnabled: boolean;
  usernameReuse: 'refuse' | 'report';
  duplicateEmail: 'refuse' | 'report';
}

export const fields = [
  'externalId',
  'email',
  'voornaam',
  'tussenvoegsel',
  'achternaam',
  'geslacht',
  'gebruikersnaam',
] as const;
export type Field = (typeof fields)[number];
/** Fields that were not sent are absent; null is an explicit null. */
export type Data = Partial<Record<Field, string | null>>;

export interface Contract {
  id: string | null;
  inConditions: boolean;
  unit: { name: string | null; code: string | null };
  profile: { name: string | null; code: string | null };
  startDate: string;
}

export interface Role {
  permission: string;
  contract: string;
  ou: string | null;
  oucode: string | null;
  functie: string | null;
  functiecode: string | null;
  startDate: string;
  assignedBy: 'account' | 'permissions';
}

export interface Person {
  reference: string;
  data: Record<Field, string | null>;
  /** What that was before each change. */
  was: Record<Field, string | null>[];
  enabled: boolean;
  living: boolean;
  roles: Role[];
  /** The name Spend Cloud got, null before the first delivery. */
  delivered: string | null;
}

export interface Action {
  kind: 'create' | 'update' | 'enable' | 'disable' | 'delete' | 'sub-permissions';
  reference: string | null;
  data: Data;
  /** Null: off. */
  correlation: { field: 'externalId' | 'gebruikersnaam' | 'email'; value: string } | null;
  contracts: Contract[] | null;
  operation: 'grant' | 'update' | 'revoke';
  dryRun: boolean;
}

export interface Expected {
  success: boolean;
  correlated: boolean;
  reference: string | null;
  /** The account as it is afterwards, or would be. */
  after: Person | null;
  /** Keys of the sub-permissions to answer. */
  subPermissions: string[];
}

export interface Model {
  /** Everyone ever created, the living and the deleted, those deleted last at the end. */
  people: Person[];
  /** Every name that ever stood in a delivered file, and for whom. */
  deliveries: { name: string; reference: string }[];
}

const failure: Expected = { success: false, correlated: false, reference: null, after: null, subPermissions: [] };

/** Says what must be answered, and changes the model unless it is a preview or fails. */
export function apply(model: Model, action: Action, settings: Settings): Expected {
  const { expected, people } = outcome(model, action, settings);
  if (expected.success && !action.dryRun) model.people = people;
  return expected;
}

interface Outcome {
  expected: Expected;
  people: Person[];
}

function outcome(model: Model, action: Action, settings: Settings): Outcome {
  if (action.kind === 'create') return create(model, action, settings);
  if (action.kind === 'sub-permissions') return subPermissions(model, action, settings);
  const person = model.people.find(({ living, reference }) => living && reference === action.reference);
  if (!person) {
    const success = action.reference !== null && (action.kind === 'disable' || action.kind === 'delete');
    return { expected: { ...failure, success, reference: action.reference }, people: model.people };
  }
  if (action.kind === 'update') return update(model, person, action, settings);
  if (action.kind === 'delete') return done(model, person, { ...person, living: false, roles: [] });
  return done(model, person, { ...person, enabled: action.kind === 'enable' });
}

function create(model: Model, action: Action, settings: Settings): Outcome {
  const nothing: Outcome = { expected: failure, people: model.people };
  const { data, correlation, contracts, dryRun } = action;
  const number = data.externalId ?? '';
  if (isEmpty(number) || isEmpty(data.gebruikersnaam)) return nothing;

  const living = model.people.filter((person) => person.living);
  const sameNumber = living.find((person) => person.data.externalId === number);
  const deleted = model.people.findLast((person) => !person.living && person.data.externalId === number);
  if (correlation) {
    const { field, value } = correlation;
    const hits = living.filter((person) => matches(person, field, value));
    if (hits.length > 1) return nothing;
    const [hit] = hits;
    if (hit) {
      const other = sameNumber ?? (hit.data.externalId === number ? undefined : deleted);
      return other && other !== hit ? nothing : correlated(model, hit);
    }
  }
  if (sameNumber) return correlated(model, sameNumber);

  if (deleted && isSomebodyElse(deleted, data)) return nothing;

  const person: Person = {
    was: deleted ? [...deleted.was, deleted.data] : [],
    reference: deleted?.reference ?? freeReference(model, number),
    data: Object.fromEntries(fields.map((field) => [field, data[field] ?? null])) as Person['data'],
    enabled: settings.initiallyEnabled,
    living: true,
    roles: settings.assignedBy === 'account' && contracts ? rolesOf(contracts, 'account', dryRun) : [],
    delivered: deleted?.delivered ?? null,
  };
  if (isTaken(model, person, ['gebruikersnaam', 'email'], settings)) return nothing;
  const people = [...model.people.filter((other) => other !== deleted), person];
  return { expected: { ...failure, success: true, reference: person.reference, after: person }, people };
}

function update(model: Model, person: Person, { data, contracts, dryRun }: Action, settings: Settings): Outcome {
  const merged = { ...person.data };
  for (const field of fields) {
    const value = data[field];
    const stays = (field === 'externalId' || field === 'gebruikersnaam') && isEmpty(value);
    if (value !== undefined && !stays) merged[field] = value;
  }
  const replaces = settings.assignedBy === 'account' && contracts !== null;
  const after: Person = {
    ...person,
    data: merged,
    was: [...person.was, person.data],
    roles: replaces ? rolesOf(contracts, 'account', dryRun) : person.roles,
  };
  const changed = fields.filter((field) => merged[field] !== person.data[field]);
  if (isTaken(model, after, changed, settings)) return { expected: failure, people: model.people };
  return done(model, person, after);
}

function subPermissions(model: Model, action: Action, settings: Settings): Outcome {
  const { operation, contracts, dryRun } = action;
  const nothing = (success: boolean): Outcome => ({
    expected: { ...failure, success, reference: action.reference },
    people: model.people,
  });
  if (settings.assignedBy === 'account') return nothing(operation === 'revoke');
  const person = model.people.find(({ living, reference }) => living && reference === action.reference);
  if (!person) return nothing(operation === 'revoke' && action.reference !== null);
  const stays = operation !== 'revoke' && contracts === null;
  const roles = stays ? person.roles : rolesOf(operation === 'revoke' ? [] : (contracts ?? []), 'permissions', dryRun);
  const keys = [...new Set(roles.map(({ permission }) => permission))];
  if (keys.length > 100) return nothing(false);
  const { expected, people } = done(model, person, { ...person, roles });
  const shown = keys.length === 0 && operation !== 'revoke' ? ['No roles defined'] : keys;
  return { expected: { ...expected, subPermissions: shown }, people };
}

function done({ people }: Model, before: Person, after: Person): Outcome {
  const expected = { ...failure, success: true, reference: after.reference, after };
  const others = people.filter((person) => person !== before);
  // whoever is deleted goes to the end, where the one deleted last is looked for
  return {
    expected,
    people: after.living ? people.map((person) => (person === before ? after : person)) : [...others, after],
  };
}

function correlated({ people }: Model, person: Person): Outcome {
  return {
    expected: { ...failure, success: true, correlated: true, reference: person.reference, after: person },
    people,
  };
}

function matches(person: Person, field: Field, value: string): boolean {
  if (field === 'externalId') return person.data.externalId === value;
  if (field === 'email') return !isEmpty(value) && alike(person.data.email, value);
  return sameName(person.data.gebruikersnaam, value) || sameName(person.delivered, value);
}

/** A number that was given out again: nothing of a username or a name that the deleted person ever had comes back. */
function isSomebodyElse({ was, data }: Person, wanted: Data): boolean {
  const known = [...was, data];
  return (['gebruikersnaam', 'voornaam', 'achternaam'] as const).every(
    (field) => isEmpty(wanted[field]) || !known.some((held) => alike(held[field], wanted[field] ?? null)),
  );
}

function isTaken({ people, deliveries }: Model, self: Person, sets: readonly Field[], settings: Settings): boolean {
  const others = people.filter(({ living, reference }) => living && reference !== self.reference);
  const { externalId, gebruikersnaam, email } = self.data;
  if (sets.includes('externalId') && others.some((other) => other.data.externalId === externalId)) return true;
  if (sets.includes('gebruikersnaam')) {
    const name = gebruikersnaam ?? '';
    if (others.some((other) => sameName(other.data.gebruikersnaam, name) || sameName(other.delivered, name)))
      return true;
    const before = deliveries.some(
      (delivery) => sameName(delivery.name, name) && delivery.reference !== self.reference,
    );
    if (before && settings.usernameReuse === 'refuse') return true;
  }
  if (!sets.includes('email') || isEmpty(email) || settings.duplicateEmail === 'report') return false;
  return others.some((other) => alike(other.data.email, email));
}

/** One for each contract that counts; the same contract and codes twice are one, from the earliest start. */
export function rolesOf(contracts: Contract[], assignedBy: Role['assignedBy'], preview: boolean): Role[] {
  const roles: Role[] = [];
  for (const { id, inConditions, unit, profile, startDate } of contracts) {
    const namesUnit = !isEmpty(unit.name) || !isEmpty(unit.code);
    const namesProfile = !isEmpty(profile.name) || !isEmpty(profile.code);
    if (!(inConditions || preview) || !namesUnit || !namesProfile) continue;
    const permission = `${escaped(unit)}|${escaped(profile)}`;
    const role = {
      permission,
      contract: id ?? '',
      ou: unit.name,
      oucode: unit.code,
      functie: profile.name,
      functiecode: profile.code,
      startDate,
      assignedBy,
    };
    const same = roles.findIndex((other) => other.permission === permission && other.contract === role.contract);
    if (same < 0) roles.push(role);
    else roles[same] = { ...role, startDate: [roles[same]?.startDate ?? startDate, startDate].sort()[0] ?? startDate };
  }
  return roles;
}

function escaped({ name, code }: { name: string | null; code: string | null }): string {
  const text = isEmpty(code) ? name : code;
  return (text ?? '').split('\\').join('\\\\').split('|').join('\\|');
}

function freeReference({ people }: Model, number: string): string {
  const taken = people.map(({ reference }) => reference);
  for (let count = 1; ; count += 1) {
    const reference = count === 1 ? `SC-${number}` : `SC-${number}.${count}`;
    if (!taken.includes(reference)) return reference;
  }
}

function sameName(some: string | null, other: string | null): boolean {
  return some !== null && other !== null && some.toLowerCase() === other.toLowerCase();
}

function alike(some: string | null, other: string | null): boolean {
  return sameName(some?.trim() ?? null, other?.trim() ?? null);
}

function isEmpty(text: string | null | undefined): boolean {
  return (text ?? '').trim() === '';
}
