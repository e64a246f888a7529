import type { Command } from 'commander';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { program } from '../../cli/run.ts';
import { page } from './page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['README.md', 'CHANGELOG.md', ...globSync('{docs,helloid}/**/*.md', { cwd: root })];
const lines = pages.flatMap((path) => commandLinesOf(page(path)).map((words) => ({ path, words })));

test('every command of spendcloud that a page names is one, with the options it is given', () => {
  expect(lines.length).toBeGreaterThan(80);
  expect(
    lines.filter(({ words }) => faultOf(words)).map(({ path, words }) => `${path}: ${words} (${faultOf(words) ?? ''})`),
  ).toEqual([]);
});

test('a command or an option that is none is found', () => {
  expect(faultOf('keys make hr-agent')).toBe('keys make is no command');
  expect(faultOf('release 41 --by NAME --because TEXT')).toBe('release has no --because');
  expect(faultOf('release 41 --by NAME --reason TEXT')).toBe(undefined);
});

/** What stands behind the word `spendcloud` in blocks and in code within a line. */
function commandLinesOf(markdown: string): string[] {
  return [...markdown.matchAll(/(?:^\s*(?:npx )?|`(?:npx )?|bin[\\/])spendcloud(?:\.js)? ([a-z][^`\n#|]*)/gm)].map(
    ([, words = '']) => words,
  );
}

function faultOf(line: string): string | undefined {
  const words = line.split(/\s+/);
  let command: Command = program();
  const path: string[] = [];
  while (command.commands.length > 0) {
    const word = words.shift() ?? '';
    path.push(word);
    const next = command.commands.find((one) => one.name() === word);
    if (!next) return path.length > 1 && !/^[a-z-]+$/.test(word) ? undefined : `${path.join(' ')} is no command`;
    command = next;
  }
  const known = ['--help', ...command.options.map(({ long }) => long)];
  const unknown = [...line.matchAll(/(?<=\s|\[)--[a-z-]+/g)]
    .map(([option]) => option)
    .find((option) => !known.includes(option));
  return unknown && `${path.join(' ')} has no ${unknown}`;
}
