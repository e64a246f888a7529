import { expect, test } from 'vitest';
import { hiddenInside, keyForm, visibleForm } from '../../shared/domain/key-form.ts';

test.each(['jan ', ' jan', 'jan\u00a0', 'jan\t', 'jan\r\n', 'jan\u200b', '\ufeffjan', 'ja\u00adn', '\uff4aan', 'JAN'])(
  'the username %j is compared as jan',
  (username) => {
    expect(keyForm(username)).toBe('jan');
  },
);

test('other letters stay others, and a number keeps its case', () => {
  expect(keyForm('j\u0430n')).not.toBe('jan'); // a Cyrillic letter
  expect(keyForm('ja n')).toBe('ja n');
  expect(visibleForm(' A700\ufeff')).toBe('A700');
});

test('only what is hidden between visible characters is named', () => {
  expect(hiddenInside('ja\u200bn')).toContain('U+200B');
  expect(hiddenInside('a\nb')).toContain('U+000A');
  for (const text of ['jan', ' jan ', '\ufeffjan\r\n', 'van den berg', 'ren\u00e9e'])
    expect(hiddenInside(text)).toBeUndefined();
});
