import { expect, test } from 'vitest';
import { withoutDecider, withoutNames } from '../../shared/store/audit-erasure.ts';

test('a name in brackets is erased however it was sent: in other casing, with blanks or with something invisible', () => {
  const names = new Set(['zwaluw.q']);
  for (const sent of ['zwaluw.q', 'Zwaluw.Q', 'zwaluw.q ', '\u200Bzwaluw.q'])
    expect(withoutNames(`gebruikersnaam [${sent}] is taken by [SC-1]`, names)).toBe(
      'gebruikersnaam [erased] is taken by [SC-1]',
    );
  expect(withoutNames('fields [zwaluw.q , zwaluw]', names)).toBe('fields [erased, zwaluw]');
});

test.each([
  ['Q. Zwaluwstaart', '[erased]'],
  ['Quirine zwaluwstaart', '[erased]'],
  ['Zwaluwstaart', '[erased]'],
  ['zwaluw.q', '[erased]'],
  ['Q.Zwaluwstaart (SC-771)', '[erased]'],
  ['Fenna Zwaluwstaart', 'Fenna Zwaluwstaart'], // of the same family, as far as anybody can tell
  ['Fenna', 'Fenna'],
])('as who decided, [%s] is left as [%s] once Quirine Zwaluwstaart is erased', (by, left) => {
  const people = { names: new Set(['zwaluw.q']), called: [{ firstName: 'Quirine', lastName: 'Zwaluwstaart' }] };
  expect(withoutDecider(by, people)).toBe(left);
});
