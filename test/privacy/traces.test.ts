import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers.ts';
import { traces } from './traces.ts';

test.each<[string, Buffer]>([
  ['in UTF-8', Buffer.from('xxZoë "Q"xx')],
  ['in capitals', Buffer.from('ZOË "Q"')],
  ['in Latin-1', Buffer.from('Zoë "Q"', 'latin1')],
  ['in UTF-16', Buffer.from('Zoë "Q"', 'utf16le')],
  ['as JSON', Buffer.from(JSON.stringify('Zoë "Q"'))],
  ['decomposed', Buffer.from('Zoë "Q"'.normalize('NFD'))],
])('the search that proves an erasure finds a value %s, compressed too', (_how, bytes) => {
  const folder = temporaryFolder();
  for (const name of ['archive', 'backups']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'archive', 'a.csv.gz'), gzipSync(bytes));
  writeFileSync(join(folder, 'a.db'), bytes);
  writeFileSync(join(folder, 'backups', 'b.db'), bytes);
  expect(traces(folder, ['Zoë "Q"']).sort()).toEqual(['a.db: Zoë "Q"', 'archive/a.csv.gz: Zoë "Q"']);
});
