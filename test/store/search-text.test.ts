import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../shared/store/migrations.ts';
import { databasePath } from '../../shared/store/open.ts';
import { sqlite3 } from '../command.ts';
import { createBody, temporaryFolder, testServer, viewerKey } from '../helpers.ts';

test('a value that is changed or erased past the connector is gone from what is searched, too', async () => {
  const folder = temporaryFolder();
  const server = await testServer({ environment: { DATA_DIR: folder } });
  await server.post('helloid/create', createBody(1, { voornaam: 'Renée', achternaam: 'Brink' }));
  sqlite3(folder, `UPDATE accounts SET first_name = NULL, last_name = 'Bakker' WHERE reference = 'SC-1'`);
  const found = async (text: string) =>
    ((await server.get(`accounts?search=${text}`, viewerKey)).json as { accounts: [] }).accounts.length;
  expect([await found('renee'), await found('brink'), await found('bakker'), await found('p1')]).toEqual([0, 0, 1, 1]);
  const kept = sqlite3(folder, 'SELECT search_text FROM accounts');
  expect(kept).not.toMatch(/ren|brink/i);
});

test('accounts from before the search are found after the upgrade', async () => {
  const folder = temporaryFolder();
  const before = new Database(databasePath(folder));
  onTestFinished(() => void before.close());
  migrate(before, 3);
  before.exec(
    `INSERT INTO accounts (id, reference, external_id, username, username_key, first_name, last_name, extra, enabled, created_at, changed_at, touched_at)
     VALUES (7, 'SC-7', '7', 'p7', 'p7', 'Zoë', 'Łuczak', '{}', 1, '2026-11-23T10:00:00.000Z', '2026-11-23T10:00:00.000Z', '2026-11-23T10:00:00.000Z')`,
  );
  before.close();
  const server = await testServer({ environment: { DATA_DIR: folder } });
  const { json } = await server.get('accounts?search=luczak+zoe', viewerKey);
  expect((json as { accounts: { reference: string }[] }).accounts.map(({ reference }) => reference)).toEqual(['SC-7']);
});
