import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDataFolder } from '../../shared/doctor/data-folder.ts';
import { createBody, temporaryFolder, testServer } from '../helpers.ts';

const privacyOf = (folder: string) => checkDataFolder(folder).find(({ name }) => name === 'data folder: privacy');

test('what is in the data folder is for this user only, whatever the rights of the folder and of what lay there', async () => {
  const DATA_DIR = temporaryFolder();
  chmodSync(DATA_DIR, 0o755);
  mkdirSync(join(DATA_DIR, 'archive'), { mode: 0o755 });
  for (const name of ['run.lock', 'spendcloud.db', 'keys.json'])
    writeFileSync(join(DATA_DIR, name), name === 'keys.json' ? '{"keys":[]}' : '', { mode: 0o644 });
  const { app, post } = await testServer({ environment: { DATA_DIR } });
  await post('helloid/create', createBody(1));
  await post('exports');
  await app.daily.settled();
  const modes = Object.fromEntries(
    ['outbox', 'archive', 'spendcloud.db', 'spendcloud.db-wal', 'keys.json', 'run.lock', 'backup.lock', 'app.lock'].map(
      (name) => [name, (statSync(join(DATA_DIR, name)).mode & 0o777).toString(8)],
    ),
  );
  expect(modes).toEqual({
    outbox: '700',
    archive: '700',
    'spendcloud.db': '600',
    'spendcloud.db-wal': '600',
    'keys.json': '600',
    'run.lock': '600',
    'backup.lock': '600',
    'app.lock': '600',
  });
  expect(privacyOf(DATA_DIR)).toMatchObject({ state: 'warning', says: expect.stringMatching(/chmod 700/) as string });
  chmodSync(DATA_DIR, 0o700);
  expect(privacyOf(DATA_DIR)).toBeUndefined();
  chmodSync(join(DATA_DIR, 'run.lock'), 0o644);
  expect(privacyOf(DATA_DIR)).toMatchObject({ state: 'warning', says: expect.stringMatching(/run\.lock/) as string });
});
