import Database from 'better-sqlite3';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import type { AdoptReport } from '../../cli/adopt-report.ts';
import { act, runNow } from '../actions.ts';
import { command } from '../command.ts';
import {
  clockAt,
  contract,
  createBody,
  temporaryFolder,
  testServer,
  updateBody,
  viewerKey,
  type TestServer,
} from '../helpers.ts';
import { employee, oldLife, type Employee, type OldLife, type Release } from '../legacy/old-life.ts';
import { exportCsv } from '../legacy/old-files.ts';
import { judge, type Judge } from './judge.ts';
import { checkTakeOver } from '../../shared/doctor/take-over.ts';
import { concernsNow } from '../../shared/notify/concerns.ts';
import { inspectDatabase } from '../../shared/store/inspect.ts';
import { closeTakeOver, openTakeOver } from '../../shared/takeover/open-take-over.ts';
import { exportOld, type OldFiles } from './old-export.ts';

const who = ['--by', 'Fenna', '--reason', 'change-over day'];

const people: Employee[] = [
  employee('1001', 'a.jansen'),
  employee('1002', 'b.brink', { achternaam: 'Brink', tussenvoegsel: 'van den' }),
  employee('1003', 'c.vries', {
    contracts: [
      ['Thuiszorg', 'Teamleider'],
      ['Facilitair', 'Kok'],
    ],
  }),
  employee('1004', 'd.leaver'),
  employee('1005', 'e.stays'),
];

/** Five people, of whom one left, as a release leaves them. */
function lived(release: Release, change: (who: Employee) => Employee = (one) => one): OldLife {
  const life = oldLife(release);
  for (const one of people.map(change)) life.create(one);
  for (const one of people.map(change)) life.update(one);
  life.leave('1004');
  return life;
}

interface Customer {
  dataDir: string;
  outbox: string;
  configFile: string;
  environment: Record<string, string>;
}

function customer(settings = '{\n  // ours\n  "schedule": { "quietMinutes": 0 }\n}\n'): Customer {
  const folder = temporaryFolder();
  const configFile = join(folder, 'connector.json');
  writeFileSync(configFile, settings);
  const outbox = temporaryFolder();
  return {
    dataDir: join(folder, 'data'),
    outbox,
    configFile,
    environment: { OUTBOX_DIR: outbox, CONFIG_FILE: configFile },
  };
}

function references(life: OldLife): string {
  const path = join(temporaryFolder(), 'references.csv');
  const lines = life.references().map(({ externalId, reference }) => `${externalId};${reference}`);
  writeFileSync(path, ['externalId;reference', ...lines, ''].join('\n'));
  return path;
}

async function adopted(
  { dataDir, environment }: Customer,
  database: string,
  files: OldFiles,
  words: string[],
  code = 0,
): Promise<AdoptReport> {
  const all = ['adopt', database, files.persons, files.roles, '--json', ...words];
  const outcome = await command(all, { DATA_DIR: dataDir, ...environment });
  expect([outcome.code, outcome.stderr]).toEqual([code, '']);
  return JSON.parse(outcome.stdout) as AdoptReport;
}

async function serverOf({ dataDir, configFile, outbox }: Customer): Promise<TestServer> {
  const policy = parse(readFileSync(configFile, 'utf8')) as object;
  return testServer({ policy, environment: { DATA_DIR: dataDir, OUTBOX_DIR: outbox } });
}

/** A delivery, released where it is held, and what Spend Cloud makes of it. */
async function delivered(server: TestServer, { outbox }: Customer, spendCloud: Judge, file: string): Promise<string[]> {
  const run = await runNow(server);
  if (run.state === 'held') {
    const body = { by: 'Fenna', reason: 'looked at it' };
    expect((await server.post(`exports/${run.id}/release`, body)).status).toBe(200);
    await server.app.daily.settled();
  }
  spendCloud.import(readFileSync(join(outbox, file), 'utf8'));
  return spendCloud.active();
}

const work = contract('c1', ['Thuiszorg', 'D-Thuiszorg'], ['Teamleider', 'F-Teamleider']);

