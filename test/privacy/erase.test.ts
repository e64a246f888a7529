import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../shared/app.ts';
import { restore } from '../../shared/backup/restore.ts';
import { writeTo } from '../../shared/backup/make-backup.ts';
import { silent } from '../../shared/log.ts';
import { databasePath } from '../../shared/store/open.ts';
import { runLock } from '../../shared/store/run-lock.ts';
import { command, sqlite3 } from '../command.ts';
import {
  clockAt,
  contract,
  createBody,
  temporaryFolder,
  testConfig,
  testServer,
  updateBody,
  type TestOptions,
  type TestServer,
} from '../helpers.ts';
import { canMount, smallDisk } from '../small-disk.ts';
import { traces } from './traces.ts';

const why = { by: 'Fenna', reason: 'asked for it' };
const words = ['--by', why.by, '--reason', why.reason];

/** One person whose every value stands nowhere else. */
const zwaluw = {
  number: 'ZW-771',
  data: {
    externalId: 'ZW-771',
    email: 'q.zwaluw@waterrijk-zorg.example',
    voornaam: 'Quirinë',
    tussenvoegsel: 'opden',
    achternaam: 'Zwaluwstaart',
    geslacht: 'Xgender',
    gebruikersnaam: 'zwaluw.q',
    kostenplaats: 'KP-Zwaluw',
  },
};

const values = [
  'ZW-771',
  'zwaluw',
  'Quirinë',
  'opden',
  'Xgender',
  'quetzal', // her earlier name
  'qq.1987', // her earlier username
  'zw-contract',
];

async function deliver({ app, post }: TestServer): Promise<void> {
  const { id } = (await post('exports')).json as { id: number };
  await app.daily.settled();
  if ((await app.runs.find(id))?.state === 'held') await post(`exports/${id}/release`, why);
  await app.daily.settled();
  expect((await app.runs.find(id))?.state).toBe('delivered');
}

/** A server on which one person had a whole life among others, and was deleted. */
async function afterALife(options: TestOptions = {}): Promise<TestServer> {
  const server = await testServer({
    policy: { fields: [{ name: 'kostenplaats' }], files: { persons: { columns: allColumns } } },
    ...options,
  });
  const { post, app } = server;
  for (let number = 1; number <= 15; number += 1) await post('helloid/create', createBody(number));
  const first = { ...zwaluw.data, achternaam: 'Quetzal', gebruikersnaam: 'qq.1987' };
  await post('helloid/create', createBody(0, { ...first, email: 'p1@waterrijk-zorg.example' })); // refused: taken
  await post('helloid/create', createBody(0, first, [contract('zw-contract')]));
  await deliver(server);
  await post('helloid/update', updateBody('SC-ZW-771', zwaluw.data, [contract('zw-contract-2', ['Inkoop', 'I1'])]));
  await post('accounts/SC-ZW-771/accept-username', why);
  await deliver(server);
  await post('helloid/create', createBody(99, { gebruikersnaam: 'zwaluw.q' })); // somebody else wants her name, and is told whose it is
  await post('helloid/create', createBody(98, { email: zwaluw.data.email }));
  await post('helloid/uniqueness', createBody(99, { gebruikersnaam: 'zwaluw.q' }));
  await post('usernames/zwaluw.q/allow', { externalId: 'ZW-771', ...why });
  await post('helloid/update', updateBody('SC-ZW-771', { email: '' })); // a finding
  await deliver(server);
  const [finding] = (await app.runs.list(1, null))[0]?.findings ?? [];
  expect(finding).toMatchObject({ reference: 'SC-ZW-771' });
  await post('findings/seen', { ...finding, by: 'Fenna' });
  await post('helloid/disable', updateBody('SC-ZW-771', null));
  await post('helloid/delete', updateBody('SC-ZW-771', null));
  return server;
}

const allColumns = [
  'voornaam',
  'tussenvoegsel',
  'achternaam',
  'geslacht',
  'email',
  'gebruikersnaam',
  'externalId',
  'kostenplaats',
].map((field) => ({ header: field, field }));

