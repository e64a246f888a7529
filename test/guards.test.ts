import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow } from './actions.ts';
import { contract, createBody, temporaryFolder, testServer, updateBody, type TestServer } from './helpers.ts';

/** People with a role in a unit that each has to itself, so that one guard alone is looked at. */
async function createPeople(server: TestServer, from: number, to: number, unit = (number: number) => `U${number}`) {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const body = (number: number) => createBody(number, {}, [contract(`${number}-1`, [unit(number), unit(number)])]);
  await Promise.all(numbers.map((number) => server.post('helloid/create', body(number))));
}

const noContracts = (number: number) => updateBody(`SC-${number}`, {}, []);

test('many who stay active without any role hold a delivery, however few roles that are of all', async () => {
  const server = await testServer({ policy: { guards: { lastRole: { atLeast: 3 } } } });
  await createPeople(server, 1, 12);
  await runNow(server);
  for (const number of [1, 2]) await server.post('helloid/update', noContracts(number));
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { roles: { removed: 2 } } });
  for (const number of [3, 4, 5]) await server.post('helloid/update', noContracts(number));
  const { state, reasons } = await runNow(server);
  expect([state, reasons]).toEqual([
    'held',
    ['3 person(s) would stay active and lose their last role, of 12 delivered last (guards.lastRole)'],
  ]);
});

test('lines that are gone from the tables of people whom HelloID does not manage hold a delivery', async () => {
  const folder = temporaryFolder();
  const [persons, roles] = [join(folder, 'also.csv'), join(folder, 'also-roles.csv')];
  const people = ['visma', 'accountant1', 'accountant2', 'beheer'].map((name) => `${name};A;${name}@x.example`);
  const head = 'gebruikersnaam;achternaam;email';
  const roleLine = (name: string) => `${name};Directie;CTRL`;
  const roleHead = 'gebruikersnaam;ou;functiecode';
  const write = (lines: string[], ofRoles: string[]) => {
    writeFileSync(persons, [head, ...lines, ''].join('\n'));
    writeFileSync(roles, [roleHead, ...ofRoles.map(roleLine), ''].join('\n'));
  };
  write(people, ['visma', 'accountant1', 'p1', 'p2']);
  const server = await testServer({ policy: { also: { persons, roles } } });
  await createPeople(server, 1, 3);
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { persons: { total: 7 } } });

  write([], ['visma', 'accountant1', 'p1', 'p2']);
  const cut = await runNow(server);
  expect([cut.state, cut.reasons]).toEqual([
    'held',
    [
      '4 line(s) of also.persons are gone, of 4 delivered last (guards.alsoLost)',
      '2 line(s) of also.roles are gone, of 4 delivered last (guards.alsoLost)',
    ],
  ]);

  write(people, ['accountant1']);
  expect((await runNow(server)).reasons).toEqual([
    '3 line(s) of also.roles are gone, of 4 delivered last (guards.alsoLost)',
  ]);
  write(people.slice(1), ['accountant1', 'p1', 'p2']); // one person is an ordinary change
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { persons: { deactivated: 1 } } });
});

test('half of a unit that is gone holds a delivery; who moves to another unit is not gone', async () => {
  const server = await testServer();
  await createPeople(server, 1, 8, (number) => (number <= 6 ? 'Noord' : 'Zuid'));
  await runNow(server);
  const moved = [contract('1-2', ['Zuid', 'Zuid'])];
  for (const number of [1, 2, 3, 4]) await server.post('helloid/update', updateBody(`SC-${number}`, {}, moved));
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { roles: { added: 4, removed: 4 } } });
  await createPeople(server, 41, 44, () => 'Noord');
  await runNow(server);
  await server.post('helloid/update', noContracts(5));
  for (const number of [6, 41]) await server.post('helloid/delete', updateBody(`SC-${number}`, null));
  const { state, reasons } = await runNow(server);
  expect([state, reasons]).toEqual([
    'held',
    ['3 of the 6 people of unit [Noord] would become inactive or lose their last role (guards.unit)'],
  ]);
});
