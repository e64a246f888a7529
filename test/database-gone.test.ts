import { copyFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import { databasePath } from '../shared/store/open.ts';
import { countInFileAlone, createBody, testServer, type TestServer } from './helpers.ts';

async function serverWithOne(): Promise<TestServer & { path: string }> {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  return { ...server, path: databasePath(server.app.config.dataDir) };
}

test.each([
  ['removed', (path: string) => rmSync(path)],
  ['moved away', (path: string) => renameSync(path, `${path}.old`)],
  [
    'replaced by a copy',
    (path: string) => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
  ],
  ['cut', (path: string) => truncateSync(path, 0)],
])('once the database is %s no action is called a success, and probes and health say why', async (_how, harm) => {
  const { post, get, path } = await serverWithOne();
  harm(path);
  const created = await post('helloid/create', createBody(2));
  expect([created.status, created.json]).toMatchObject([
    503,
    { message: expect.stringMatching(/spendcloud\.db was (removed|replaced|cut).*restore a backup/) as string },
  ]);
  expect((await get('live', null)).status).toBe(503);
  const health = await get('health', null);
  expect([health.status, health.json]).toMatchObject([
    503,
    { reasons: [expect.stringMatching(/was (removed|replaced|cut)/)] },
  ]);
});

test('a file that is put back is worked with again', async () => {
  const { post, get, path } = await serverWithOne();
  renameSync(path, `${path}.old`);
  expect((await post('helloid/create', createBody(2))).status).toBe(503);
  renameSync(`${path}.old`, path);
  expect((await post('helloid/create', createBody(2))).json).toMatchObject({ Success: true });
  expect((await get('live', null)).status).toBe(200);
});

test('what health cannot read any more is told as such, and the timer removes nothing', async () => {
  const { app, get, post, path } = await serverWithOne();
  await post('exports');
  await app.daily.settled();
  await app.tick();
  const { backups } = (await get('backups')).json as { backups: unknown[] };
  truncateSync(path, 0);
  for (let call = 0; call < 3; call += 1)
    expect((await get('health', null)).json).toEqual({
      status: 'unhealthy',
      reasons: [expect.stringMatching(/was cut from \d+ to 0 bytes/)],
    });
  await expect(app.tick()).rejects.toThrow(/was cut/);
  expect((await app.backups.list()).length).toBe(backups.length);
  expect((await post('exports')).status).toBe(503);
});

test('a log that is removed costs nothing: actions go on, and a restart finds them all', async () => {
  const { app, get, post, path } = await serverWithOne();
  rmSync(`${path}-wal`);
  for (const number of [2, 3])
    expect((await post('helloid/create', createBody(number))).json).toMatchObject({ Success: true });
  expect((await get('health', null)).status).toBe(200);
  await post('exports');
  await app.daily.settled();
  expect(await app.runs.find(1)).toMatchObject({ state: 'delivered', files: [{ rows: 3 }, {}] });
  expect(countInFileAlone(path, 'accounts')).toBeGreaterThan(0);
  await app.close();
  const next = await testServer({ environment: { DATA_DIR: app.config.dataDir } });
  expect(((await next.get('accounts')).json as { accounts: unknown[] }).accounts).toHaveLength(3);
});