/** A return, a new leaver and a marriage with a new username; who is active after each. */
async function threeDays(server: TestServer, one: Customer, spendCloud: Judge, file: string): Promise<string[][]> {
  const days: string[][] = [];
  const returner = createBody('1004', { gebruikersnaam: 'd.leaver', email: 'd.leaver@waterrijk-zorg.example' }, [work]);
  expect(await act(server, 'create', returner)).toMatchObject({ Success: true });
  days.push(await delivered(server, one, spendCloud, file));
  expect(await act(server, 'delete', updateBody('e.stays', null))).toMatchObject({ Success: true });
  days.push(await delivered(server, one, spendCloud, file));
  const married = updateBody('a.jansen', { gebruikersnaam: 'a.devries', achternaam: 'De Vries' }, [work]);
  expect(await act(server, 'update', married)).toMatchObject({ Success: true });
  days.push(await delivered(server, one, spendCloud, file));
  const accept = { by: 'Fenna', reason: 'married' };
  expect((await server.post('accounts/a.jansen/accept-username', accept)).status).toBe(200);
  days.push(await delivered(server, one, spendCloud, file));
  return days;
}

const everyDay = [
  ['a.jansen', 'b.brink', 'c.vries', 'd.leaver', 'e.stays'],
  ['a.jansen', 'b.brink', 'c.vries', 'd.leaver'],
  ['a.jansen', 'b.brink', 'c.vries', 'd.leaver'],
  ['a.devries', 'b.brink', 'c.vries', 'd.leaver'],
];

test(
  '2.0.5 with seven fields goes over without a difference, and leavers are told by rows',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.5');
    const one = customer();
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], 7);
    const report = await adopted(one, life.path, files, ['--references', references(life), ...who]);
    expect(report).toMatchObject({
      state: 'adopted',
      leavers: 'passive',
      settings: [],
      recognised: { release: '2.0.5', surnames: 'without-prefix' },
      proof: { spendCloud: { active: 4, inactive: 1 }, rows: 0, differences: [] },
      firstDelivery: { becomes: 'delivered' },
      lookUp: { field: 7, header: 'passief', people: ['d.leaver'] },
    });
    const spendCloud = judge('passive');
    spendCloud.import(readFileSync(files.persons, 'utf8'));
    const server = await serverOf(one);
    expect(await delivered(server, one, spendCloud, 'Users.csv')).toEqual([
      'a.jansen',
      'b.brink',
      'c.vries',
      'e.stays',
    ]);
    for (const file of [files.persons, files.roles])
      expect(linesOf(join(one.outbox, basename(file)))).toEqual(linesOf(file));
    expect(await threeDays(server, one, spendCloud, 'Users.csv')).toEqual(everyDay);
  },
);

test(
  '2.0.5 with six columns asks which import it is, and goes over as absent with the settings written',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.5');
    const one = customer();
    const files = exportOld(life.path, ['ProActive.csv', 'ProActiveRoles.csv'], 6);
    const words = ['--references', references(life), ...who];
    expect(await adopted(one, life.path, files, words, 3)).toMatchObject({ state: 'ask-leavers', proof: null });
    expect(await adopted(one, life.path, files, [...words, '--leavers', 'passive'], 3)).toMatchObject({
      state: 'refused',
    });
    const before = readFileSync(one.configFile, 'utf8');
    const differing = await adopted(one, life.path, files, [...words, '--leavers', 'absent'], 3);
    expect(differing).toMatchObject({ state: 'settings-differ', import: null });
    expect(differing.settings.map(({ path }) => path.join('.'))).toEqual([
      'spendCloud.leavers',
      'files.persons.fileName',
      'files.persons.columns',
      'files.roles.fileName',
    ]);
    expect(readFileSync(one.configFile, 'utf8')).toBe(before);

    const report = await adopted(one, life.path, files, [...words, '--leavers', 'absent', '--write-config']);
    expect(report).toMatchObject({ state: 'adopted', proof: { rows: 0 }, written: { file: one.configFile } });
    expect(readFileSync(report.written?.backup ?? '', 'utf8')).toBe(before);
    expect(readFileSync(one.configFile, 'utf8')).toContain('  // ours\n');

    const spendCloud = judge('absent');
    spendCloud.import(readFileSync(files.persons, 'utf8'));
    const server = await serverOf(one);
    expect(await delivered(server, one, spendCloud, 'ProActive.csv')).toEqual([
      'a.jansen',
      'b.brink',
      'c.vries',
      'e.stays',
    ]);
    expect(await threeDays(server, one, spendCloud, 'ProActive.csv')).toEqual(everyDay);
  },
);

