import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingsPage } from '../../tools/settings.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/settings.md is what the validators say (npm run settings writes it)', () => {
  expect(read('docs/settings.md')).toBe(settingsPage());
});

test('every variable that the settings are read from is on the page, with what it means', () => {
  const root = new URL('../..', import.meta.url);
  const code = globSync('shared/{config,config/*}.ts', { cwd: root }).map(read).join('\n');
  const withoutComments = code.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
  const names = new Set([...withoutComments.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z]\b/g)].map(([name]) => name));
  expect(names).toContain('SFTP_HOST_KEY');
  const described = [...settingsPage().matchAll(/^\| `([A-Z_]+)` \|.*\| (.{10,}) \|$/gm)].map(([, name]) => name);
  expect([...names].filter((name) => !described.includes(name))).toEqual([]);
  expect(described).toEqual(expect.arrayContaining(['HOST', 'PORT', 'DELIVERY']));
});

test('the README names no variable that the page does not', () => {
  const page = settingsPage();
  const inReadme = [...read('README.md').matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, name = '']) => name);
  expect(inReadme.filter((name) => !page.includes(`\`${name}\``) && !name.endsWith('_FILE'))).toEqual([]);
});
