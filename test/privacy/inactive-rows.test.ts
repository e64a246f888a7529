import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTo } from '../../shared/backup/make-backup.ts';
import { restore } from '../../shared/backup/restore.ts';
import { silent } from '../../shared/log.ts';
import { databasePath } from '../../shared/store/open.ts';
import { command } from '../command.ts';
import {
  clockAt,
  contract,
  createBody,
  temporaryFolder,
  testServer,
  updateBody,
  type TestOptions,
  type TestServer,
} from '../helpers.ts';
import { traces } from './traces.ts';

const why = { by: 'Fenna', reason: 'asked for it' };

const zwaluw = {
  externalId: 'ZW-771',
  email: 'q.zwaluw@waterrijk-zorg.example',
  voornaam: 'Quirinë',
  achternaam: 'Zwaluwstaart',
  gebruikersnaam: 'zwaluw.q',
};
const values = ['ZW-771', 'zwaluw', 'Quirinë', 'qq.1987', 'zw-contract'];

/** Delivers and gives what Spend Cloud has of her: username and status, or the whole file where she is not asked for. */
async function deliver(server: TestServer): Promise<string[]> {
  const { app, post } = server;
  const { id } = (await post('exports')).json as { id: number };
  await app.daily.settled();
  if ((await app.runs.find(id))?.state === 'held') await post(`exports/${id}/release`, why);
  await app.daily.settled();
  expect((await app.runs.find(id))?.state).toBe('delivered');
  return hers(server);
}

/** Username and status in her rows of the persons file that was delivered last. */
function hers({ app }: TestServer): string[] {
  const rows = readFileSync(join(app.config.dataDir, 'outbox', 'Users.csv'), 'utf8').split('\r\n');
  return rows.filter((row) => /zwaluw|qq\.1987/.test(row)).map((row) => row.split(';').slice(5).join(';'));
}

/** Somebody who was delivered under two usernames among others, and was deleted since. */
async function afterALife(options: TestOptions = {}): Promise<TestServer> {
  const server = await testServer(options);
  const { post } = server;
  for (let number = 1; number <= 15; number += 1) await post('helloid/create', createBody(number));
  await post('helloid/create', createBody(0, { ...zwaluw, gebruikersnaam: 'qq.1987' }, [contract('zw-contract')]));
  expect(await deliver(server)).toEqual(['"qq.1987";']);
  await post('helloid/update', updateBody('SC-ZW-771', zwaluw));
  await post('accounts/SC-ZW-771/accept-username', why);
  expect(await deliver(server)).toEqual(['"qq.1987";"Ja"', '"zwaluw.q";']);
  await post('helloid/delete', updateBody('SC-ZW-771', null));
  return server;
}

const erase = (server: TestServer) => server.app.privacy.erasePerson(zwaluw.externalId, why);

test('whom Spend Cloud has as active is erased once a delivery said inactive; the next file has none of her rows', async () => {
  const server = await afterALife();
  const { privacy, config, facts, runs } = server.app;
  expect(await erase(server)).toMatchObject({ persons: 0, waiting: 1 });
  await privacy.tick();
  expect((await server.get('accounts/SC-ZW-771')).status).toBe(200);

  expect(await deliver(server)).toEqual(['"qq.1987";"Ja"', '"zwaluw.q";"Ja"']);
  expect((await runs.list(1, null))[0]).toMatchObject({ effect: { persons: { deactivated: 1 } } });
  await privacy.tick();
  expect((await server.get('accounts/SC-ZW-771')).status).toBe(404);
  const left = traces(config.dataDir, values).map((trace) => trace.split(':')[0]);
  expect([...new Set(left)].sort()).toEqual(['archive/3/.persons.jsonl', 'archive/3/Users.csv', 'outbox/Users.csv']);
  expect(facts.get('erasing')).toBeDefined();

  expect(await deliver(server)).toEqual([]);
  expect((await runs.list(1, null))[0]).toMatchObject({
    effect: { persons: { total: 15, added: 0, reactivated: 0, deactivated: 0, changed: 0, renamed: 0 } },
    findings: [],
  });
  await privacy.tick();
  expect(traces(config.dataDir, values)).toEqual([]);
  expect(facts.get('erasing')).toBeUndefined();
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
});

test('who stands as inactive in what Spend Cloud got is erased at once, long before the row would leave the file', async () => {
  const server = await afterALife();
  const { config, privacy } = server.app;
  await deliver(server);
  const words = ['--by', why.by, '--reason', why.reason];
  const erased = await command(['person', 'erase', zwaluw.externalId, ...words], { DATA_DIR: config.dataDir });
  expect([erased.code, erased.stderr]).toEqual([0, '']);
  expect(erased.stdout).toContain('Not done yet: erased persons still stand in a dump that Spend Cloud has');
  expect((await server.get('accounts/SC-ZW-771')).status).toBe(404);
  expect(await deliver(server)).toEqual([]);
  await privacy.tick();
  expect(traces(config.dataDir, values)).toEqual([]);
  expect(await deliver(server)).toEqual([]);
});