test('after erasing a person no byte of hers is left in the data folder, and the chain verifies', async () => {
  const server = await afterALife();
  const { dataDir: DATA_DIR } = server.app.config;
  await deliver(server);
  await server.app.tick(); // earlier pairs are compressed
  for (const value of values) expect(traces(DATA_DIR, [value]), value).not.toEqual([]);
  const head = server.app.audit.head();

  const erased = await command(['person', 'erase', zwaluw.number, ...words, '--json'], { DATA_DIR }); // beside the running server
  expect([erased.code, JSON.parse(erased.stdout || 'null')], erased.stderr).toMatchObject([
    0,
    { persons: 1, unfinished: null },
  ]);
  expect(traces(DATA_DIR, values)).toEqual([]);
  expect((await server.get(`audit/verify?entry=${head.entry}&head=${head.hash}`)).json).toMatchObject({ ok: true });
  expect(sqlite3(DATA_DIR, 'PRAGMA integrity_check; PRAGMA foreign_key_check')).toBe('ok\n');

  const { entries } = (await server.get('audit?limit=500')).json as {
    entries: { action: string; withheld?: string }[];
  };
  expect(entries[0]).toMatchObject({ action: 'erase', ...why, messages: ['Erased 1 person(s)'] });
  expect(entries.filter(({ withheld }) => withheld === 'all').map(({ action }) => action)).toEqual([
    'delete',
    'disable',
    'update',
    'allow-username',
    'accept-username',
    'update',
    'create',
    'create',
  ]);
  expect((await server.get('accounts/SC-1')).json).toMatchObject({ history: [{ outcome: 'created' }] });
  expect((await server.get('audit?externalId=99')).json).toMatchObject({
    entries: [{ messages: [expect.stringContaining('gebruikersnaam [erased] is taken by [erased]') as string] }],
  });
  await server.app.close();
  expect(traces(DATA_DIR, values)).toEqual([]);
});

test('who lives and who is unknown is not erased', async () => {
  const server = await afterALife();
  const { privacy } = server.app;
  await expect(privacy.erasePerson('1', why)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('living') as string,
  });
  await expect(privacy.erasePerson('none', why)).rejects.toMatchObject({ code: 'not-found' });
});

test('whom Spend Cloud still has is erased by itself once a newer dump was delivered', async () => {
  const server = await afterALife();
  const { privacy, config } = server.app;
  expect(await privacy.erasePerson(zwaluw.number, why)).toMatchObject({ persons: 0, waiting: 1 });
  await privacy.tick();
  expect((await server.get('accounts/SC-ZW-771')).status).toBe(200);
  await deliver(server);
  expect((await server.app.runs.list(1, null))[0]).toMatchObject({ effect: { persons: { deactivated: 1 } } }); // what she leaves behind is still compared with
  await privacy.tick();
  expect(traces(config.dataDir, values)).toEqual([]);
  expect((await server.get('audit?action=erase')).json).toMatchObject({ entries: [why] });
  await expect(privacy.erasePerson(zwaluw.number, why)).rejects.toMatchObject({ code: 'not-found' });
});

test('a name that Spend Cloud knew stays refused to others after an erasure, and is free for the same number', async () => {
  const server = await afterALife();
  await deliver(server);
  await server.app.privacy.erasePerson(zwaluw.number, why);
  const create = async (number: string, gebruikersnaam: string) =>
    (await server.post('helloid/create', createBody(number, { gebruikersnaam }))).json as {
      Success: boolean;
      AuditLogs: { Message: string }[];
    };
  for (const name of ['zwaluw.q', 'QQ.1987']) {
    const refused = await create('55', name);
    expect(refused).toMatchObject({ Success: false });
    expect(refused.AuditLogs[0]?.Message).toContain('a person erased since');
  }
  // HelloID may still hold the reference of whoever was erased: it must not reach the new account
  expect(await create('ZW-771', 'zwaluw.q')).toMatchObject({ Success: true, AccountReference: 'SC-ZW-771.2' });
  expect((await server.post('helloid/update', updateBody('SC-ZW-771', { voornaam: 'Other' }))).json).toMatchObject({
    Success: false,
  });
  await server.post('usernames/QQ.1987/allow', { externalId: '55', ...why });
  expect(await create('55', 'qq.1987')).toMatchObject({ Success: true });
  const { mode } = await import('node:fs').then(({ statSync }) =>
    statSync(join(server.app.config.dataDir, 'erasure.key')),
  );
  expect(mode & 0o777).toBe(0o600);
});

