import { expect, test } from 'vitest';
import { requestBody } from '../../demo/helloid.ts';
import { emailOf, lastNameOf, married, organisation, type Person } from '../../demo/organisation.ts';
import { sample } from '../helpers.ts';

test('the same seed gives the same people, and another seed others', () => {
  expect(organisation(7, 50)).toEqual(organisation(7, 50));
  expect(organisation(8, 50)).not.toEqual(organisation(7, 50));
});

test('a longer list begins with the shorter one', () => {
  expect(organisation(7, 60).slice(0, 50)).toEqual(organisation(7, 50));
});

test("numbers, usernames and e-mail addresses are everyone's own, and plain", () => {
  const people = organisation(1872, 500);
  for (const of of [(person: Person) => person.externalId, (person: Person) => person.username, emailOf]) {
    expect(new Set(people.map(of)).size).toBe(500);
  }
  expect(people.filter(({ username }) => !/^[a-z]+\d*$/.test(username))).toEqual([]);
});

test('the two hundred of the demo have what is awkward in real life', () => {
  const people = organisation(1872, 200);
  const contracts = people.flatMap((person) => person.contracts);
  const some = (holds: (person: Person) => boolean) => people.some(holds);

  expect(some(({ family }) => family.prefix === 'van den')).toBe(true);
  expect(some(({ family }) => family.prefix === "'t")).toBe(true);
  expect(some(({ family }) => family.name === "O'Brien")).toBe(true);
  expect(some(({ family }) => family.name === "D'Angelo")).toBe(true);
  expect(some(({ firstName }) => /[^ -~]/.test(firstName))).toBe(true);
  expect(some(({ firstName }) => firstName.includes('-'))).toBe(true);
  expect(new Set(people.map(({ convention }) => convention))).toEqual(new Set(['B', 'P', 'BP', 'PB']));
  expect(some((person) => person.contracts.filter(({ inConditions }) => inConditions).length > 1)).toBe(true);
  expect(contracts.some(({ inConditions }) => !inConditions)).toBe(true);
  for (const character of ['"', ';', '&', ',', "'"]) {
    expect(contracts.some(({ department }) => department.name.includes(character))).toBe(true);
    expect(contracts.some(({ title }) => `${title.name}${title.code}`.includes(character))).toBe(true);
  }
});

test.each([
  ['B', 'van den', 'Brink'],
  ['P', 'de', 'Vries'],
  ['BP', 'van den', 'Brink - de Vries'],
  ['PB', 'de', 'Vries - van den Brink'],
] as const)('the name convention %s leads to prefix [%s] and last name [%s]', (convention, prefix, name) => {
  const family = { prefix: 'van den', name: 'Brink' };
  expect(lastNameOf({ family, partner: { prefix: 'de', name: 'Vries' }, convention })).toEqual({ prefix, name });
});

test('a marriage changes name and username, and takes no username that is taken', () => {
  const [person] = organisation(1872, 1);
  if (!person) throw new Error('nobody');
  const partner = { prefix: 'de', name: 'Vries' };
  const alone = married(person, partner, new Set());
  const crowded = married(person, partner, new Set([alone.username]));

  expect(lastNameOf(alone)).toEqual({
    prefix: 'de',
    name: `Vries - ${[person.family.prefix, person.family.name].filter(Boolean).join(' ')}`,
  });
  expect(crowded.username).toBe(`${alone.username}2`);
  expect(crowded.contracts).toEqual(person.contracts);
});

test('what HelloID sends for them has no member that a real create does not have', async () => {
  const { actionContext, personContext } = await sample('create');
  const known = pathsOf({ actionContext, personContext });
  const sent = organisation(1872, 50).flatMap((person) => [...pathsOf(requestBody(person, null))]);

  expect(sent.length).toBeGreaterThan(50 * 40);
  expect(sent.filter((path) => !known.has(path))).toEqual([]);
});

/** The members at every depth, as `personContext.Person.Contracts.0.Title`; the elements of a list all as element 0. */
function pathsOf(value: unknown, path: string[] = []): Set<string> {
  if (typeof value !== 'object' || value === null) return new Set([path.join('.')]);
  const members = Array.isArray(value) ? value.map((element) => ['0', element] as const) : Object.entries(value);
  return new Set([path.join('.'), ...members.flatMap(([name, member]) => [...pathsOf(member, [...path, name])])]);
}
