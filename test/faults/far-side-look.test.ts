import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow, type RunJson } from '../actions.ts';
import { createBody, temporaryFolder, testServer, updateBody, type TestServer } from '../helpers.ts';

const why = { by: 'Fenna', reason: 'looked there' };

/** A connector that has delivered ten people to a folder that somebody set. */
interface Scene {
  server: TestServer;
  outbox: string;
  hire(from: number, to: number): Promise<void>;
  dismiss(from: number, to: number): Promise<void>;
  release(run: RunJson): Promise<RunJson>;
  /** A run whose persons file gets its name, while a folder is in the way of its roles file. */
  arriveInPart(): Promise<RunJson>;
}

async function aScene(): Promise<Scene> {
  const outbox = temporaryFolder();
  const server = await testServer({ environment: { OUTBOX_DIR: outbox } });
  const scene: Scene = {
    server,
    outbox,
    async hire(from, to) {
      for (let number = from; number <= to; number += 1) await server.post('helloid/create', createBody(number));
    },
    async dismiss(from, to) {
      for (let number = from; number <= to; number += 1)
        await server.post('helloid/delete', updateBody(`SC-${number}`, null));
    },
    async release({ id }) {
      expect((await server.post(`exports/${id}/release`, why)).status).toBe(200);
      await server.app.daily.settled();
      return (await server.get(`exports/${id}`)).json;
    },
    async arriveInPart() {
      rmSync(join(outbox, 'Roles.csv'));
      mkdirSync(join(outbox, 'Roles.csv'));
      const run = await runNow(server);
      expect(run).toMatchObject({
        state: 'failed',
        reasons: [expect.stringContaining('Delivered before that: Users')],
      });
      rmSync(join(outbox, 'Roles.csv'), { recursive: true });
      return run;
    },
  };
  await scene.hire(1, 10);
  const first = await runNow(server);
  expect(await scene.release(first)).toMatchObject({ state: 'delivered' });
  return scene;
}

const persons = ({ outbox }: Scene) => readFileSync(join(outbox, 'Users.csv'), 'utf8');
const foreign = expect.stringMatching(/^Somebody else wrote there: Users\.csv of \S+ with 6 bytes/) as string;

test('a file of another program is not replaced until a person releases it, once', async () => {
  const scene = await aScene();
  const { server, outbox } = scene;
  writeFileSync(join(outbox, 'Users.csv'), 'theirs');
  await scene.hire(11, 11);
  const held = await runNow(server);
  expect(held).toMatchObject({ state: 'held', reasons: [foreign] });
  expect(persons(scene)).toBe('theirs');

  expect(await scene.release(held)).toMatchObject({ state: 'delivered', files: held.files });
  await scene.hire(12, 12);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  writeFileSync(join(outbox, 'Users.csv'), 'theirs');
  expect(await runNow(server)).toMatchObject({ state: 'held', reasons: [foreign] });
});

test('a release is for the file that was seen: another one holds again', async () => {
  const scene = await aScene();
  const { server, outbox } = scene;
  writeFileSync(join(outbox, 'Users.csv'), 'theirs');
  const held = await runNow(server);
  const later = new Date('2026-11-30T05:00:00Z');
  utimesSync(join(outbox, 'Users.csv'), later, later);
  expect(await scene.release(held)).toMatchObject({
    state: 'held',
    reasons: [expect.stringContaining('of 2026-11-30T05:00:00.000Z')],
  });
  expect(persons(scene)).toBe('theirs');
});

test('an older file of ours holds too, and what was delivered last, or was fetched, does not', async () => {
  const scene = await aScene();
  const { server, outbox } = scene;
  const old = persons(scene);
  await scene.hire(11, 11);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  writeFileSync(join(outbox, 'Users.csv'), old);
  await scene.hire(12, 12);
  const held = await runNow(server);
  expect(held).toMatchObject({ state: 'held', reasons: [expect.stringContaining('Somebody else wrote there')] });
  expect(await scene.release(held)).toMatchObject({ state: 'delivered' });
  rmSync(join(outbox, 'Users.csv'));
  await scene.hire(13, 13);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  writeFileSync(join(outbox, 'something-else.csv'), 'not ours to look at');
  await scene.hire(14, 14);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
});

