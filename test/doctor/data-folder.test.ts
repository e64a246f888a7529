import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDataFolder, privacyOnWindows } from '../../shared/doctor/data-folder.ts';
import { temporaryFolder } from '../helpers.ts';

test('keys that others can read are a warning here, and on Windows nothing is claimed about them', () => {
  const folder = temporaryFolder();
  const privacy = () => checkDataFolder(folder).find(({ name }) => name === 'data folder: privacy');
  writeFileSync(join(folder, 'keys.json'), '{"keys":[]}', { mode: 0o600 });
  expect(privacy()).toBe(undefined);
  chmodSync(join(folder, 'keys.json'), 0o644);
  expect(privacy()).toMatchObject({ state: 'warning', says: expect.stringContaining('keys.json') as string });
  expect(privacyOnWindows()).toMatchObject({ state: 'not tried', says: expect.stringContaining('icacls') as string });
});