test('while somebody reads, the values stand in the write-ahead log; the erasure is open until a tick could empty it', async () => {
  const server = await afterALife();
  const { dataDir } = server.app.config;
  await deliver(server);
  const reader = new Database(databasePath(dataDir), { readonly: true });
  onTestFinished(() => void reader.close());
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM accounts').get();
  expect(await server.app.privacy.erasePerson(zwaluw.number, why)).toMatchObject({ unfinished: 'log' });
  await server.app.privacy.tick();
  expect(traces(dataDir, values)).not.toEqual([]);
  expect(server.app.facts.get('erasing')).toBeDefined();
  reader.exec('COMMIT');
  await server.app.privacy.tick();
  expect(traces(dataDir, values)).toEqual([]);
  expect(server.app.facts.get('erasing')).toBeUndefined();
});

test('while an erasure only waits for a newer dump, the database is not written anew at every tick', async () => {
  const server = await afterALife();
  const { privacy, config, facts } = server.app;
  await privacy.tick(); // what is past its term
  const writtenAnew = () => Number(sqlite3(config.dataDir, 'PRAGMA schema_version')); // VACUUM counts it up
  const before = writtenAnew();
  expect(await privacy.erasePerson(zwaluw.number, why)).toMatchObject({ waiting: 1 });
  await privacy.tick();
  await privacy.tick();
  expect(writtenAnew()).toBe(before);
  expect(facts.get('erasing')).toBeDefined();
  await deliver(server);
  await privacy.tick();
  expect(writtenAnew()).toBe(before + 1);
  expect(traces(config.dataDir, values)).toEqual([]);
});

test('a program that reads for more than a day is named by health', async () => {
  const clock = clockAt('2026-11-23T10:00:00Z');
  const server = await afterALife({ now: clock.now });
  const { privacy, config } = server.app;
  await deliver(server);
  const reader = new Database(databasePath(config.dataDir), { readonly: true });
  onTestFinished(() => void reader.close());
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM accounts').get();
  await privacy.erasePerson(zwaluw.number, why);
  expect(privacy.faults()).toEqual([]);
  clock.set('2026-11-24T10:00:00Z');
  await privacy.tick();
  expect(privacy.faults()).toEqual([expect.stringContaining('write-ahead log since 2026-11-23T10:00:00.000Z')]);
  reader.exec('COMMIT');
  await privacy.tick();
  expect(privacy.faults()).toEqual([]);
});

test.runIf(canMount)('where there is no room to write the database anew, health says so until there is', async () => {
  const disk = smallDisk(32_768);
  onTestFinished(disk.remove);
  const server = await afterALife({ environment: { DATA_DIR: disk.directory } });
  const { privacy } = server.app;
  await deliver(server);
  sqlite3(disk.directory, "INSERT INTO facts (name, value) VALUES ('ballast', hex(zeroblob(4000000)))");
  sqlite3(disk.directory, 'PRAGMA wal_checkpoint(TRUNCATE)');
  const makeRoom = disk.fill(2048);
  const noRoom = { code: 'unavailable', message: expect.stringContaining('Make room') as string };
  await expect(privacy.erasePerson(zwaluw.number, why)).rejects.toMatchObject(noRoom);
  await expect(privacy.tick()).rejects.toMatchObject(noRoom);
  const reasons = [expect.stringMatching(/Erasing cannot go on.*SQLITE_FULL.*Make room/) as string];
  expect(await server.get('health')).toMatchObject({ status: 503, json: { reasons } });
  makeRoom();
  await privacy.tick();
  expect((await server.get('health')).status).toBe(200);
  expect(traces(disk.directory, values)).toEqual([]);
  await server.app.close();
});

