import { expect, test } from 'vitest';
import { calendarDay, contractTime, momentOf } from '../../shared/domain/calendar.ts';

const amsterdam = 'Europe/Amsterdam';

test.each([
  ['2026-07-01', 'first', '2026-06-30T22:00:00.000Z'],
  ['2026-07-01', 'last', '2026-07-01T21:59:59.999Z'],
  ['2026-03-29', 'first', '2026-03-28T23:00:00.000Z'], // a day of 23 hours
  ['2026-03-29', 'last', '2026-03-29T21:59:59.999Z'],
  ['2026-10-25', 'last', '2026-10-25T22:59:59.999Z'], // a day of 25 hours
  ['2026-12-31', 'last', '2026-12-31T22:59:59.999Z'],
] as const)('the day %s has its %s moment at %s in Amsterdam', (day, edge, moment) => {
  expect(momentOf(day, edge, amsterdam)).toBe(moment);
});

test('a day begins where its zone lets it begin', () => {
  expect(momentOf('2026-09-06', 'first', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z'); // midnight is left out there
  expect(momentOf('2026-01-01', 'first', 'Pacific/Kiritimati')).toBe('2025-12-31T10:00:00.000Z');
  expect(momentOf('2026-01-01', 'last', 'Pacific/Pago_Pago')).toBe('2026-01-02T10:59:59.999Z');
});

test('a time with its offset is that moment, anything else none', () => {
  expect(momentOf('2026-11-30T10:00:00+01:00', 'last', amsterdam)).toBe('2026-11-30T09:00:00.000Z');
  expect(momentOf('2026-11-30T09:00Z', 'first', amsterdam)).toBe('2026-11-30T09:00:00.000Z');
  for (const text of [
    '2026-11-30T09:00:00',
    '2026-02-29',
    '2026-13-01',
    '30-11-2026',
    'now',
    '2026-11-30T25:00:00Z',
    '',
  ])
    expect(momentOf(text, 'first', amsterdam), text).toBeUndefined();
});

test.each([
  ['0001-01-01', 'current'],
  ['1899-12-30', 'current'],
  ['9999-12-31', 'current'],
  ['2019-12-31', 'current'], // before the start
  ['2020-01-01', 'ended'],
  ['2026-11-30', 'current'],
  [null, 'current'],
])('a contract from 2020 with the end date %s is %s', (endDate, time) => {
  expect(contractTime('2020-01-01', endDate, '2026-11-28')).toBe(time);
});

test('the end of time is the same day in every zone', () => {
  expect(calendarDay('9999-12-31T23:59:59.997Z', amsterdam)).toBe('9999-12-31');
});
