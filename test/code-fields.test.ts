import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { migrate, migrations } from '../shared/store/migrations.ts';
import { databasePath } from '../shared/store/open.ts';
import { act, runNow, subPermissionsBody, type RunJson } from './actions.ts';
import { spendcloud } from './cli/command.ts';
import { contract, createBody, temporaryFolder, testServer, updateBody, type TestServer } from './helpers.ts';
import { oldPerson, oldRole, writeOldDatabase, type RoleValues } from './legacy/old-connector.ts';
import { oldFiles, personHeaders, roleRow } from './legacy/old-files.ts';

const why = { by: 'Fenna', reason: 'change-over day' };
const who = ['--by', why.by, '--reason', why.reason];
const byCode = { roles: { profile: { code: 'Title.Code' } } };

/** A data folder with people of the earlier connector, taken over, and its files as baseline. Person 1 has the first of these roles. */
async function takenOver(roles: Partial<RoleValues>[]): Promise<string> {
  const dataDir = temporaryFolder();
  const path = join(temporaryFolder(), 'SpendCloud.db');
  const people = roles.map((values, index) => ({ number: String(index + 1), username: `p${index + 1}`, values }));
  writeOldDatabase(
    path,
    people.map(({ number, username }) => oldPerson(number, username)),
    people.map(({ username, values }) => oldRole(username, values)),
  );
  const files = oldFiles(
    people.map(({ username }) => ['Anna', '', 'Jansen', 'V', `${username}@waterrijk-zorg.example`, username, null]),
    people.map(({ username, values }) => roleRow(username, undefined, String(values.functiecode ?? 'TL-ZORG'))),
    [...personHeaders, 'passief'],
  );
  for (const words of [
    ['import-legacy', path],
    ['baseline', ...files],
  ]) {
    const { code, errors } = await spendcloud(dataDir, [...words, ...who]);
    expect(code, errors).toBe(0);
  }
  return dataDir;
}

const on = (dataDir: string, policy: object = {}) => testServer({ policy, environment: { DATA_DIR: dataDir } });

/** A contract whose title has another code than external id, as HelloID knows it today. */
const today = (id: string) => ({
  ...contract(id),
  Title: { Name: 'Teamleider zorg', Code: 'F118', ExternalId: 'TL-ZORG' },
});

async function update(server: TestServer, ...usernames: string[]): Promise<void> {
  for (const username of usernames)
    expect(await act(server, 'update', updateBody(username, {}, [today(`${username}-1`)]))).toMatchObject({
      Success: true,
    });
}

/** What was compared of whom, as `p1 Title.ExternalId other`. */
function compared(dataDir: string): unknown[] {
  const db = new Database(databasePath(dataDir), { readonly: true });
  onTestFinished(() => void db.close());
  return db
    .prepare(
      "SELECT reference || ' ' || path || ' ' || match FROM compared_codes JOIN accounts ON id = account ORDER BY 1",
    )
    .pluck()
    .all();
}

const codesOf = ({ findings }: RunJson) => findings.filter(({ code }) => code === 'codes-of-other-field');
const ofCode = { functiecode: 'F118' };
const held = (some: number, all: number) =>
  `roles.profile.code reads Title.ExternalId; the codes delivered until now are those of Title.Code for ${some} of ${all} people; an upgraded table may hold both`;

test('a run that would replace the codes of the other field is held, and a release accepts that once', async () => {
  const dataDir = await takenOver([ofCode, ofCode, ofCode]);
  const server = await on(dataDir);
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { roles: { added: 0, removed: 0 } } });
  await update(server, 'p1', 'p2');
  expect(compared(dataDir)).toEqual([
    'p1 Department.ExternalId configured',
    'p1 Title.ExternalId other',
    'p2 Department.ExternalId configured',
    'p2 Title.ExternalId other',
  ]);
  const run = await runNow(server);
  expect(server.app.person('1')?.comparedCodes).toMatchObject([{ kind: 'profile', match: 'other' }, { kind: 'unit' }]);
  expect(run).toMatchObject({ state: 'held', reasons: [held(2, 2)], effect: { roles: { added: 2, removed: 2 } } });

  expect((await server.post(`exports/${run.id}/release`, why)).status).toBe(200);
  await server.app.daily.settled();
  await update(server, 'p3');
  const next = await runNow(server);
  expect([next.state, next.reasons, codesOf(next)]).toEqual(['delivered', [], []]);
});

test('discarding accepts nothing, and the setting of the earlier codes holds no run', async () => {
  const dataDir = await takenOver([ofCode, ofCode]);
  const wrong = await on(dataDir);
  await update(wrong, 'p1', 'p2');
  const run = await runNow(wrong);
  await wrong.post(`exports/${run.id}/discard`, why);
  expect(await runNow(wrong)).toMatchObject({ state: 'held', reasons: [held(2, 2)] });

  const right = await on(dataDir, byCode);
  await update(right, 'p1', 'p2'); // brings the codes back that Spend Cloud has
  expect(await runNow(right)).toMatchObject({
    state: 'delivered',
    reasons: [],
    effect: { roles: { added: 0, removed: 0 } },
  });
});

test('codes of the configured field are no reason and no finding, and leave the roles as Spend Cloud has them', async () => {
  const dataDir = await takenOver([ofCode, ofCode]);
  const server = await on(dataDir, byCode);
  await update(server, 'p1', 'p2');
  const run = await runNow(server);
  expect([run.state, codesOf(run), run.effect.roles]).toEqual([
    'delivered',
    [],
    expect.objectContaining({ added: 0, removed: 0 }),
  ]);

  const later = await on(dataDir); // the setting is changed afterwards
  expect(await runNow(later)).toMatchObject({ state: 'held', reasons: [held(2, 2)] });
});