test('a run that may yet go out with her inactive row is waited for', async () => {
  const server = await afterALife();
  const { privacy, daily } = server.app;
  await deliver(server);
  await server.post('pause', why);
  await server.post('exports'); // rendered, and waits for the end of the pause
  await daily.settled();
  expect(await erase(server)).toMatchObject({ persons: 0, waiting: 1 });
  await server.post('resume', why);
  await server.app.tick();
  await daily.settled();
  expect(hers(server)).toEqual(['"qq.1987";"Ja"', '"zwaluw.q";"Ja"']);
  await privacy.tick();
  expect((await server.get('accounts/SC-ZW-771')).status).toBe(404);
  expect(await deliver(server)).toEqual([]);
});

test('a preview and a dump that was rendered after the erasure leave her out, also when it is never delivered', async () => {
  const server = await afterALife();
  const { privacy, config, daily } = server.app;
  await deliver(server);
  expect(await erase(server)).toMatchObject({ persons: 1, unfinished: 'pair' });
  expect((await daily.preview()).files[0].rows).toBe(15);
  await server.post('pause', why);
  const { id } = (await server.post('exports')).json as { id: number };
  await daily.settled();
  expect(traces(join(config.dataDir, 'archive', String(id)), values)).toEqual([]);
  await server.post(`exports/${id}/discard`, why);
  await server.post('resume', why);
  await privacy.tick();
  expect(hers(server)).toHaveLength(2); // Spend Cloud has the file, so what is compared with it stays
  expect(await deliver(server)).toEqual([]);
  await privacy.tick();
  expect(traces(config.dataDir, values)).toEqual([]);
});

test('who comes back after the erasure is somebody new, whatever the last file says', async () => {
  const server = await afterALife();
  await deliver(server);
  expect(await erase(server)).toMatchObject({ persons: 1 });
  const again = await server.post('helloid/create', createBody(0, zwaluw, [contract('zw-contract')]));
  expect(again.json).toMatchObject({ Success: true, AccountReference: 'SC-ZW-771.2' });
  expect(await deliver(server)).toEqual(['"zwaluw.q";']);
  await server.app.privacy.tick();
  expect((await server.get('accounts/SC-ZW-771.2')).json).toMatchObject({ enabled: true });
  expect(server.app.facts.get('erasing')).toBeUndefined();
});

test.each(['before', 'after'] as const)(
  'a restore of a backup in which she stands, %s the delivery without her, brings no row of hers back',
  async (when) => {
    const server = await afterALife();
    const { dataDir } = server.app.config;
    await deliver(server);
    const file = join(temporaryFolder(), 'backup.db.gz');
    await writeTo(databasePath(dataDir), file);
    expect(await erase(server)).toMatchObject({ persons: 1 });
    if (when === 'after') expect(await deliver(server)).toEqual([]);
    await server.app.close();
    const none = { fromBlob: false, blobs: null, log: silent };
    const done = await restore({ dataDir, file, ...none, decider: why, now: new Date() });
    expect(done).toMatchObject({ erasedAgain: 1 });
    const restored = await testServer({ environment: { DATA_DIR: dataDir } });
    await restored.app.tick();
    expect(await deliver(restored)).toEqual([]);
    await restored.app.privacy.tick();
    expect(traces(dataDir, values)).toEqual([]);
    expect((await restored.get('audit/verify')).json).toMatchObject({ ok: true });
  },
);

test('a term waits until the row has left the file, and then everything past it goes', async () => {
  const clock = clockAt('2026-01-05T10:00:00.000Z');
  const retention = { passiveDays: 60, deletedPersonsDays: 30, auditDays: 2557, archiveDays: 10 };
  const server = await afterALife({ now: clock.now, policy: { retention } });
  const { dataDir } = server.app.config;
  const names = ['Quirinë', 'Zwaluwstaart', 'q.zwaluw@waterrijk-zorg.example'];
  const onDay = async (text: string) => {
    clock.set(`${text}T10:00:00.000Z`);
    const rows = await deliver(server);
    await server.app.tick();
    return rows;
  };
  expect(await onDay('2026-01-06')).toHaveLength(2);
  expect(await onDay('2026-03-05')).toHaveLength(2);
  expect((await server.get('accounts/SC-ZW-771')).json).toMatchObject({ achternaam: 'Zwaluwstaart' });
  expect(await onDay('2026-03-07')).toEqual([]); // no pair that is needed has the row any more
  await server.app.tick();
  expect((await server.get('accounts/SC-ZW-771')).json).toMatchObject({ achternaam: null, gebruikersnaam: 'zwaluw.q' });
  expect(traces(dataDir, names)).toEqual([]);
});
