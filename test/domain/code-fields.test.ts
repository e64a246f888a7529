import { expect, test } from 'vitest';
import type { Role } from '../../shared/domain/account.ts';
import {
  compareCodes,
  judgeCodes,
  otherMember,
  pathsIn,
  type CodeCount,
  type CodeMatch,
} from '../../shared/domain/code-fields.ts';
import type { Contract } from '../../shared/domain/contracts.ts';

const paths = { unit: 'Department.ExternalId', profile: 'Title.ExternalId' };

test.each([
  ['Title.Code', 'Title.ExternalId'],
  ['Title.ExternalId', 'Title.Code'],
  ['Custom.Function.code', 'Custom.Function.ExternalId'],
  ['externalid', 'Code'],
  ['Title.Name', null],
  ['Title.Codes', null],
])('the counterpart of %s is %s', (path, other) => {
  expect(otherMember(path)).toBe(other);
});

function count(match: CodeMatch, people: number, path = paths.profile, kind: CodeCount['kind'] = 'profile'): CodeCount {
  return { kind, path, match, people };
}

const held = (some: number, all: number) =>
  `roles.profile.code reads Title.ExternalId; the codes delivered until now are those of Title.Code for ${some} of ${all} people; an upgraded table may hold both`;
const found = (some: number, all: number) =>
  `roles.profile.code reads Title.ExternalId; for ${some} of ${all} people the codes taken over are those of Title.Code, so Spend Cloud removes their roles and adds them under other codes`;

test.each<[string, CodeCount[], { held: string[]; findings: string[] }]>([
  ['nobody was compared', [], { held: [], findings: [] }],
  ['all codes are the configured ones', [count('configured', 9)], { held: [], findings: [] }],
  ['one person of one has the other', [count('other', 1)], { held: [held(1, 1)], findings: [] }],
  ['the other is one more', [count('other', 4), count('configured', 3)], { held: [held(4, 7)], findings: [] }],
  ['both are as many', [count('other', 3), count('configured', 3)], { held: [], findings: [found(3, 6)] }],
  [
    'most say nothing',
    [count('other', 2), count('configured', 1), count('both', 40), count('neither', 7)],
    { held: [held(2, 50)], findings: [] },
  ],
  ['only some say nothing', [count('both', 4), count('neither', 3)], { held: [], findings: [] }],
  [
    'it was measured under the other setting',
    [count('configured', 5, 'Title.Code')],
    { held: [held(5, 5)], findings: [] },
  ],
  [
    'the setting was corrected, and more people came since',
    [count('other', 5, 'title.code'), count('configured', 2)],
    { held: [], findings: [] },
  ],
  ['it was measured under a third setting', [count('other', 5, 'Custom.Code')], { held: [], findings: [] }],
  [
    'units are those of the other member',
    [count('other', 2, paths.unit, 'unit'), count('configured', 2)],
    { held: [held(2, 2).replace('profile', 'unit').replaceAll('Title', 'Department')], findings: [] },
  ],
])('where %s, this is said', (_what, counts, expected) => {
  expect(judgeCodes(counts, paths)).toEqual(expected);
});

test('an accepted setting is not asked about again, and another one is', () => {
  const counts = [count('other', 5), count('other', 3, paths.unit, 'unit')];
  const { held: reasons } = judgeCodes(counts, paths);
  expect(pathsIn(['The roles file is empty', ...reasons])).toEqual(paths);
  expect(judgeCodes(counts, paths, { profile: 'title.externalid' }).held).toEqual([reasons[0]]);
  expect(judgeCodes(counts, paths, paths)).toEqual({ held: [], findings: [] });
  expect(judgeCodes(counts, paths, { profile: 'Title.Code' }).held).toHaveLength(2);
});

test('a setting whose last name has no counterpart is never judged', () => {
  const custom = { ...paths, profile: 'Custom.Function' };
  expect(judgeCodes([count('other', 5, 'Custom.Function')], custom)).toEqual({ held: [], findings: [] });
  expect(compareCodes([role('F118')], [contract('A', 'F118')], custom)).toMatchObject([{ kind: 'unit' }]);
});

function role(profileCode: string | null, owner: Role['owner'] = 'account'): Role {
  const dates = { startDate: null, endDate: null };
  return { owner, permission: 'p', contract: '', unit: 'Zorg', unitCode: 'D1', profile: 'TL', profileCode, ...dates };
}

function contract(code: string | null, otherCode: string | null, inConditions = true): Contract {
  const dates = { startDate: null, endDate: null };
  const unit = { name: 'Zorg', code: 'D1', otherCode: null };
  return { externalId: '1', inConditions, ...dates, unit, profile: { name: 'TL', code, otherCode } };
}

test.each<[string, Role[], Contract[], CodeMatch | undefined]>([
  ['the configured code', [role('TL')], [contract('TL', 'F118')], 'configured'],
  ['the other code', [role('F118')], [contract('TL', 'F118')], 'other'],
  ['the other code where the configured one is empty', [role('F118')], [contract(null, 'F118')], 'other'],
  ['the configured code where the other is empty', [role('TL')], [contract('TL', null)], 'configured'],
  ['a code that both members hold', [role('TL')], [contract('TL', 'TL')], 'both'],
  ['a code of an earlier job', [role('INK')], [contract('TL', 'F118')], 'neither'],
  ['the code of one of two jobs', [role('INK'), role('F118')], [contract('TL', 'F118'), contract('X', 'X')], 'other'],
  ['codes of both members', [role('TL'), role('F2')], [contract('TL', 'F1'), contract('INK', 'F2')], 'both'],
  ['the code of a contract out of conditions', [role('F118')], [contract('TL', 'F118', false)], undefined],
  ['no code', [role(null), role(' ')], [contract(null, null)], undefined],
  ['a code of the catalogue alone', [role('F118', 'catalogue')], [contract('TL', 'F118')], undefined],
  ['a code that no contract follows', [role('F118')], [], undefined],
])('roles with %s are told as such', (_what, roles, contracts, match) => {
  expect(compareCodes(roles, contracts, paths).find(({ kind }) => kind === 'profile')?.match).toBe(match);
});
