import {
  departments,
  domain,
  familyNames,
  firstNames,
  titles,
  type Department,
  type FamilyName,
  type Title,
} from './names.ts';
import { drawing, type Draw } from './random.ts';

/** An employee as the personnel system knows one. */
export interface Person {
  externalId: string;
  firstName: string;
  family: FamilyName;
  partner: FamilyName | null;
  /** How names are put together: birth name, partner's name, or both in one of the two orders. */
  convention: 'B' | 'P' | 'BP' | 'PB';
  gender: 'V' | 'M' | 'O';
  /** Given out by the directory; nobody else has or had it. */
  username: string;
  contracts: Contract[];
}

export interface Contract {
  id: string;
  /** Whether HelloID's business rule gives the account for this contract. */
  inConditions: boolean;
  /** Calendar days. */
  start: string;
  end: string | null;
  department: Department;
  title: Title;
}

/** So many invented people of a Dutch care organisation; the same seed gives the same people, and a longer list begins with the shorter one. */
export function organisation(seed: number, size: number): Person[] {
  const draw = drawing(seed);
  const taken = new Set<string>();
  return Array.from({ length: size }, (_, index) => personFrom(draw, String(100_001 + index), taken));
}

/** The same person under the partner's name, and with the username that goes with it. */
export function married(person: Person, partner: FamilyName, taken: ReadonlySet<string>): Person {
  const renamed: Person = { ...person, partner, convention: 'PB' };
  return { ...renamed, username: freeUsername(renamed, taken) };
}

export function contractOf(person: Person, department: Department, title: Title, start: string): Contract {
  return {
    id: `${person.externalId}-${person.contracts.length + 1}`,
    inConditions: true,
    start,
    end: null,
    department,
    title,
  };
}

/** Last name and prefix as the field mapping of the HelloID kit puts them together. */
export function lastNameOf({
  family,
  partner,
  convention,
}: Pick<Person, 'family' | 'partner' | 'convention'>): FamilyName {
  if (!partner || convention === 'B') return family;
  if (convention === 'P') return partner;
  const [first, second] = convention === 'BP' ? [family, partner] : [partner, family];
  return { prefix: first.prefix, name: `${first.name} - ${full(second)}` };
}

export function fullName(person: Person): string {
  return `${person.firstName} ${full(lastNameOf(person))}`;
}

export function emailOf({ username }: Pick<Person, 'username'>): string {
  return `${username}@${domain}`;
}

function personFrom(draw: Draw, externalId: string, taken: Set<string>): Person {
  const gender = draw.chance(4) ? ('O' as const) : draw.chance(60) ? ('V' as const) : ('M' as const);
  const family = draw.from(familyNames);
  const partner = draw.chance(30) ? draw.from(familyNames.filter((other) => other !== family)) : null;
  const convention = partner ? draw.from(['B', 'P', 'BP', 'PB'] as const) : 'B';
  const nameless = { externalId, firstName: draw.from(firstNames[gender]), family, partner, convention, gender };
  const username = freeUsername(nameless, taken);
  taken.add(username);
  return { ...nameless, username, contracts: contractsFrom(draw, externalId) };
}

/** One contract for most; a second one for some, now and then of the same job; and old or coming ones that give nothing. */
function contractsFrom(draw: Draw, externalId: string): Contract[] {
  const contracts: Contract[] = [];
  function add(part: Omit<Contract, 'id'>): void {
    contracts.push({ id: `${externalId}-${contracts.length + 1}`, ...part });
  }
  const job = () => ({ department: draw.from(departments), title: draw.from(titles) });
  const first = job();

  add({ inConditions: true, start: '2019-03-01', end: null, ...first });
  if (draw.chance(20)) add({ inConditions: true, start: '2023-09-01', end: '2027-08-31', ...job() });
  if (draw.chance(3)) add({ inConditions: true, start: '2024-01-01', end: null, ...first });
  if (draw.chance(10)) add({ inConditions: false, start: '2014-01-01', end: '2019-02-28', ...job() });
  if (draw.chance(5)) add({ inConditions: false, start: '2027-09-01', end: null, ...job() });
  return contracts;
}

function freeUsername(person: Omit<Person, 'username' | 'contracts'>, taken: ReadonlySet<string>): string {
  const { prefix, name } = person.partner && person.convention.startsWith('P') ? person.partner : person.family;
  const initials = (prefix ?? '').split(' ').map((word) => letters(word).slice(0, 1));
  const wanted = [letters(person.firstName).slice(0, 1), ...initials, letters(name)].join('').slice(0, 18);
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}${number}`)) return `${wanted}${number}`;
}

const withoutAccent: Record<string, string> = { ł: 'l', ø: 'o', ß: 'ss', ı: 'i', đ: 'd' };

/** What a directory makes of a name: a to z. */
function letters(text: string): string {
  const plain = text.normalize('NFD').toLowerCase();
  return plain.replace(/[łøßıđ]/g, (letter) => withoutAccent[letter] ?? '').replace(/[^a-z]/g, '');
}

function full({ prefix, name }: FamilyName): string {
  return prefix === null ? name : `${prefix} ${name}`;
}