test('an erasure that was killed after its commit is finished by the next start', async () => {
  const server = await afterALife();
  const { dataDir } = server.app.config;
  await deliver(server);
  const held = new Database(databasePath(dataDir), { readonly: true }); // so that nothing can be finished
  held.exec('BEGIN');
  held.prepare('SELECT count(*) FROM accounts').get();
  await server.app.privacy.erasePerson(zwaluw.number, why);
  await server.app.close();
  held.close();
  expect(existsSync(join(dataDir, 'erasures.jsonl'))).toBe(true);
  const next = await testServer({ environment: { DATA_DIR: dataDir } });
  await next.app.tick();
  expect(traces(dataDir, values)).toEqual([]);
  expect((await next.get('audit/verify')).json).toMatchObject({ ok: true });
});

test.each([['deleted in the backup'], ['still living in the backup']])(
  'a restore erases again who was erased since: %s',
  async (which) => {
    const server = await afterALife();
    const { dataDir } = server.app.config;
    const file = join(temporaryFolder(), 'backup.db.gz');
    if (which.startsWith('still')) {
      await server.post('helloid/create', createBody(0, zwaluw.data, [contract('zw-contract')])); // revived
      await writeTo(databasePath(dataDir), file);
      await server.post('helloid/delete', updateBody('SC-ZW-771', null));
    } else await writeTo(databasePath(dataDir), file);
    await deliver(server);
    await server.app.privacy.erasePerson(zwaluw.number, why);
    await server.app.close();
    const line = readFileSync(join(dataDir, 'erasures.jsonl'), 'utf8');
    expect(JSON.parse(line)).toEqual({
      at: expect.any(String) as string,
      accounts: [expect.any(Number)],
      number: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });

    const done = await restore({
      dataDir,
      file,
      fromBlob: false,
      blobs: null,
      decider: why,
      now: new Date(),
      log: silent,
    });
    expect(done).toMatchObject({ accounts: 15, erasedAgain: 1 });
    const restored = await testServer({ environment: { DATA_DIR: dataDir } });
    await restored.app.tick();
    expect(traces(dataDir, values)).toEqual([]);
    expect((await restored.get('audit/verify')).json).toMatchObject({ ok: true });
    expect((await restored.post('helloid/create', createBody(55, { gebruikersnaam: 'zwaluw.q' }))).json).toMatchObject({
      Success: false,
    });
  },
);

const bothLives =
  'who was created and delivered after a backup, and again after its restore, is erased from both lives';
test.each(['absent', 'passive'] as const)(`${bothLives}: leavers %s`, async (leavers) => {
  const policy = { spendCloud: { leavers } };
  const server = await testServer({ policy });
  const { dataDir } = server.app.config;
  for (const number of [1, 2]) await server.post('helloid/create', createBody(number));
  const file = join(temporaryFolder(), 'backup.db.gz');
  await writeTo(databasePath(dataDir), file);
  const lost = [zwaluw.data, { externalId: 'LM-88', gebruikersnaam: 'lammergier', email: 'lammergier@x.example' }];
  for (const data of lost) await server.post('helloid/create', createBody(0, data));
  await deliver(server);
  await server.app.close();
  await restore({ dataDir, file, fromBlob: false, blobs: null, decider: why, now: new Date(), log: silent });

  const next = await testServer({ policy, environment: { DATA_DIR: dataDir } });
  const create = async (data: object) => (await next.post('helloid/create', createBody(0, { ...data }))).json;
  expect(await create(zwaluw.data)).toMatchObject({ Success: true, AccountReference: 'SC-ZW-771' });
  await next.post('helloid/delete', updateBody('SC-ZW-771', null));
  // what Spend Cloud has holds her, under the id that was lost
  expect(await next.app.privacy.erasePerson(zwaluw.number, why)).toMatchObject({ persons: 0, waiting: 1 });
  await deliver(next);
  await next.app.privacy.tick();
  if (leavers === 'passive') {
    expect(traces(join(dataDir, 'outbox'), values)).not.toEqual([]); // her row, as an inactive one
    await deliver(next);
    await next.app.privacy.tick();
  }
  expect(traces(dataDir, values)).toEqual([]);
  expect(next.app.facts.get('erasing')).toBeUndefined();

  expect(await create({ gebruikersnaam: 'zwaluw.q', externalId: '55' })).toMatchObject({ Success: false });
  expect(await create({ gebruikersnaam: 'lammergier', externalId: '55' })).toMatchObject({ Success: false }); // nobody else's guard went along
  expect(await create(lost[1] ?? {})).toMatchObject({ Success: true });
  expect(await create(zwaluw.data)).toMatchObject({ Success: true, AccountReference: 'SC-ZW-771.2' });
});

