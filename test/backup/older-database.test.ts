import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openApp } from '../../shared/app.ts';
import { silent } from '../../shared/log.ts';
import { databasePath } from '../../shared/store/open.ts';
import { runNow } from '../actions.ts';
import { createBody, temporaryFolder, testConfig, testServer, updateBody } from '../helpers.ts';

const why = { by: 'Fenna', reason: 'checked with HR' };

/** Delivers twice, and puts a copy of the database from before the second time back by hand. */
async function putBack({ erase = false } = {}) {
  const DATA_DIR = temporaryFolder();
  const copy = join(temporaryFolder(), 'copy.db');
  const environment = { DATA_DIR };
  const app = await openApp(testConfig({ environment }), { log: silent });
  const server = await testServer({ environment }); // a second process on the same folder
  for (const number of [1, 2, 3]) await server.post('helloid/create', createBody(number));
  await runNow(server);
  const db = new Database(databasePath(DATA_DIR), { readonly: true });
  await db.backup(copy);
  db.close();
  for (const number of [4, 5]) await server.post('helloid/create', createBody(number));
  if (erase) await server.post('helloid/delete', updateBody('SC-1', null));
  await runNow(server);
  if (erase) {
    await server.app.daily.settled();
    await server.app.privacy.erasePerson('1', why);
  }
  await app.close();
  await server.app.close();
  for (const end of ['-wal', '-shm']) rmSync(databasePath(DATA_DIR) + end, { force: true });
  renameSync(copy, databasePath(DATA_DIR));
  return { environment, archive: join(DATA_DIR, 'archive') };
}

test('a database that was put back by hand acts as after a restore: its next delivery is held, and says so', async () => {
  const { environment } = await putBack();
  const server = await testServer({ environment });
  const run = await runNow(server);
  expect(run).toMatchObject({ id: 3, state: 'held', effect: { persons: { total: 3, deactivated: 2 } } });
  expect(run.reasons[0]).toMatch(/^The database is older than the delivery of run 2 \(.*\), as after a restore: /);
  expect((await server.get('audit?action=restore')).text).toContain('older than the delivery of run 2');
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true, heads: { same: 1, replaced: 1 } });
  await server.post(`exports/${run.id}/release`, why);
  await server.app.daily.settled();
  expect(await runNow(server)).toMatchObject({ state: 'delivered', reasons: [] });
});

test('a database that lacks nothing but the delivery is older, too, and what waited in it takes nobody’s place', async () => {
  const DATA_DIR = temporaryFolder();
  const copy = join(temporaryFolder(), 'copy.db');
  const first = await testServer({ environment: { DATA_DIR } });
  await first.post('helloid/create', createBody(1));
  await runNow(first);
  const { id } = (await first.app.runs.create('manual', null)) ?? { id: 0 };
  const db = new Database(databasePath(DATA_DIR), { readonly: true });
  await db.backup(copy);
  db.close();
  await first.app.daily.goOn();
  expect(await first.app.runs.find(id)).toMatchObject({ id: 2, state: 'delivered' });
  await first.app.close();
  for (const end of ['-wal', '-shm']) rmSync(databasePath(DATA_DIR) + end, { force: true });
  renameSync(copy, databasePath(DATA_DIR));

  const server = await testServer({ environment: { DATA_DIR } });
  expect(await runNow(server)).toMatchObject({ id: 3, state: 'held', effect: { persons: { total: 1, added: 0 } } });
  expect(await server.app.runs.find(id)).toMatchObject({ state: 'superseded' });
  expect(existsSync(join(DATA_DIR, 'archive', '2', '.delivered.json'))).toBe(true);
});

test('whom that database brings back after an erasure is erased again', async () => {
  const { environment } = await putBack({ erase: true });
  const server = await testServer({ environment });
  expect((await runNow(server)).state).toBe('held');
  expect((await server.get('accounts')).text).not.toContain('"p1"');
});

test('where nothing newer is kept beside it a database goes on as it is', async () => {
  const { environment, archive } = await putBack();
  rmSync(join(archive, '2'), { recursive: true });
  const server = await testServer({ environment });
  expect(existsSync(join(archive, '1'))).toBe(true);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
});
