import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { databasePath } from '../shared/store/open.ts';
import { createBody, testServer, type TestServer } from './helpers.ts';

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
])('once the database is %s no action is called a success, and probes and health say why', async (_how, harm) => {
  const { post, get, path } = await serverWithOne();
  harm(path);
  const created = await post('helloid/create', createBody(2));
  expect([created.status, created.json]).toMatchObject([
    503,
    { message: expect.stringMatching(/spendcloud\.db was (removed|replaced).*restore a backup/) as string },
  ]);
  expect((await get('live', null)).status).toBe(503);
  const health = await get('health', null);
  expect([health.status, health.json]).toMatchObject([
    503,
    { reasons: [expect.stringMatching(/was (removed|replaced)/)] },
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