test('after an erasure a detail that is removed or changed by hand is still found', async () => {
  const server = await afterALife();
  const { dataDir } = server.app.config;
  await deliver(server);
  await server.app.privacy.erasePerson(zwaluw.number, why);
  const erased = Number(sqlite3(dataDir, 'SELECT min(entry) FROM audit_erased'));
  sqlite3(dataDir, `UPDATE audit_detail SET detail = detail || ' ' WHERE entry = ${erased}`); // the guard lets this pass: it is on record
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: false, brokenAt: erased });
  sqlite3(dataDir, `UPDATE audit_detail SET detail = rtrim(detail) WHERE entry = ${erased}`);
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
  sqlite3(dataDir, 'DROP TRIGGER audit_detail_keeps_entries; DELETE FROM audit_detail WHERE entry = 3');
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: false, brokenAt: Math.min(3, erased) });
});

test('person show tells the timeline, person export everything there is', async () => {
  const server = await afterALife();
  const { dataDir: DATA_DIR } = server.app.config;
  await server.app.close();
  const shown = await command(['person', 'show', zwaluw.number], { DATA_DIR });
  expect([shown.code, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout).toMatch(/SC-ZW-771 {2}number ZW-771 {2}deleted at 20/);
  expect(shown.stdout).toContain('    achternaam: Quetzal -> Zwaluwstaart\n');
  expect(shown.stdout).toContain('    gebruikersnaam: qq.1987 -> zwaluw.q\n');
  expect(shown.stdout).toMatch(/role Thuiszorg Noord - TL-ZORG: .*zw-contract.* -> none/);
  expect(shown.stdout).toMatch(/accept-username: accept-username, by Fenna/);
  const file = join(temporaryFolder(), 'person.json');
  expect((await command(['person', 'export', zwaluw.number, file], { DATA_DIR })).code).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    externalId: 'ZW-771',
    accounts: [
      {
        reference: 'SC-ZW-771',
        achternaam: 'Zwaluwstaart',
        kostenplaats: 'KP-Zwaluw',
        roles: [],
        delivered: { username: 'zwaluw.q' },
      },
    ],
    deliveredUsernames: [{ username: 'qq.1987' }, { username: 'zwaluw.q' }],
    allowedUsernames: [{ username: 'zwaluw.q' }],
    runs: [{ id: 3, effect: { changed: [{ reference: 'SC-ZW-771' }] } }, { id: 2 }, { id: 1 }],
    deliveredFiles: ['1', '2', '3'],
  });
  expect(readFileSync(file, 'utf8')).not.toContain('SC-11');
  expect((await command(['person', 'show', 'none'], { DATA_DIR })).code).toBe(2);
  expect((await command(['person', 'erase', zwaluw.number], { DATA_DIR })).code).toBe(2);
});

