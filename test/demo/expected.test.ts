import { expect, test } from 'vitest';
import { differences, expectedOf, wrongChanges, type Expected } from '../../demo/expected.ts';
import { organisation } from '../../demo/organisation.ts';
import { emptySpendCloud, type SpendCloud } from '../../demo/spend-cloud.ts';

const people = organisation(1872, 20);
const nobody: Expected = { employees: [], roles: [] };
const everyone = expectedOf(
  new Map(people.map((person) => [person.externalId, { person, username: person.username }])),
);

test('each contract in conditions gives a role, two of the same job give one', () => {
  const [person] = people;
  if (!person) throw new Error('nobody');
  const [contract] = person.contracts;
  if (!contract) throw new Error('no contract');
  const twice = {
    ...person,
    contracts: [
      contract,
      { ...contract, id: 'another' },
      { ...contract, title: { code: 'X', name: 'X' }, inConditions: false },
    ],
  };
  const { roles } = expectedOf(new Map([[person.externalId, { person: twice, username: 'delivered' }]]));

  expect(roles).toEqual([{ unit: contract.department.name, username: 'delivered', profile: contract.title.code }]);
});

test('a Spend Cloud that is as expected has no differences', () => {
  expect(differences(everyone, spendCloudOf(everyone))).toEqual([]);
});

test('who is missing, who should not be there, and what differs is named', () => {
  const [first, second, ...others] = everyone.employees;
  if (!first || !second) throw new Error('nobody');
  const found = spendCloudOf({
    employees: [{ ...first, active: false }, { ...second, prefix: 'van der' }, ...others],
    roles: everyone.roles.slice(1),
  });

  const lines = differences(everyone, found);
  expect(lines).toHaveLength(4);
  expect(lines.filter((line) => line.startsWith('missing: '))).toHaveLength(3);
  expect(
    lines.some((line) => line.startsWith(`unexpected: employee ${second.username} | ${second.firstName} | van der |`)),
  ).toBe(true);
});

test('an import that reports more or less than the change is wrong, whatever it led to', () => {
  const [first] = everyone.employees;
  if (!first) throw new Error('nobody');
  const one: Expected = { employees: [first], roles: [] };
  const persons = { added: [first.username], changed: [], reactivated: [], deactivated: [], errors: [] };
  const roles = { added: [], removed: [], errors: [] };

  expect(wrongChanges([nobody, one], new Set(), { persons, roles })).toEqual([]);
  expect(wrongChanges([one, one], new Set(), { persons, roles })).toEqual([`unexpected: added ${first.username}`]);
  expect(wrongChanges([nobody, one], new Set([first.username]), { persons, roles })).toEqual([
    `unexpected: added ${first.username}`,
    `missing: reactivated ${first.username}`,
  ]);
  expect(
    wrongChanges([nobody, one], new Set(), { persons, roles: { ...roles, errors: [{ row: 3, reason: 'odd' }] } }),
  ).toEqual(['unexpected: refused row 3: odd']);
  expect(wrongChanges([one, nobody], new Set([first.username]), { persons: { ...persons, added: [] }, roles })).toEqual(
    [`missing: deactivated ${first.username}`],
  );
});

function spendCloudOf({ employees, roles }: Expected): SpendCloud {
  const empty = emptySpendCloud({ units: new Set(), profiles: new Set() });
  return { ...empty, employees: new Map(employees.map((employee) => [employee.username, employee])), roles };
}
