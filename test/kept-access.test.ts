import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOldDatabase } from '../shared/legacy/old-database.ts';
import { importLegacy } from '../shared/lifecycle/import-legacy.ts';
import { dayIn } from '../shared/domain/calendar.ts';
import { takeOver } from '../shared/domain/legacy/take-over.ts';
import { closeTakeOver, openTakeOver } from '../shared/takeover/open-take-over.ts';
import { checkAccess } from '../shared/doctor/kept-access.ts';
import { inspectDatabase } from '../shared/store/inspect.ts';
import { act, permissionBody, runNow, subPermissionsBody } from './actions.ts';
import { spendcloud } from './cli/command.ts';
import {
  clockAt,
  contract,
  createBody,
  temporaryFolder,
  testServer,
  updateBody,
  viewerKey,
  type TestServer,
} from './helpers.ts';
import { sqlite3 } from './command.ts';
import { oldPerson, writeOldDatabase } from './legacy/old-connector.ts';
import { startHook } from './notify/receivers.ts';

const why = { by: 'Fenna', reason: 'agreed with HR' };
const monday = '2026-11-23T10:00:00.000Z';
const ended = (id: string) => ({ ...contract(id), EndDate: '2026-10-31T00:00:00Z' });
const outbox = (server: TestServer, name: string) =>
  readFileSync(join(server.app.config.dataDir, 'outbox', name)).toString();

async function found(server: TestServer): Promise<string[]> {
  return (await runNow(server)).findings.map(({ code, reference }) => `${code} ${reference ?? ''}`.trim());
}

/** What a preview finds, by the code. */
async function previewed(server: TestServer): Promise<string[]> {
  const { findings } = (await server.post('exports', { dryRun: true })).json as { findings: { code: string }[] };
  return findings.map(({ code }) => code);
}

/** A server with a webhook and a clock; what was told, without the head of the trail. */
async function watched(policy: object = {}, folder = temporaryFolder()) {
  const hook = await startHook();
  const clock = clockAt(monday);
  const environment = { DATA_DIR: folder, NOTIFY_WEBHOOK_URL: hook.url };
  const schedule = { cron: '0 0 0 1 7 *' };
  const server = await testServer({ now: clock.now, environment, policy: { schedule, ...policy } });
  const run = async (at?: string) => {
    if (at) clock.set(at);
    await runNow(server);
    await server.app.tick();
  };
  return { server, clock, run, texts: () => hook.bodies.map(({ text }) => text) };
}

test('a role whose contract ended is told once by number, again for each run that finds more, and each week while it lasts', async () => {
  const { server, run, texts } = await watched();
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2, {}, [ended('2-1')]));
  await run();
  expect(texts()).toEqual([
    expect.stringMatching(/^Spend Cloud connector: 1 role\(s\) go out although the contract has ended\nFound by run 1/),
  ]);
  expect(texts()[0]).toMatch(/\/api\/dashboard#\/deliveries\/1[^]*spendcloud findings accept ended-contract --until/);
  expect(texts()[0]).not.toMatch(/p2|Jansen|SC-2|waterrijk/);
  await run('2026-11-24T10:00:00.000Z');
  expect(texts()).toHaveLength(1);

  await act(server, 'create', createBody(3, {}, [ended('3-1')]));
  await run('2026-11-25T10:00:00.000Z');
  expect(texts().slice(1)).toEqual([expect.stringMatching(/2 role\(s\) go out/)]);
  await act(server, 'update', updateBody('SC-3', {}, [contract('3-1')])); // the newest of them is solved: no news
  await run('2026-11-26T10:00:00.000Z');
  expect(texts()).toHaveLength(2);
  await run('2026-11-30T10:00:00.000Z');
  expect(texts().slice(2)).toEqual([expect.stringMatching(/1 role\(s\) go out/)]);
  await run('2026-12-01T10:00:00.000Z');
  expect(texts()).toHaveLength(3);
});

