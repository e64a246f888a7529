import { expect, test } from 'vitest';
import { findingList } from '../../shared/export/findings.ts';

test('very many findings of one kind are cut with their number, and leave those of another kind', () => {
  const findings = findingList();
  for (let id = 1; id <= 1002; id += 1) findings.add('empty-email', { reference: `SC-${id}` }, 'empty');
  findings.add('incomplete-role', { reference: 'SC-1' }, 'left out');
  const all = findings.all();
  expect(all).toHaveLength(1002);
  expect(all.slice(999)).toEqual([
    { code: 'empty-email', reference: 'SC-1000', message: 'empty' },
    { code: 'incomplete-role', reference: 'SC-1', message: 'left out' },
    { code: 'empty-email', reference: null, message: 'and 2 more of this kind' },
  ]);
});

test('a kind that just fits is not called cut', () => {
  const findings = findingList();
  for (let id = 1; id <= 1000; id += 1) findings.add('empty-email', { reference: `SC-${id}` }, 'empty');
  expect(findings.all()).toHaveLength(1000);
});