test('many people who change often and are erased leave nothing in pages that were split, merged or freed', async () => {
  const server = await testServer({ now: clockAt('2026-11-23T10:00:00Z').now });
  const { dataDir } = server.app.config;
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const marksOf = new Map<number, string[]>();
  const mark = (number: number) => {
    const text = `m${number}x${random(1e9).toString(36)}x`;
    marksOf.set(number, [...(marksOf.get(number) ?? []), text]);
    return text + 'y'.repeat(random(150));
  };
  const data = (number: number) => ({
    voornaam: mark(number),
    achternaam: mark(number),
    email: `${mark(number)}@x.example`,
    gebruikersnaam: mark(number),
  });
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
  for (const number of numbers) await server.post('helloid/create', createBody(number, data(number)));
  for (let round = 0; round < 240; round += 1) {
    const number = 1 + random(60);
    await server.post(
      'helloid/update',
      updateBody(`SC-${number}`, data(number), [contract(mark(number)), contract(mark(number), ['A', mark(number)])]),
    );
  }
  const gone = numbers.filter((number) => number % 2 === 0);
  for (const number of gone) await server.post('helloid/delete', updateBody(`SC-${number}`, null));
  for (const number of gone)
    expect(await server.app.privacy.erasePerson(String(number), why)).toMatchObject({ persons: 1, unfinished: null });
  expect(
    traces(
      dataDir,
      gone.flatMap((number) => marksOf.get(number) ?? []),
    ),
  ).toEqual([]);
  const [kept = ''] = (marksOf.get(1) ?? []).slice(-1);
  expect(traces(dataDir, [kept])).not.toEqual([]);
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
  expect(readdirSync(dataDir)).not.toContain('spendcloud.db-journal');
});

test('who comes back while the erasure waits for a newer dump is not erased', async () => {
  const server = await afterALife();
  const { privacy } = server.app;
  expect(await privacy.erasePerson(zwaluw.number, why)).toMatchObject({ waiting: 1 });
  await server.post('helloid/create', createBody(0, zwaluw.data, [contract('zw-contract')]));
  await deliver(server);
  await privacy.tick();
  expect((await server.get('accounts/SC-ZW-771')).json).toMatchObject({ enabled: true, deletedAt: null });
  expect(server.app.facts.get('erasing')).toBeUndefined();
});

test('HelloID revives a person at the very moment of the erasure: one of the two wins, and an account lives', async () => {
  for (const first of ['erase', 'create'] as const) {
    const server = await afterALife();
    await deliver(server);
    const create = () => server.post('helloid/create', createBody(0, zwaluw.data, [contract('zw-contract')]));
    const erase = () =>
      server.app.privacy.erasePerson(zwaluw.number, why).then(
        () => 'erased',
        () => 'refused',
      );
    const [one, other] = first === 'erase' ? [erase(), create()] : [create(), erase()];
    const [some, rest] = await Promise.all([one, other]);
    const outcome = [some, rest].find((result) => typeof result === 'string');
    const created = [some, rest].find((result) => typeof result === 'object');
    const reference = outcome === 'erased' ? 'SC-ZW-771.2' : 'SC-ZW-771';
    expect(created?.json).toMatchObject({ Success: true, AccountReference: reference });
    expect((await server.get(`accounts/${reference}`)).json).toMatchObject({ enabled: true, deletedAt: null });
    expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
  }
});

test('while a dump is made or delivered nobody is erased', async () => {
  const server = await afterALife();
  await deliver(server);
  const lock = runLock(server.app.config.dataDir);
  const release = lock.take();
  await expect(server.app.privacy.erasePerson(zwaluw.number, why)).rejects.toMatchObject({ code: 'unavailable' });
  release?.();
  lock.close();
  expect(await server.app.privacy.erasePerson(zwaluw.number, why)).toMatchObject({ persons: 1, unfinished: null });
});

test('files that were delivered under other settings go with the person, foreign ones stay', async () => {
  const server = await afterALife();
  const { dataDir: DATA_DIR } = server.app.config;
  await server.app.close();
  const outbox = join(DATA_DIR, 'outbox');
  expect(traces(outbox, ['zwaluw.q'])).not.toEqual([]);
  writeFileSync(join(outbox, 'notes.txt'), 'of somebody else');
  const files = { persons: { fileName: 'Persons.csv' }, roles: { fileName: 'PersonRoles.csv' } };
  const policy = { spendCloud: { leavers: 'absent' }, files };
  const next = await testServer({ policy, environment: { DATA_DIR } });
  await deliver(next);
  expect(await next.app.privacy.erasePerson(zwaluw.number, why)).toMatchObject({ persons: 1, unfinished: null });
  expect(readdirSync(outbox).sort()).toEqual(['PersonRoles.csv', 'Persons.csv', 'notes.txt']);
  expect(traces(DATA_DIR, values)).toEqual([]);
});