test('a table that holds both is a finding as long as the other field has no majority', async () => {
  const server = await on(await takenOver([ofCode, {}, {}]));
  await update(server, 'p1', 'p2', 'p3');
  const run = await runNow(server);
  expect(run.state).toBe('delivered');
  expect(codesOf(run)).toMatchObject([
    {
      reference: null,
      message:
        'roles.profile.code reads Title.ExternalId; for 1 of 3 people the codes taken over are those of Title.Code, so Spend Cloud removes their roles and adds them under other codes',
    },
  ]);
});

test('codes of the unit are judged like those of the profile', async () => {
  const dataDir = await takenOver([{ oucode: '310' }, { oucode: '310' }]);
  const server = await on(dataDir);
  for (const username of ['p1', 'p2']) {
    const Department = { DisplayName: 'Thuiszorg Noord', ExternalId: 'D0310', Code: 310 };
    await act(server, 'update', updateBody(username, {}, [{ ...today('1'), Department }]));
  }
  expect(await runNow(server)).toMatchObject({
    state: 'held',
    reasons: [
      'roles.unit.code reads Department.ExternalId; the codes delivered until now are those of Department.Code for 2 of 2 people; an upgraded table may hold both',
    ],
  });
});

test('only the first contracts since the take-over count, and neither previews nor updates without contracts', async () => {
  const dataDir = await takenOver([ofCode, ofCode]);
  const server = await on(dataDir);
  const preview = updateBody('p1', {}, [today('1')]);
  preview.actionContext.DryRun = true;
  await act(server, 'update', preview);
  await act(server, 'update', updateBody('p1', { voornaam: 'Anne' }));
  expect(compared(dataDir)).toEqual([]);
  await update(server, 'p1');
  const first = compared(dataDir);
  expect(first).toHaveLength(2);
  await update(server, 'p1');
  expect(compared(dataDir)).toEqual(first);
});

test('people whom HelloID created, or revived after a deletion, are never compared', async () => {
  const dataDir = await takenOver([ofCode]);
  const server = await on(dataDir);
  await act(server, 'create', createBody(9, {}, [today('9-1')]));
  await update(server, 'SC-9');
  await act(server, 'delete', updateBody('p1', null));
  await act(server, 'create', createBody(1, {}, [today('1-1')]));
  await update(server, 'p1');
  expect(compared(dataDir)).toEqual([]);
});

test('with roles.assignedBy "permissions" the first sub-permissions are compared', async () => {
  const dataDir = await takenOver([ofCode, ofCode]);
  const server = await on(dataDir, { roles: { assignedBy: 'permissions' } });
  await update(server, 'p1', 'p2'); // carries no roles in this mode
  expect(compared(dataDir)).toEqual([]);
  await act(server, 'sub-permissions', subPermissionsBody('grant', [today('1-1')], { account: 'p1', dryRun: true }));
  expect(compared(dataDir)).toEqual([]);
  await act(server, 'sub-permissions', subPermissionsBody('grant', [today('1-1')], { account: 'p1' }));
  await act(server, 'sub-permissions', subPermissionsBody('revoke', [], { account: 'p2' }));
  await act(server, 'sub-permissions', subPermissionsBody('grant', [today('2-1')], { account: 'p2' }));
  expect(compared(dataDir)).toEqual(['p1 Department.ExternalId configured', 'p1 Title.ExternalId other']);
  expect(await runNow(server)).toMatchObject({ state: 'held', reasons: [held(1, 1)] });
});

test('a member beside the code that cannot be read refuses nothing', async () => {
  const dataDir = await takenOver([ofCode]);
  const server = await on(dataDir);
  const Title = { Name: 'Teamleider zorg', Code: { Id: 'F118' }, ExternalId: 'TL-ZORG' };
  await act(server, 'update', updateBody('p1', {}, [{ ...contract('1-1'), Title }]));
  expect(compared(dataDir)).toContain('p1 Title.ExternalId neither');
});

test('a database of before knows from its trail whose roles are still those of the earlier connector', async () => {
  const dataDir = temporaryFolder();
  const db = new Database(databasePath(dataDir));
  migrate(
    db,
    migrations.findIndex((sql) => sql.includes('CREATE TABLE compared_codes')),
  );
  const account = db.prepare(
    `INSERT INTO accounts (id, reference, external_id, username, username_key, extra, enabled, created_at, changed_at, touched_at)
     VALUES (@id, @name, @name, @name, @name, '{}', 1, @at, @at, @at)`,
  );
  const audit = db.prepare("INSERT INTO audit (at, kind, account, digest, hash) VALUES (@at, @kind, @id, '', '')");
  const role = db.prepare(
    "INSERT INTO roles VALUES (@id, 'account', 'p', @contract, 'Zorg', 'D1', 'TL', 'F118', NULL, NULL)",
  );
  const at = '2026-11-20T10:00:00.000Z';
  for (const [id, kind, from] of [
    [1, 'import-legacy', ''],
    [2, 'import-legacy', '2-1'], // an update has replaced the roles since
    [3, 'create', ''],
  ]) {
    account.run({ id, name: `p${id}`, at });
    audit.run({ id, at, kind });
    role.run({ id, contract: from });
  }
  db.close();

  const server = await on(dataDir);
  await update(server, 'p1', 'p2', 'p3');
  expect(compared(dataDir)).toEqual(['p1 Department.ExternalId neither', 'p1 Title.ExternalId other']);
});