test(
  '2.0.1 goes over with its names as they are, and the report says which mapping keeps them',
  { timeout: 120_000 },
  async () => {
    const behind = (one: Employee) =>
      one.tussenvoegsel === '' ? one : { ...one, achternaam: `${one.achternaam} ${one.tussenvoegsel}` };
    const life = lived('2.0.1', behind);
    life.create(employee('1006', 'f.berg', { achternaam: 'Berg van den', tussenvoegsel: 'van den' })); // not updated yet: the prefix is there twice
    const one = customer('{}');
    const files = exportOld(life.path, ['ProActive.csv', 'ProActiveRoles.csv'], 6);
    const words = ['--references', references(life), '--leavers', 'absent', '--write-config', ...who];
    const report = await adopted(one, life.path, files, words);
    expect(report).toMatchObject({
      recognised: { surnames: 'with-prefix' },
      proof: { spendCloud: { active: 5, inactive: 0 }, rows: 0, differences: [] },
    });
    expect(parse(readFileSync(one.configFile, 'utf8'))).toMatchObject({
      spendCloud: { leavers: 'absent' },
      roles: { profile: { code: 'Title.Code' } },
    });
    const spendCloud = judge('absent');
    spendCloud.import(readFileSync(files.persons, 'utf8'));
    const server = await serverOf(one);
    await delivered(server, one, spendCloud, 'ProActive.csv');
    expect(readFileSync(join(one.outbox, 'ProActive.csv'), 'utf8')).toContain('"Berg van den"');
    expect(spendCloud.active()).toEqual(['a.jansen', 'b.brink', 'c.vries', 'e.stays', 'f.berg']);
    expect((await threeDays(server, one, spendCloud, 'ProActive.csv')).map((day) => day.slice(0, -1))).toEqual(
      everyDay,
    );
  },
);

test(
  'people whom 2.0.3 never removed are named, and lose their access by choice, each with its reason',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.3');
    const one = customer();
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], 6);
    const words = ['--references', references(life), '--leavers', 'absent', '--write-config', ...who];
    const asked = await adopted(one, life.path, files, words, 3);
    expect(asked).toMatchObject({
      state: 'adopted',
      proof: { rows: 0 },
      import: { lists: { unknownToHelloId: [{ externalId: '1004' }] } },
    });
    const decided = await adopted(one, life.path, files, [...words, '--unknown', 'disable']);
    expect(decided.proof).toMatchObject({
      spendCloud: { active: 5, inactive: 0 },
      rows: 1,
      differences: [{ file: 'persons', key: 'd.leaver', change: 'deactivated', cause: 'unknown-to-helloid' }],
    });
    const spendCloud = judge('absent');
    spendCloud.import(readFileSync(files.persons, 'utf8'));
    const server = await serverOf(one);
    expect(await delivered(server, one, spendCloud, 'Users.csv')).toEqual([
      'a.jansen',
      'b.brink',
      'c.vries',
      'e.stays',
    ]);
  },
);

test('the oldest release goes over without a roles file, in its own columns', { timeout: 120_000 }, async () => {
  const path = join(temporaryFolder(), 'SpendCloud.db');
  const db = new Database(path);
  db.exec(`CREATE TABLE persons (externalId TEXT, email TEXT, achternaam TEXT, voornamen TEXT, adfs_login TEXT)`);
  const rows = [
    ['1001', 'a.jansen'],
    ['1004', 'd.leaver'],
    ['1005', 'e.stays'],
  ].map(([number = '', name = '']) => ({ number, cells: [`${name}@waterrijk-zorg.example`, 'Jansen', 'Anna', name] }));
  for (const { number, cells } of rows) db.prepare('INSERT INTO persons VALUES (?, ?, ?, ?, ?)').run(number, ...cells);
  db.close();
  const persons = join(temporaryFolder(), 'export.csv');
  writeFileSync(
    persons,
    exportCsv(
      ['email', 'achternaam', 'voornamen', 'adfs_login'],
      rows.map(({ cells }) => cells),
      ';',
    ),
  );
  const one = customer('{}');
  const words = ['adopt', path, persons, '--leavers', 'absent', '--write-config', '--json', ...who];
  const { code, stdout } = await command(words, { DATA_DIR: one.dataDir, ...one.environment });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'adopted', recognised: { release: 'V1' }, proof: { rows: 0 } });

  const spendCloud = judge('absent', 'adfs_login');
  spendCloud.import(readFileSync(persons, 'utf8'));
  const server = await serverOf(one);
  expect(await delivered(server, one, spendCloud, 'export.csv')).toEqual(['a.jansen', 'd.leaver', 'e.stays']);
  expect(await act(server, 'delete', updateBody('1004', null))).toMatchObject({ Success: true }); // its reference is the number
  expect(await delivered(server, one, spendCloud, 'export.csv')).toEqual(['a.jansen', 'e.stays']);
});