test('of a number under which only refusals are on record, these are shown, exported and erased', async () => {
  const server = await testServer();
  const { dataDir: DATA_DIR } = server.app.config;
  await server.post('helloid/create', createBody(1));
  await server.post('helloid/create', createBody('ZW-9', { gebruikersnaam: 'p1', email: 'zw9@x.example' }));
  const exported = await command(['person', 'export', 'ZW-9'], { DATA_DIR });
  expect(JSON.parse(exported.stdout)).toMatchObject({
    accounts: [],
    entries: [{ success: false, externalId: 'ZW-9' }],
  });
  const file = join(temporaryFolder(), 'backup.db.gz');
  await writeTo(databasePath(DATA_DIR), file);
  expect(await server.app.privacy.erasePerson('ZW-9', why)).toMatchObject({ persons: 0, entries: 1 });
  expect(traces(DATA_DIR, ['ZW-9', 'zw9@x.example'])).toEqual([]);
  expect((await command(['person', 'show', 'ZW-9'], { DATA_DIR })).code).toBe(2);
  await server.app.close();
  await restore({ dataDir: DATA_DIR, file, fromBlob: false, blobs: null, decider: why, now: new Date(), log: silent });
  expect(traces(DATA_DIR, ['ZW-9', 'zw9@x.example'])).toEqual([]);
});

test('what people wrote as a reason does not keep whom they wrote about', async () => {
  const server = await afterALife();
  const { dataDir } = server.app.config;
  const { id } = (await server.post('exports')).json as { id: number };
  await server.app.daily.settled();
  expect((await server.app.runs.find(id))?.state).toBe('delivered');
  await server.post('accounts/SC-1/disable', { by: 'Fenna', reason: 'instead of ZW-771, Zwaluwstaart (zwaluw.q)' });
  await server.post('pause', { by: 'Fenna', reason: 'until Mrs Zwaluwstaart is gone' });
  await server.app.privacy.erasePerson(zwaluw.number, why);
  expect(traces(dataDir, values)).toEqual([]);
  expect((await server.get('audit?action=disable&reference=SC-1')).json).toMatchObject({
    entries: [{ by: 'Fenna', reason: 'instead of [erased], [erased] ([erased])' }],
  });
});

/** A closed data folder in which one person was erased, and its key. */
async function afterAnErasure(): Promise<{ DATA_DIR: string; path: string; key: string }> {
  const server = await afterALife();
  const { dataDir: DATA_DIR } = server.app.config;
  await deliver(server);
  await server.app.privacy.erasePerson(zwaluw.number, why);
  await server.app.close();
  const path = join(DATA_DIR, 'erasure.key');
  return { DATA_DIR, path, key: readFileSync(path, 'utf8') };
}

const keyCure = /Put the right file back/;

test('without the key of the digests nothing is given out that may be an erased person’s, until it is put back', async () => {
  const { DATA_DIR, path, key } = await afterAnErasure();
  rmSync(path);
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const told = await openApp(testConfig({ environment: { DATA_DIR } }), { log });
  await told.close();
  expect(lines.join('')).toContain('erasure.key is missing');

  const without = await testServer({ environment: { DATA_DIR } });
  const create = async (number: string, gebruikersnaam: string) =>
    await without.post('helloid/create', createBody(number, { gebruikersnaam }));
  for (const name of ['zwaluw.q', 'somebody.new'])
    expect(await create('55', name)).toMatchObject({
      status: 503,
      json: { message: expect.stringMatching(/erasure\.key is missing.*Put the right file back/) as string },
    });
  expect((await create('ZW-771', 'somebody.new')).status).toBe(503); // the reference SC-ZW-771 is not issued again
  expect(
    (await without.post('helloid/update', updateBody('SC-14', { gebruikersnaam: 'p14', voornaam: 'Bo' }))).json,
  ).toMatchObject({
    Success: true, // a name that is kept needs no key
  });
  await without.post('helloid/delete', updateBody('SC-15', null));
  await deliver(without);
  await expect(without.app.privacy.erasePerson('15', why)).rejects.toMatchObject({ code: 'unavailable' });
  expect(existsSync(path)).toBe(false);
  expect(await without.get('health')).toMatchObject({
    status: 503,
    json: { reasons: [expect.stringContaining('erasure.key is missing')] },
  });

  writeFileSync(path, key);
  expect((await without.get('health')).status).toBe(200);
  expect((await create('55', 'zwaluw.q')).json).toMatchObject({ Success: false });
  expect((await create('ZW-771', 'zwaluw.q')).json).toMatchObject({ AccountReference: 'SC-ZW-771.2' });
});

