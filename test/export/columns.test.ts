import { expect, test } from 'vitest';
import type { RoleRow } from '../../shared/domain/dump-row.ts';
import { distinctRows } from '../../shared/export/columns.ts';

/** A role whose row shows the codes alone. */
function coded(unit: string, unitCode: string) {
  const role: RoleRow = {
    owner: 'account',
    permission: '',
    contract: '',
    unit,
    unitCode,
    profile: 'Teamleider',
    profileCode: 'TL',
    startDate: null,
    endDate: null,
  };
  return { role, cells: [unitCode, 'p1', 'TL'] };
}

test('equal rows appear once, also where another unit comes between them by name', () => {
  const roles = [coded('Alfa', 'D1'), coded('Beta', 'D2'), coded('Gamma', 'D1')];
  const expected = [
    ['D1', 'p1', 'TL'],
    ['D2', 'p1', 'TL'],
  ];
  expect(distinctRows(roles)).toEqual(expected);
  expect(distinctRows(roles.toReversed())).toEqual(expected);
});