test('where roles of ended contracts are left out they are no message', async () => {
  const { server, run, texts } = await watched({ roles: { endedContracts: 'drop' } });
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2, {}, [ended('2-1')]));
  await run();
  expect(texts()).toEqual([]);
});

test('a kind that a person accepted is no message until the day after, and everybody sees who did', async () => {
  const { server, run, texts, clock } = await watched();
  await act(server, 'create', createBody(1, {}, [ended('1-1')]));
  const accept = { code: 'ended-contract', until: '2026-12-31', ...why };
  expect((await server.post('findings/accept', accept, { key: viewerKey })).status).toBe(403);
  for (const wrong of [{ code: 'empty-email' }, { until: '2026-11-22' }, { until: '2027-11-26' }, { until: 'soon' }])
    expect((await server.post('findings/accept', { ...accept, ...wrong })).status, JSON.stringify(wrong)).toBe(422);
  expect((await server.post('findings/accept', { ...accept, reason: ' ' })).status).toBe(422);
  const acceptance = { until: '2026-12-31', at: monday, ...why };
  expect((await server.post('findings/accept', accept)).json).toEqual({ code: 'ended-contract', accepted: acceptance });
  await run();
  expect(texts()).toEqual([]);
  const kind = { code: 'ended-contract', count: 1, since: monday, found: [monday], accepted: acceptance };
  expect((await server.get('overview')).json).toMatchObject({ waiting: { access: { run: 1, kinds: [kind] } } });
  expect((await server.get('audit?action=accept-finding')).json).toMatchObject({
    entries: [
      {
        ...why,
        messages: ['Findings [ended-contract] are accepted until 2026-12-31', 'Fenna decided. Reason: agreed with HR'],
      },
    ],
  });
  const step = () => checkAccess(server.app.config.policy, clock.now(), inspectDatabase(server.app.config.dataDir));
  expect(step()).toMatchObject([{ state: 'ok', says: expect.stringContaining('until 2026-12-31 by Fenna') as string }]);
  expect((await server.get('health', null)).json).toEqual({ status: 'ok' });

  clock.set('2027-01-01T10:00:00.000Z');
  await server.app.tick();
  expect(texts()).toEqual([expect.stringMatching(/1 role\(s\) go out although/)]);
  expect(step()).toMatchObject([{ name: 'access', state: 'warning' }]);
});

test('who accepted a kind, and whom the reason names, goes when that person is erased', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1, { achternaam: 'Wintershoven' }, [ended('1-1')]));
  await act(server, 'delete', updateBody('SC-1', null));
  const until = dayIn('Europe/Amsterdam', new Date(Date.now() + 86_400_000));
  const accept = { code: 'ended-contract', until, by: 'Wintershoven', reason: 'Wintershoven stays until the summer' };
  expect((await server.post('findings/accept', accept)).status).toBe(200);
  await server.app.privacy.erasePerson('1', why);
  const left = sqlite3(server.app.config.dataDir, 'SELECT accepted_by, reason FROM accepted_findings');
  expect(left).toMatch(/stays until the summer/);
  expect(left).not.toContain('Wintershoven');
});

test('health tells who may keep access by number and stays 200, for it is no fault of the connector', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1, {}, [ended('1-1')]));
  await runNow(server);
  expect((await server.get('metrics')).text).toMatch(/^spendcloud_access_findings\{kind="ended-contract"\} 1$/m);
  const { status, json } = await server.get('health', null);
  expect([status, json]).toEqual([
    200,
    { status: 'ok', attention: ['1 role(s) go out although the contract has ended; see /api/exports/1'] },
  ]);
});

