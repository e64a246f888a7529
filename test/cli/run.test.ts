import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { keyFile } from '../../shared/keys.ts';
import { temporaryFolder } from '../helpers.ts';
import { startSpendcloud } from './command.ts';

test('a command whose reader has gone does its work and ends as if it had been read', async () => {
  const dataDir = temporaryFolder();
  const child = startSpendcloud(dataDir, ['keys', 'add', 'agent', '--scope', 'agent']);
  if (!child.stdout || !child.stderr) throw new Error('the command has no output to read');
  child.stdout.destroy();
  const [[code], errors] = await Promise.all([once(child, 'close') as Promise<[number | null]>, text(child.stderr)]);
  expect({ code, errors }).toEqual({ code: 0, errors: expect.stringMatching(/^Made key .*\n$/) as string });
  expect(keyFile(dataDir, []).list()).toMatchObject([{ name: 'agent', scope: 'agent' }]);
});
