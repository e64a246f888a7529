import { expect, test } from 'vitest';
import { withoutNames } from '../../shared/store/audit-erasure.ts';

test('a name in brackets is erased however it was sent: in other casing, with blanks or with something invisible', () => {
  const names = new Set(['zwaluw.q']);
  for (const sent of ['zwaluw.q', 'Zwaluw.Q', 'zwaluw.q ', '\u200Bzwaluw.q'])
    expect(withoutNames(`gebruikersnaam [${sent}] is taken by [SC-1]`, names)).toBe(
      'gebruikersnaam [erased] is taken by [SC-1]',
    );
  expect(withoutNames('fields [zwaluw.q , zwaluw]', names)).toBe('fields [erased, zwaluw]');
});