/** The ledger says that the newest run failed for good, though its files lie there. */
async function thoughtFailed({ server }: Scene, run: number): Promise<void> {
  const { runs, facts } = server.app;
  const attempts = (await runs.find(run))?.attempts ?? [];
  for (const { number } of attempts) await runs.endAttempt(run, number, 'The connection was lost.');
  expect(facts.get('arrived-since')).toBeUndefined();
}

test('persons that arrived without their roles are the base of the next run, and their usernames are remembered', async () => {
  const scene = await aScene();
  const { server } = scene;
  await scene.hire(11, 20);
  const half = await scene.arriveInPart();
  await thoughtFailed(scene, half.id);
  await scene.dismiss(12, 20);
  await server.post('helloid/update', updateBody('SC-11', { gebruikersnaam: 'married' }));

  const next = await runNow(server);
  expect(next).toMatchObject({
    state: 'held',
    effect: { persons: { deactivated: 9, renamed: 0 }, roles: { total: 11, added: 1, removed: 0 } },
    reasons: expect.arrayContaining([expect.stringMatching(/9 person\(s\) would be deactivated, of 20/)]) as string[],
  });
  expect(persons(scene)).toContain('"p12"');
  const { text } = await server.get(`exports/${next.id}/files/Users.csv`);
  expect(text).toContain('"p11"');
  expect(text).not.toContain('married');
  expect(text.match(/"Ja"\r\n/g)).toHaveLength(9);
  expect(await scene.release(next)).toMatchObject({ state: 'delivered' });
});

test('a run of which both files arrived is delivered after all, and the next one is judged by it', async () => {
  const scene = await aScene();
  const { server, outbox } = scene;
  await scene.hire(11, 20);
  const half = await scene.arriveInPart();
  await thoughtFailed(scene, half.id);
  const { text } = await server.get(`exports/${half.id}/files/Roles.csv`);
  writeFileSync(join(outbox, 'Roles.csv'), text);
  rmSync(join(outbox, 'Users.csv')); // fetched, before the roles
  await scene.dismiss(11, 20);

  const next = await runNow(server);
  expect(next).toMatchObject({
    state: 'held',
    effect: { persons: { deactivated: 10 }, roles: { removed: 10 } },
  });
  expect((await server.get(`exports/${half.id}`)).json).toMatchObject({ state: 'delivered' });
});

test('a run that was released is judged again too, when an earlier one turns out to have arrived', async () => {
  const scene = await aScene();
  const { server, outbox } = scene;
  await scene.hire(11, 20);
  const half = await scene.arriveInPart();
  await thoughtFailed(scene, half.id);
  const users = persons(scene);
  rmSync(join(outbox, 'Users.csv'));
  await scene.dismiss(1, 5);
  const held = await runNow(server);
  expect(held).toMatchObject({ state: 'held', effect: { persons: { deactivated: 5 } } });
  await scene.dismiss(11, 20);
  writeFileSync(join(outbox, 'Users.csv'), users);
  expect(await scene.release(held)).toMatchObject({ state: 'held', effect: { persons: { deactivated: 15 } } });
  expect(persons(scene)).toContain('"p11"');
});

test('after a baseline the files that were given as such are known by their bytes', async () => {
  const outbox = temporaryFolder();
  const given = temporaryFolder();
  const first = await testServer({ environment: { OUTBOX_DIR: given } });
  for (const number of [1, 2, 3]) await first.post('helloid/create', createBody(number));
  const { id } = await runNow(first);
  await first.post(`exports/${id}/release`, why);
  await first.app.daily.settled();
  // the same values, otherwise written
  const [users, roles] = ['Users.csv', 'Roles.csv'].map((name) => join(given, name)) as [string, string];
  writeFileSync(users, readFileSync(users, 'utf8').replaceAll('\r\n', '\n'));

  const server = await testServer({ environment: { OUTBOX_DIR: outbox } });
  for (const number of [1, 2, 3]) await server.post('helloid/create', createBody(number));
  await server.app.daily.baseline({ persons: users, roles, again: false, decider: why });
  for (const path of [users, roles]) writeFileSync(join(outbox, path.slice(given.length)), readFileSync(path));
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });

  writeFileSync(join(outbox, 'Users.csv'), readFileSync(users));
  expect(await runNow(server)).toMatchObject({ state: 'held' }); // the connector before us still runs
});
