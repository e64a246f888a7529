import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { alternate, summary, type Row, type Summary } from '../../bench/measure.ts';
import { temporaryFolder } from '../helpers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function aRow(parts: Partial<Row>): Row {
  return { name: 'a', what: 'a', reference: 'b', better: 'less', goal: 1, rounds: [], unit: 'ms', notes: [], ...parts };
}

test('a ratio is the median of the rounds, judged by its goal and a floor of twice or half of it', () => {
  const rounds = [1, 9, 3].map((product) => ({ product, reference: 2 }));
  expect(summary(aRow({ rounds }))).toMatchObject({ ratio: 1.5, lowest: 0.5, highest: 4.5, product: 3, reference: 2 });
  const verdict = (parts: Partial<Row>) => summary(aRow({ rounds, ...parts })).verdict;
  expect([1.5, 1, 0.7].map((goal) => verdict({ goal }))).toEqual(['goal met', 'above the floor', 'below the floor']);
  expect([1.5, 2, 4].map((goal) => verdict({ goal, better: 'more' }))).toEqual([
    'goal met',
    'above the floor',
    'below the floor',
  ]);
});

test('both sides are measured in each round, and take turns in going first', async () => {
  const order: string[] = [];
  const measure = (name: string) => async () => order.push(name);
  await alternate(3, measure('product'), measure('reference'));
  expect(order).toEqual(['product', 'reference', 'reference', 'product', 'product', 'reference']);
});

test('the whole benchmark runs in its smallest size and writes a figure for every row', { timeout: 300_000 }, () => {
  const json = join(temporaryFolder(), 'results.json');
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { cwd: root });
  const printed = execFileSync(process.execPath, ['bench/main.ts', '--size', 'small', '--json', json], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { rows } = JSON.parse(readFileSync(json, 'utf8')) as { rows: (Row & Summary)[] };
  expect(rows.map(({ name }) => name)).toEqual([
    ...['creates', 'creates-1', 'dump-small', 'dump-large', 'effect'],
    ...['delivery-near-size', 'delivery-near-content', 'delivery-far-size', 'delivery-far-content'],
    ...['under-load', 'verify', 'start-empty', 'start-full'],
    ...['growth-action-1', 'growth-dump-1', 'growth-action-2', 'growth-dump-2', 'views'],
  ]);
  for (const { name, what, rounds, ratio } of rows) {
    expect({ name, rounds: rounds.length >= 3, isFigure: ratio > 0 && Number.isFinite(ratio) }).toEqual({
      ...{ name, rounds: true, isFigure: true },
    });
    expect(printed).toContain(`| ${what} |`);
  }
});
