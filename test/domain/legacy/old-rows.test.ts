import { expect, test } from 'vitest';
import { newestFirst, writtenAt } from '../../../shared/domain/legacy/old-rows.ts';

test.each([
  ['2026-11-01T08:00:00Z', '2026-11-01T08:00:00.000Z'],
  ['2026-11-01T08:00:00.1234567Z', '2026-11-01T08:00:00.123Z'],
  ['2026-11-01 08:00:00', '2026-11-01T08:00:00.000Z'],
  ['2026-11-01T09:00:00+01:00', '2026-11-01T08:00:00.000Z'],
  ['11/01/2026 08:00:00', '2026-11-01T08:00:00.000Z'],
  ['11/1/2026 8:00:00 PM', '2026-11-01T20:00:00.000Z'],
  ['11/1/2026 12:05 AM', '2026-11-01T00:05:00.000Z'],
  ['01-11-2026 8:00:00', '2026-11-01T08:00:00.000Z'],
])('the time %s is read as UTC', (text, expected) => {
  expect(new Date(writtenAt(text)).toISOString()).toBe(expected);
});

test.each([null, '', 'yesterday', '2026-13-45T08:00:00Z', Buffer.from('2026-11-01')])(
  'a time that cannot be read (%s) is older than any other',
  (value) => {
    expect(writtenAt(value)).toBe(Number.NEGATIVE_INFINITY);
  },
);

test('the newest row comes first, and of equally old ones the one written last', () => {
  const rows = [
    { row: 1, createtime: '2026-01-01T08:00:00Z' },
    { row: 2, createtime: null },
    { row: 3, createtime: '2026-01-01 08:00:00' },
    { row: 4, createtime: '02-01-2026 08:00:00' },
    { row: 5, createtime: 'unknown' },
  ];
  expect(newestFirst(rows).map(({ row }) => row)).toEqual([4, 3, 1, 5, 2]);
});