test(
  'absent where the file says who left by a column is held, because Spend Cloud got that column until now',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.5');
    const one = customer();
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], 7);
    const words = ['--references', references(life), '--leavers', 'absent', '--write-config', ...who];
    const report = await adopted(one, life.path, files, words);
    expect(report).toMatchObject({
      proof: { spendCloud: { active: 5, inactive: 0 }, rows: 1, differences: [{ key: 'd.leaver', cause: 'not-read' }] },
      firstDelivery: { becomes: 'held', reasons: [expect.stringContaining('columns')] },
    });
  },
);

test(
  'a rehearsal writes nothing, into a data folder that is there or is not, and says the same',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.5');
    const one = customer();
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], 7);
    const list = references(life);
    const rehearsal = ['--references', list, '--dry-run'];
    const first = await adopted(one, life.path, files, rehearsal);
    expect(first).toMatchObject({ state: 'rehearsed', proof: { rows: 0 } });
    expect(existsSync(one.dataDir)).toBe(false);
    const done = await adopted(one, life.path, files, ['--references', list, ...who]);
    expect(done.proof).toEqual(first.proof);
    const content = contentOf(one.dataDir);
    expect(await adopted(one, life.path, files, rehearsal)).toMatchObject({
      proof: first.proof,
      import: { importedBefore: 5 },
    });
    expect(contentOf(one.dataDir)).toEqual(content);
  },
);

test(
  'every difference has its cause: copies, orphan and passive roles, what was written since, and another form of a name',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.5');
    life.byHand(`
    INSERT INTO persons SELECT * FROM persons WHERE externalId = '1005';
    INSERT INTO roles SELECT * FROM roles WHERE gebruikersnaam = 'a.jansen';
    INSERT INTO roles VALUES ('nobody', 'Thuiszorg', 'Kok', 'D-T', 'F-Kok', '2026-01-01');
    INSERT INTO roles VALUES ('d.leaver', 'Thuiszorg', 'Kok', 'D-T', 'F-Kok', '2026-01-01');
    UPDATE persons SET achternaam = 'Gomes' || char(769) WHERE externalId = '1003'`);
    const one = customer();
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], 7);
    life.create(employee('1007', 'g.new'));
    life.leave('1001');
    const report = await adopted(one, life.path, files, ['--references', references(life), ...who]);
    const told = report.proof?.differences.map(({ file, key, change, field, cause }) => [
      file,
      key,
      change,
      field,
      cause,
    ]);
    expect(told).toEqual([
      ['persons', 'e.stays', 'once', undefined, 'same-line'],
      ['persons', 'a.jansen', 'deactivated', undefined, 'left-since'],
      ['persons', 'c.vries', 'changed', 'achternaam', 'normalised'],
      ['persons', 'g.new', 'added', undefined, 'joined-since'],
      ['roles', 'a.jansen', 'once', undefined, 'same-role'],
      ['roles', 'a.jansen', 'role-removed', undefined, 'with-its-person'],
      ['roles', 'nobody', 'left-out', undefined, 'orphan-role'],
      ['roles', 'd.leaver', 'role-removed', undefined, 'passive-role'],
      ['roles', 'g.new', 'role-added', undefined, 'with-its-person'],
    ]);
    expect(report.proof?.differences.every(({ reason }) => reason.length > 20)).toBe(true);
  },
);

test('files of other people than the database are refused, and nothing is written', { timeout: 120_000 }, async () => {
  const life = lived('2.0.5');
  const other = oldLife('2.0.5');
  for (const number of [1, 2, 3, 4, 5, 6, 7]) other.create(employee(`2${number}`, `other${number}`));
  const one = customer();
  const files = exportOld(other.path, ['Users.csv', 'Roles.csv'], 7);
  const words = ['--references', references(life), '--leavers', 'passive', ...who];
  const report = await adopted(one, life.path, files, words, 3);
  expect(report).toMatchObject({ state: 'refused', refused: [expect.stringContaining('7 of 7 active people')] });
  expect(existsSync(one.dataDir)).toBe(false);
});