test.each([
  [
    'another installation’s',
    (key: string) => key.replace(/[0-9a-f]/g, (digit) => (15 - parseInt(digit, 16)).toString(16)),
  ],
  ['cut off', (key: string) => key.slice(0, 20)],
])('a key of the digests that is %s is refused rather than used or replaced', async (_which, change) => {
  const { DATA_DIR, path, key } = await afterAnErasure();
  writeFileSync(path, change(key));
  const server = await testServer({ environment: { DATA_DIR } });
  const create = () => server.post('helloid/create', createBody(55, { gebruikersnaam: 'zwaluw.q' }));
  expect(await create()).toMatchObject({ status: 503, json: { message: expect.stringMatching(keyCure) as string } });
  expect((await server.get('health')).status).toBe(503);
  writeFileSync(path, key);
  expect((await create()).json).toMatchObject({ Success: false });
});

test('a key that is lost for good: somebody gives the digests up by name, and work goes on with a new one', async () => {
  const { DATA_DIR, path } = await afterAnErasure();
  const forget = () => command(['person', 'forget-erased', ...words], { DATA_DIR });
  expect(await forget()).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing is lost') as string });
  rmSync(path);
  expect(await forget()).toMatchObject({ code: 0 });
  const server = await testServer({ environment: { DATA_DIR } });
  expect((await server.get('audit?action=forget-erased')).json).toMatchObject({ entries: [why] });
  expect((await server.get('health')).status).toBe(200);
  const created = await server.post('helloid/create', createBody('ZW-771', { gebruikersnaam: 'zwaluw.q' }));
  expect(created.json).toMatchObject({ Success: true, AccountReference: 'SC-ZW-771' });
  await server.post('helloid/delete', updateBody('SC-ZW-771', null));
  expect(await server.app.privacy.erasePerson('ZW-771', why)).toMatchObject({ persons: 1 });
  expect(existsSync(path)).toBe(true);
});

test('a restore without the key of the digests says so, and makes none where somebody must be erased again', async () => {
  const server = await afterALife();
  const { dataDir: DATA_DIR } = server.app.config;
  const early = join(temporaryFolder(), 'early.db.gz');
  const late = join(temporaryFolder(), 'late.db.gz');
  await writeTo(databasePath(DATA_DIR), early);
  await deliver(server);
  await server.app.privacy.erasePerson(zwaluw.number, why);
  await writeTo(databasePath(DATA_DIR), late);
  await server.app.close();
  const path = join(DATA_DIR, 'erasure.key');
  rmSync(path);

  const restored = await command(['restore', late, ...words], { DATA_DIR });
  expect(restored.code, restored.stderr).toBe(0);
  expect(restored.stdout).toMatch(/erasure\.key is missing.*Put the right file back/);
  const head = sqlite3(DATA_DIR, 'SELECT max(entry) FROM audit');
  expect(await command(['restore', early, ...words], { DATA_DIR })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/erasure\.key is missing.*--forget-erased/) as string,
  });
  expect(sqlite3(DATA_DIR, 'SELECT max(entry) FROM audit')).toBe(head); // everything is as it was
  expect(existsSync(path)).toBe(false);

  expect((await command(['restore', early, '--forget-erased', ...words], { DATA_DIR })).code).toBe(0);
  expect(traces(DATA_DIR, values)).toEqual([]);
  const after = await testServer({ environment: { DATA_DIR } });
  expect((await after.post('helloid/create', createBody(55, { gebruikersnaam: 'zwaluw.q' }))).json).toMatchObject({
    Success: false, // erased again, with a key of its own
  });
});