test('the commands list what means access, and accept a kind and a line', async () => {
  const folder = temporaryFolder();
  const table = join(folder, 'also.csv');
  writeFileSync(table, 'gebruikersnaam;achternaam;email\n');
  writeFileSync(join(folder, 'connector.json'), JSON.stringify({ also: { persons: 'also.csv' } }));
  const environment = { DATA_DIR: folder };
  const server = await testServer({ environment, policy: { also: { persons: table } } });
  for (const number of [1, 2, 3]) await act(server, 'create', createBody(number, {}, [ended(`${number}-1`)]));
  await runNow(server);
  await act(server, 'delete', updateBody('SC-3', null));
  writeFileSync(table, 'gebruikersnaam;achternaam;email\np3;Drie;p3@elders.example\n');
  await runNow(server);
  const settings = { CONFIG_FILE: join(folder, 'connector.json') };
  const words = ['--by', 'Fenna', '--reason', 'works here as an auditor'];
  const listed = await spendcloud(folder, ['findings', '--json'], settings);
  expect([listed.code, listed.json]).toMatchObject([
    3,
    {
      run: 2,
      access: [
        { code: 'ended-contract', count: 2 },
        { code: 'also-of-deleted', count: 1 },
      ],
    },
  ]);
  const until = dayIn('Europe/Amsterdam', new Date());
  const accepted = await Promise.all([
    spendcloud(folder, ['also', 'accept', 'p3', ...words], settings),
    spendcloud(folder, ['findings', 'accept', 'ended-contract', '--until', until, ...words], settings),
  ]);
  expect(accepted.map(({ code, errors }) => [code, errors])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  await runNow(server);
  expect((await server.get('overview')).json).toMatchObject({
    waiting: { access: { run: 3, kinds: [{ code: 'ended-contract', accepted: { until, by: 'Fenna' } }] } },
  });
});

test('roles from before the setting changed are found until HelloID sends the contracts the new way, in a preview too', async () => {
  const folder = temporaryFolder();
  const started = (assignedBy: string) =>
    testServer({ environment: { DATA_DIR: folder }, policy: { roles: { assignedBy } } });
  const before = await started('account');
  for (const number of [1, 2]) await act(before, 'create', createBody(number));
  expect(await found(before)).toEqual([]);

  const server = await started('permissions');
  expect(await previewed(server)).toEqual(['role-of-former-mode', 'role-of-former-mode', 'settings-changed']);
  await act(server, 'sub-permissions', subPermissionsBody('grant', [contract('1-1')]));
  expect(await found(server)).toEqual(['role-of-former-mode SC-2', 'settings-changed']);

  const back = await started('account');
  expect(await found(back)).toEqual(['role-of-former-mode SC-1', 'settings-changed']);
});

test('a role whose line was taken out of the catalogue is found until HelloID revokes it; a broken table says nothing', async () => {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(catalogue, 'reference;unit;profile;name\nINK;Inkoop;BUD;Budgethouder\nX;Y;Z;Q\n');
  const server = await testServer({ policy: { roles: { catalogue } } });
  await act(server, 'create', createBody(1));
  await act(server, 'grant-permission', permissionBody({ Reference: 'INK' }));
  expect(await found(server)).toEqual([]);
  writeFileSync(catalogue, 'reference;unit;profile;name\nX;Y;Z;Q of another\n');
  expect(await previewed(server)).toEqual(['role-not-in-catalogue']);
  expect(await found(server)).toEqual(['role-not-in-catalogue SC-1']);
  writeFileSync(catalogue, 'nothing of it\n');
  expect(await found(server)).toEqual([]);
  writeFileSync(catalogue, 'reference;unit;profile;name\n');
  await act(server, 'revoke-permission', permissionBody({ Reference: 'INK' }));
  expect(await found(server)).toEqual([]);
});

test('roles that stay because HelloID sends no contracts, three times in a row, are found until it does', async () => {
  const server = await testServer();
  for (const number of [1, 2]) await act(server, 'create', createBody(number));
  const update = (number: number, contracts?: unknown) =>
    act(server, 'update', updateBody(`SC-${number}`, {}, contracts));
  await update(1);
  await update(1);
  await update(1, [contract('1-1')]);
  for (let call = 1; call <= 2; call += 1) await update(1);
  for (let call = 1; call <= 3; call += 1) await update(2);
  expect(await previewed(server)).toEqual(['without-contracts']);
  expect(await found(server)).toEqual(['without-contracts SC-2']);
  await update(2, []);
  expect(await found(server)).toEqual([]);
});

test('the same where sub-permissions carry the roles, and updates need not', async () => {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  await act(server, 'create', createBody(1));
  await act(server, 'sub-permissions', subPermissionsBody('grant', [contract('1-1')]));
  for (let call = 1; call <= 3; call += 1) await act(server, 'update', updateBody('SC-1', {}));
  expect(await found(server)).toEqual([]);
  for (let call = 1; call <= 3; call += 1) await act(server, 'sub-permissions', subPermissionsBody('update', null));
  expect(await found(server)).toEqual(['without-contracts SC-1']);
  await act(server, 'sub-permissions', subPermissionsBody('update', [contract('1-1')]));
  expect(await found(server)).toEqual([]);
});

test('a table gives access back to somebody whom HelloID deleted only once a person accepted the line', async () => {
  const table = join(temporaryFolder(), 'also.csv');
  const line = 'gebruikersnaam;achternaam;email\np2;Twee;p2@elders.example\n';
  writeFileSync(table, 'gebruikersnaam;achternaam;email\n');
  const clock = clockAt(monday);
  const server = await testServer({ now: clock.now, policy: { also: { persons: table } } });
  for (const number of [1, 2, 3]) await act(server, 'create', createBody(number));
  await runNow(server);
  await act(server, 'delete', updateBody('SC-2', null));
  await runNow(server);
  writeFileSync(table, line);
  const inactive = '"p2@waterrijk-zorg.example";"p2";"Ja"';
  expect(await found(server)).toEqual(['also-of-deleted']);
  expect(outbox(server, 'Users.csv')).toContain(inactive);

  expect((await server.post('also/accept', { username: 'p9', ...why })).status).toBe(404);
  expect((await server.post('also/accept', { username: 'P2', ...why })).json).toEqual({ username: 'P2' });
  expect((await server.get('audit?action=accept-also')).json).toMatchObject({
    entries: [{ ...why, reference: 'SC-2', success: true }],
  });
  expect(await found(server)).toEqual([]);
  expect(outbox(server, 'Users.csv')).toContain('"p2@elders.example";"p2";');

  // back by HelloID, and deleted again: what was accepted before was about the time before
  clock.set('2026-11-24T10:00:00.000Z');
  writeFileSync(table, 'gebruikersnaam;achternaam;email\n');
  await act(server, 'create', createBody(2));
  await runNow(server);
  clock.set('2026-11-25T10:00:00.000Z');
  await act(server, 'delete', updateBody('SC-2', null));
  writeFileSync(table, line);
  expect(await found(server)).toEqual(['also-of-deleted']);
  expect(outbox(server, 'Users.csv')).toContain(inactive);
});

test('a line that Spend Cloud has as active already goes on, and is found until a person accepts it', async () => {
  const folder = temporaryFolder();
  const table = join(folder, 'also.csv');
  writeFileSync(table, 'gebruikersnaam;achternaam;email\nhulp;Hulp;hulp@elders.example\n');
  const server = await testServer({ environment: { DATA_DIR: folder }, policy: { also: { persons: table } } });
  await act(server, 'create', createBody(1));
  await act(server, 'create', createBody(2, { gebruikersnaam: 'was2' }));
  await runNow(server);
  await act(server, 'delete', updateBody('SC-2', null));
  await runNow(server);
  // as an earlier release left it: the name of a deleted account in the pair delivered last, as nobody of HelloID's
  const db = server.app.config.dataDir;
  sqlite3(db, `UPDATE delivered_usernames SET username_key = 'hulp' WHERE username_key = 'was2'`);
  expect(await found(server)).toContain('also-of-deleted');
  expect(outbox(server, 'Users.csv')).toContain('"hulp"');
  await server.post('also/accept', { username: 'hulp', ...why });
  expect(await found(server)).not.toContain('also-of-deleted');
  expect(outbox(server, 'Users.csv')).toContain('"hulp"');
});

test('a role that is revoked by a reference nobody has is found where the person has it under another', async () => {
  const catalogue = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(catalogue, 'reference;unit;profile;name\nINK;Inkoop;BUD;Budgethouder\n');
  const server = await testServer({ policy: { roles: { catalogue, assignedBy: 'permissions' } } });
  const forPerson = (body: object) => {
    const { personContext } = body as { personContext: { Person?: object } | null };
    return { ...body, personContext: { Person: { ...personContext?.Person, ExternalId: '1' } } };
  };
  await act(server, 'create', forPerson(createBody(1)));
  await act(server, 'grant-permission', forPerson(permissionBody({ Reference: 'INK' })));
  const revoke = forPerson(permissionBody({ Reference: 'INK' }, 'OLD-1'));
  expect(await act(server, 'revoke-permission', revoke)).toMatchObject({ Success: true });
  expect(await found(server)).toEqual(['unknown-leaver SC-1']);

  await act(server, 'sub-permissions', forPerson(subPermissionsBody('grant', [contract('1-1')]))); // HelloID acts on the account
  expect(await found(server)).toEqual([]);
  const late = forPerson(subPermissionsBody('revoke', [contract('1-1')], { account: 'OLD-1' }));
  expect(await act(server, 'sub-permissions', late)).toMatchObject({ Success: true, SubPermissions: [] });
  expect(await found(server)).toEqual(['unknown-leaver SC-1']);
});

test('who was taken over and is not known to HelloID is found, and told each week, from 30 days on until the take-over is closed', async () => {
  const { server, run, texts } = await watched({ notify: { silentDays: null } });
  const path = join(temporaryFolder(), 'SpendCloud.db');
  writeOldDatabase(path, [oldPerson('1', 'p1'), oldPerson('2', 'p2')]);
  const { persons } = takeOver(readOldDatabase(path), { fits: () => true, list: null, unknown: 'keep' });
  await importLegacy(server.app, persons, why, () => undefined);
  await act(server, 'update', updateBody(persons[0]?.reference, {}, [contract('1-1')]));
  await run();
  expect(texts()).toEqual([]);
  await run('2026-12-23T10:00:00.000Z');
  expect(texts()).toEqual([expect.stringMatching(/1 person\(s\) were taken over .* has not called about them since/)]);

  // the same take-over, opened by adopt, tells it with its own numbers
  await openTakeOver({ ...server.app, now: () => new Date(monday) }, { by: 'Fenna', leavers: 'passive', asks: 0 });
  await run('2026-12-30T10:00:00.000Z');
  expect(texts().slice(1)).toEqual([expect.stringMatching(/is not closed\nNot touched since .*: 1 of 2 people/)]);
  await run('2027-01-05T10:00:00.000Z');
  expect(texts()).toHaveLength(2);
  await run('2027-01-06T10:00:00.000Z');
  expect(texts()).toHaveLength(3);
  await closeTakeOver(server.app, why);
  await run('2027-02-06T10:00:00.000Z');
  expect(texts()).toHaveLength(3);
});

test('a line with the username of somebody who was erased since is left out too, until it is accepted', async () => {
  const table = join(temporaryFolder(), 'also.csv');
  const head = 'gebruikersnaam;achternaam;email\n';
  writeFileSync(table, head);
  const server = await testServer({ policy: { also: { persons: table }, spendCloud: { leavers: 'absent' } } });
  for (const number of [1, 2]) await act(server, 'create', createBody(number));
  await runNow(server);
  await act(server, 'delete', updateBody('SC-2', null));
  await runNow(server);
  await server.app.privacy.erasePerson('2', why);
  expect((await server.get('accounts/SC-2')).status).toBe(404);
  writeFileSync(table, `${head}p2;Twee;p2@elders.example\n`);
  expect(await found(server)).toEqual(['also-of-deleted']);
  expect(outbox(server, 'Users.csv')).not.toContain('p2@elders');
  expect((await server.post('also/accept', { username: 'p2', ...why })).status).toBe(200);
  expect(await found(server)).toEqual([]);
  expect(outbox(server, 'Users.csv')).toContain('"p2@elders.example";"p2"');
});
