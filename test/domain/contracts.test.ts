import { expect, test } from 'vitest';
import { rolesOf, type Contract } from '../../shared/domain/contracts.ts';

function contract(startDate: string | null, endDate: string | null, externalId: string | null = null): Contract {
  const unit = { name: 'Thuiszorg Noord', code: 'D0310' };
  return { externalId, inConditions: true, startDate, endDate, unit, profile: { name: 'Teamleider', code: 'TL' } };
}

const days = (contracts: Contract[]) =>
  rolesOf(contracts, 'account', false).roles.map(({ startDate, endDate }) => [startDate, endDate]);

test.each<[string, [Contract, Contract], [string | null, string | null]]>([
  [
    'one that ended and one that runs',
    [contract('2020-01-01T00:00:00Z', '2021-12-31T00:00:00Z'), contract('2025-01-01', '2027-12-31')],
    ['2020-01-01T00:00:00Z', '2027-12-31'],
  ],
  ['one without an end', [contract('2020-01-01', null), contract('2019-01-01', '2021-01-01')], ['2019-01-01', null]],
  ['one without a start', [contract(null, '2024-01-01'), contract('2019-01-01', '2021-01-01')], [null, '2024-01-01']],
  [
    'one whose end is no date',
    [contract('2020-01-01', '31-12-2025'), contract('2019-01-01', '2021-01-01')],
    ['2019-01-01', '31-12-2025'],
  ],
])('two contracts of one role, %s, give it the days of both in either order', (_what, contracts, expected) => {
  expect(days(contracts)).toEqual([expected]);
  expect(days(contracts.toReversed())).toEqual([expected]);
});

test('contracts with ids of their own keep days of their own', () => {
  expect(days([contract('2020-01-01', '2021-12-31', '1'), contract('2025-01-01', null, '2')])).toEqual([
    ['2020-01-01', '2021-12-31'],
    ['2025-01-01', null],
  ]);
});
