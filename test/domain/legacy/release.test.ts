import { expect, test } from 'vitest';
import { recogniseRelease } from '../../../shared/domain/legacy/release.ts';
import { readOldDatabase } from '../../../shared/legacy/old-database.ts';
import { employee, oldLife, type OldLife, type Release } from '../../legacy/old-life.ts';

const brink = employee('1', 'brink', { achternaam: 'Brink', tussenvoegsel: 'van den' });
const prefixBehind = { ...brink, achternaam: 'Brink van den' };

const lives: [title: string, release: Release, live: (life: OldLife) => void, expected: object][] = [
  [
    '2.0.0 or 2.0.1, by the prefix that its updates emptied',
    '2.0.1',
    (life) => {
      life.create(prefixBehind);
      life.update(prefixBehind);
    },
    { release: '2.0.0-2.0.1', surnames: 'with-prefix' },
  ],
  [
    '2.0.3, by leavers whose rows stayed without roles',
    '2.0.3',
    (life) => {
      life.create(brink);
      life.create(employee('2', 'bram'));
      life.leave('2');
    },
    { release: '2.0.2-2.0.4', surnames: 'without-prefix' },
  ],
  ['2.0.5, by its column', '2.0.5', (life) => life.create(brink), { release: '2.0.5', surnames: 'without-prefix' }],
  [
    'an upgraded table, by the traces of both',
    '2.0.5',
    (life) => {
      life.create(brink);
      life.create({ ...prefixBehind, number: '2', username: 'brink2', tussenvoegsel: '' });
    },
    { release: 'mixed', releases: ['2.0.0-2.0.1', '2.0.5'], surnames: 'mixed' },
  ],
  [
    'no more than a release before 2.0.5',
    '2.0.3',
    (life) => life.create(employee('1', 'anna')),
    { release: 'before-2.0.5', surnames: 'unknown' },
  ],
];

test.each(lives)('a database is recognised as that of %s', (_title, release, live, expected) => {
  const life = oldLife(release);
  live(life);
  expect(recogniseRelease(readOldDatabase(life.path))).toMatchObject(expected);
});