test(
  'after the first delivery it refuses, and until somebody closes it the untouched are named',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.5');
    const one = customer();
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], 7);
    await adopted(one, life.path, files, ['--references', references(life), ...who]);
    const server = await serverOf(one);
    expect(await runNow(server)).toMatchObject({ state: 'delivered' });
    await act(server, 'update', updateBody('a.jansen', { achternaam: 'Jansen' }, [work]));
    expect((await server.get('take-over', viewerKey)).json).toMatchObject({
      takeOver: { of: 4, untouched: 3, closed: null, leavers: 'passive' },
      people: [{ username: 'b.brink' }, { username: 'c.vries' }, { username: 'e.stays' }],
    });
    const run = (words: string[]) =>
      command(['adopt', ...words, ...who], { DATA_DIR: one.dataDir, ...one.environment });
    const again = await run([life.path, files.persons, files.roles]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('Run 1 was delivered already')]);
    const closed = await run(['--close']);
    expect([closed.code, closed.stdout]).toEqual([0, expect.stringContaining('Not touched since: 3 of 4')]);
    expect((await run(['--close'])).code).toBe(2);
    expect((await server.get('take-over', viewerKey)).json).toMatchObject({ takeOver: { closed: { by: 'Fenna' } } });
    expect((await server.get('audit?action=close-take-over')).json).toMatchObject({ entries: [{ by: 'Fenna' }] });
  },
);

test(
  'people who are left out until somebody decides hold the first delivery, which would lock them out',
  { timeout: 120_000 },
  async () => {
    const life = lived('2.0.5');
    life.byHand(`UPDATE persons SET gebruikersnaam = 'b.brink' WHERE externalId = '1003'`); // HelloID holds both numbers
    const one = customer();
    const files = exportOld(life.path, ['Users.csv', 'Roles.csv'], 7);
    const report = await adopted(one, life.path, files, ['--references', references(life), ...who], 3);
    expect(report).toMatchObject({
      state: 'adopted',
      import: { asks: [{ externalId: '1002' }, { externalId: '1003' }] },
      firstDelivery: { becomes: 'held', reasons: [expect.stringMatching(/^2 person\(s\) were left out/)] },
    });
    const server = await serverOf(one);
    expect(await runNow(server)).toMatchObject({ state: 'held' });
    await server.post('exports/1/discard', { by: 'Fenna', reason: 'unmanaged in HelloID' });

    life.unmanage('1003');
    const decided = await adopted(one, life.path, files, ['--references', references(life), ...who]);
    expect(decided).toMatchObject({ import: { asks: [] }, firstDelivery: { becomes: 'delivered' } });
    expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  },
);

test('a take-over that nobody closed for 30 days is a message and a warning of the doctor', async () => {
  const clock = clockAt('2026-09-01T08:00:00Z');
  const server = await testServer({ now: clock.now });
  await server.post('helloid/create', createBody(1));
  const { app } = server;
  const topics = async () => (await concernsNow(app)).map(({ topic }) => topic);
  await openTakeOver(app, { by: 'Fenna', leavers: 'passive', asks: 0 });
  const step = () => checkTakeOver(clock.now(), inspectDatabase(app.config.dataDir));
  expect(step().map(({ state, says }) => [state, says.endsWith('0 of 0')])).toEqual([['ok', true]]);
  clock.set('2026-10-01T07:59:00Z');
  expect(await topics()).not.toContain('take-over');
  clock.set('2026-10-01T08:00:00Z');
  expect(await topics()).toContain('take-over');
  expect(step()).toMatchObject([{ state: 'warning' }]);
  await closeTakeOver(app, { by: 'Fenna', reason: 'all seen' });
  expect(await topics()).not.toContain('take-over');
  expect(step()).toEqual([]);
});

test('a connector.json that would be wrong with the found settings stays as it is', { timeout: 120_000 }, async () => {
  const life = lived('2.0.5');
  const one = customer('{ "files": { "roles": { "fileName": "Leden.csv" } } }');
  const files = exportOld(life.path, ['Leden.csv', 'Leden.CSV'], 7); // two names that Windows takes for one
  const words = ['adopt', life.path, files.persons, files.roles, '--write-config', ...who];
  const { code, stderr } = await command(words, { DATA_DIR: one.dataDir, ...one.environment });
  expect([code, stderr]).toEqual([2, expect.stringContaining('was not changed')]);
  expect(readFileSync(one.configFile, 'utf8')).toBe('{ "files": { "roles": { "fileName": "Leden.csv" } } }');
  expect(existsSync(one.dataDir)).toBe(false);
});

/** The lines byte for byte, in an order of their own: ours is fixed, that of the earlier connector is not. */
function linesOf(path: string): string[] {
  return readFileSync(path, 'latin1').split('\n').sort();
}

/** Every file of a folder with its bytes. */
function contentOf(folder: string): [string, string][] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), 'latin1')]);
}
