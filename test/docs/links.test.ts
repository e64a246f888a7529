import { existsSync, globSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { page, proseOf } from './page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync('**/*.md', { cwd: root, exclude: (name) => ['node_modules', 'dist', 'data'].includes(name) });

test.each(pages)('every link in %s leads somewhere', (path) => {
  expect(linksOf(page(path)).filter((link) => !leadsSomewhere(path, link))).toEqual([]);
});

test('a heading becomes the anchor that GitHub makes of it', () => {
  expect(anchorsOf('# 13. Errors and `cures`\n## Keys\n## Keys\n### Één rol, géén recht')).toEqual([
    '13-errors-and-cures',
    'keys',
    'keys-1',
    'één-rol-géén-recht',
  ]);
});

test('a link that leads nowhere is found', () => {
  expect(linksOf('[a](docs/no-such-page.md) `[b](c)` ![d](e.png)')).toEqual(['docs/no-such-page.md', 'e.png']);
  expect(leadsSomewhere('README.md', 'docs/no-such-page.md')).toBe(false);
  expect(leadsSomewhere('README.md', '#no-such-heading')).toBe(false);
  expect(leadsSomewhere('docs/operating.md', '../README.md')).toBe(true);
});

/** The targets of links and pictures inside the project. */
function linksOf(markdown: string): string[] {
  const prose = proseOf(markdown).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(from: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const path = target === '' ? from : posix.join(dirname(from), decodeURI(target));
  const place = join(root, path);
  if (!existsSync(place)) return false;
  if (anchor === undefined) return true;
  return !statSync(place).isDirectory() && anchorsOf(page(path)).includes(decodeURI(anchor));
}

function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(markdown).matchAll(/^#+ +(.*?)\s*$/gm)].map(([, heading = '']) => {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  });
}
