import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow } from '../actions.ts';
import { createBody, testServer, updateBody, type TestServer } from '../helpers.ts';

const outbox = ({ app }: TestServer, name: string) => join(app.config.dataDir, 'outbox', name);
const usernames = (server: TestServer) =>
  readFileSync(outbox(server, 'Users.csv'), 'utf8')
    .split('\r\n')
    .slice(1, -1)
    .map((row) => row.split(';').slice(5).join(' ').replaceAll('"', '').trim());

/** Ten people are delivered; ten more stand in a persons file that arrived without its roles file, because a folder has that name. */
async function arrivedInPart(): Promise<TestServer> {
  const server = await testServer();
  const create = async (from: number) => {
    for (let number = from; number < from + 10; number += 1)
      expect((await server.post('helloid/create', createBody(number))).json).toMatchObject({ Success: true });
  };
  await create(1);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  await create(11);
  rmSync(outbox(server, 'Roles.csv'));
  mkdirSync(outbox(server, 'Roles.csv'));
  const run = await runNow(server);
  expect(run).toMatchObject({
    state: 'failed',
    reasons: [expect.stringMatching(/Delivered before that: Users\.csv\. The next try goes on with the rest/)],
    attempts: [{ finishedAt: null }],
  });
  expect(usernames(server)).toHaveLength(20);
  for (let number = 11; number <= 20; number += 1)
    await server.post('helloid/delete', updateBody(`SC-${number}`, null));
  return server;
}

test('a run whose persons file arrived alone is finished first, and the next one is compared with it', async () => {
  const server = await arrivedInPart();
  rmSync(outbox(server, 'Roles.csv'), { recursive: true });
  const next = await runNow(server);
  expect(next).toMatchObject({
    state: 'held',
    effect: { persons: { total: 10, deactivated: 10, added: 0 } },
    reasons: expect.arrayContaining([expect.stringMatching(/10 person\(s\) would be deactivated, of 20/)]) as string[],
  });
  expect((await server.get('exports/2')).json).toMatchObject({ state: 'delivered' });
  expect(usernames(server)).toHaveLength(20);
});

test('where it cannot be finished, the next run is judged against it as well, and closes those who stand in it', async () => {
  const server = await arrivedInPart(); // the folder is still in the way
  const next = await runNow(server);
  expect(next).toMatchObject({
    state: 'held',
    effect: { persons: { total: 10, deactivated: 10, added: 0 } },
  });
  const { text } = await server.get(`exports/${next.id}/files/Users.csv`);
  expect(text.match(/"Ja"\r\n/g)).toHaveLength(10);
});
