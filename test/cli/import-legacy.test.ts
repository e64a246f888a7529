import { once } from 'node:events';
import { copyFileSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { ImportReport } from '../../cli/legacy-report.ts';
import { createBody, eventCount, temporaryFolder, testServer, updateBody, type TestServer } from '../helpers.ts';
import { oldPerson, oldRole, writeOldDatabase, type PersonValues, type RoleValues } from '../legacy/old-connector.ts';
import { spendcloud, startSpendcloud, type Outcome } from './command.ts';

const who = ['--by', 'Fenna', '--reason', 'change-over day'];

interface AccountJson {
  reference: string;
  externalId: string;
  gebruikersnaam: string;
  achternaam: string;
  enabled: boolean;
  roles: Record<string, string>[];
}

function oldFile(persons: PersonValues[], roles: RoleValues[] = []): string {
  const path = join(temporaryFolder(), 'SpendCloud.db');
  writeOldDatabase(path, persons, roles);
  return path;
}

/** 3: a person must decide about somebody. */
async function imported(
  dataDir: string,
  path: string,
  words: string[] = who,
  expected: 0 | 3 = 0,
): Promise<ImportReport> {
  const { code, json, errors } = await spendcloud(dataDir, ['import-legacy', path, '--json', ...words]);
  expect([code, errors.replace(/^(Taking over|Looking at): \d+ of \d+\n/gm, '')]).toEqual([expected, '']);
  return json;
}

async function accountsOf(server: TestServer): Promise<AccountJson[]> {
  return ((await server.get('accounts?limit=500')).json as { accounts: AccountJson[] }).accounts;
}

const on = (dataDir: string) => testServer({ environment: { DATA_DIR: dataDir } });
const toldOf = ({ notes }: ImportReport) => notes.map(({ kind, table, row }) => `${kind} ${table} ${row}`);

test('each person is taken over once, enabled, with distinct roles and the string that HelloID holds', async () => {
  const dataDir = temporaryFolder();
  const path = oldFile(
    [
      oldPerson('1001', 'a.jansen'),
      oldPerson('1002', 'Obrien', { achternaam: "O'Brien", tussenvoegsel: null, email: null }),
    ],
    [
      oldRole('a.jansen'),
      oldRole('a.jansen'),
      oldRole('a.jansen', { oucode: 'D|1', functiecode: 'ZZ' }),
      oldRole('obrien', { ou: 'Oud' }),
    ],
  );
  const report = await imported(dataDir, path);
  expect(report).toMatchObject({ dryRun: false, found: { persons: 2, roles: 4 }, imported: 2, roles: 3 });
  expect(report.summary).toMatchObject({ 'same-role': { count: 1, leftOut: true } });

  const server = await on(dataDir);
  const [anna, other] = await accountsOf(server);
  expect(anna).toMatchObject({ reference: 'a.jansen', externalId: '1001', enabled: true });
  expect(anna?.roles).toMatchObject([
    { oucode: 'D0310', functiecode: 'TL-ZORG', assignedBy: 'account' },
    { oucode: 'D|1', functiecode: 'ZZ' },
  ]);
  expect(other).toMatchObject({ reference: 'Obrien', achternaam: "O'Brien", email: null, roles: [{ ou: 'Oud' }] });
  expect((await server.get('accounts/a.jansen')).json).toMatchObject({
    history: [
      {
        action: 'import-legacy',
        key: 'command line',
        messages: [expect.stringMatching(/^Took over person \[a\.jansen\]/), 'Fenna decided. Reason: change-over day'],
      },
    ],
  });
  // HelloID goes on with the reference it holds
  const update = await server.post('helloid/update', updateBody('a.jansen', { voornaam: 'Anne' }));
  expect(update.json).toMatchObject({ Success: true, AccountReference: 'a.jansen' });
});

test('the permission keys equal those that contracts would give, so the next update changes no role', async () => {
  const dataDir = temporaryFolder();
  await imported(dataDir, oldFile([oldPerson('1', 'p1')], [oldRole('p1', { oucode: 'D|0\\310' })]));
  const db = new Database(join(dataDir, 'spendcloud.db'), { readonly: true });
  onTestFinished(() => void db.close());
  expect(db.prepare('SELECT owner, permission, contract FROM roles').all()).toEqual([
    { owner: 'account', permission: 'D\\|0\\\\310|TL-ZORG', contract: '' },
  ]);
});

test('columns in other casing and order are found by their names', async () => {
  const path = join(temporaryFolder(), 'SpendCloud.db');
  const db = new Database(path);
  db.exec(
    `CREATE TABLE Persons (GEBRUIKERSNAAM, ExternalID, email, achternaam, voornaam, tussenvoegsel, geslacht, createtime, extra);
    CREATE TABLE Roles (functiecode, OU, functie, oucode, createtime, Gebruikersnaam);
    INSERT INTO Persons (GEBRUIKERSNAAM, ExternalID) VALUES ('p1', 1001);
    INSERT INTO Roles (functiecode, OU, Gebruikersnaam) VALUES ('TL', 'Zorg', 'p1');`,
  ).close();
  const dataDir = temporaryFolder();
  expect(await imported(dataDir, path)).toMatchObject({ imported: 1, roles: 1, notes: [] });
  expect(await accountsOf(await on(dataDir))).toMatchObject([{ externalId: '1001', gebruikersnaam: 'p1' }]);
});

test('running it twice changes nothing, also after HelloID changed and deleted people', async () => {
  const dataDir = temporaryFolder();
  const path = oldFile([oldPerson('1', 'p1'), oldPerson('2', 'p2'), oldPerson('3', 'p3')], [oldRole('p1')]);
  await imported(dataDir, path);
  const server = await on(dataDir);
  await server.post('helloid/update', updateBody('p1', { gebruikersnaam: 'new1', achternaam: 'De Vries' }));
  await server.post('helloid/update', updateBody('p3', { externalId: '3003' }));
  await server.post('helloid/delete', updateBody('p2', null));
  const before = [await accountsOf(server), eventCount(dataDir)];
  const again = await imported(dataDir, path);
  expect(again).toMatchObject({ imported: 0, roles: 0, importedBefore: 1 });
  expect(toldOf(again)).toEqual(expect.arrayContaining(['deleted-here persons 2', 'reference-present persons 3']));
  expect([await accountsOf(server), eventCount(dataDir)]).toEqual(before);
});

test('a dry run tells the same and writes nothing, and needs nobody who decides', async () => {
  const dataDir = temporaryFolder();
  const path = oldFile([oldPerson('1', 'p1'), oldPerson('', 'p2')], [oldRole('p1'), oldRole('nobody')]);
  const preview = await imported(dataDir, path, ['--dry-run'], 3);
  expect(eventCount(dataDir)).toBe(0);
  expect(await accountsOf(await on(dataDir))).toEqual([]);
  expect(await imported(dataDir, path, who, 3)).toEqual({ ...preview, dryRun: false });
});

test('what the earlier connector left behind is told row by row, and only whole persons are taken over', async () => {
  const dataDir = temporaryFolder();
  const path = oldFile(
    [
      oldPerson('1', 'p1', { createtime: '2026-03-01T08:00:00Z', achternaam: 'Old' }),
      oldPerson('1', 'p1', { createtime: '2026-11-01T08:00:00Z', achternaam: 'New' }),
      oldPerson('1', 'P1', { createtime: 'yesterday' }),
      oldPerson(null, 'p5'),
      oldPerson('6', ' '),
      oldPerson('7', 'p7', { voornaam: 'An\u0000na' }),
      oldPerson('8', 'p8', { email: 'x'.repeat(201) }),
      oldPerson('9', 'DryRun'),
      oldPerson('10', 'p10', { voornaam: Buffer.from('Anna') }),
      oldPerson('11', 'p11', { email: 'P1@waterrijk-zorg.example' }),
      oldPerson('12', 'p12'),
      oldPerson('13', 'P12', { createtime: '05/01/2026 08:00:00' }),
    ],
    [
      oldRole('p1', { ou: 'x'.repeat(201) }),
      oldRole('p1', { ou: '', oucode: null }),
      oldRole('DRYRUN'),
      oldRole('jdevries'),
      oldRole('p1'),
      oldRole('p11'),
    ],
  );
  const report = await imported(dataDir, path, who, 3);
  expect(toldOf(report)).toEqual([
    'same-number persons 1',
    'same-number persons 3',
    'no-external-id persons 4',
    'no-username persons 5',
    'unusable-person persons 6',
    'unusable-person persons 7',
    'dryrun-username persons 8',
    'unusable-person persons 9',
    'same-email persons 10',
    'same-username persons 11',
    'same-username persons 12',
    'unusable-role roles 1',
    'incomplete-role roles 2',
    'dryrun-role roles 3',
    'orphan-role roles 4',
  ]);
  expect(report.notes[4]?.message).toBe('[voornaam] holds the control character U+0000');
  expect(report.notes[1]).toMatchObject({
    externalId: '1',
    username: 'P1',
    message: expect.stringMatching(/row 2/) as string,
  });
  // neither of two numbers with one username is picked, and whom the first delivery would deactivate is named
  expect(report.asks.map(({ row }) => row)).toEqual([4, 6, 7, 9, 11, 12]);
  expect((await accountsOf(await on(dataDir))).map(({ externalId, achternaam }) => [externalId, achternaam])).toEqual([
    ['1', 'New'],
    ['11', 'Jansen'],
  ]);
});

test('a prefix behind the last name is corrected where it is certain, and told where it is not', async () => {
  const dataDir = temporaryFolder();
  const names: [achternaam: string, tussenvoegsel: string][] = [
    ['Brink van den', 'van den'],
    ['Brink - de Vries van den', 'van den'],
    ['Vries - van den Brink de', 'de'],
    ['Brink van den', ''],
    ['Brink van den', 'den'],
    ['de Vries', 'de'],
    ['Brink', 'van den'],
  ];
  const persons = names.map(([achternaam, tussenvoegsel], index) =>
    oldPerson(String(index + 1), `p${index + 1}`, { achternaam, tussenvoegsel }),
  );
  const report = await imported(
    dataDir,
    oldFile(
      persons,
      persons.map((_, index) => oldRole(`p${index + 1}`)),
    ),
  );
  expect(toldOf(report)).toEqual([
    'prefix-twice persons 1',
    'prefix-twice persons 2',
    'prefix-twice persons 3',
    'prefix-lost persons 4',
    'maybe-twice persons 5',
    'maybe-twice persons 6',
  ]);
  expect((await accountsOf(await on(dataDir))).map(({ achternaam }) => achternaam)).toEqual([
    'Brink',
    'Brink - de Vries',
    'Vries - van den Brink',
    'Brink van den',
    'Brink van den',
    'de Vries',
    'Brink',
  ]);
});

test('a file of references maps where a username moved on, and brings the roles that stand under the earlier one', async () => {
  const dataDir = temporaryFolder();
  const path = oldFile(
    [oldPerson('1', 'anna.devries'), oldPerson('2', 'p2'), oldPerson('3', 'p3'), oldPerson('4', 'p4')],
    [oldRole('anna.jansen'), oldRole('p2', { oucode: 'D2' }), oldRole('p3', { oucode: 'D3' })],
  );
  const references = join(temporaryFolder(), 'references.csv');
  writeFileSync(
    references,
    '\uFEFFExternalId;Reference\r\n1;anna.jansen\r\n3;p2\r\n4;DRYRUN\r\n5;DRYRUN\r\n6;gone\r\n',
  );
  const report = await imported(dataDir, path, ['--references', references, '--partial', ...who]);
  expect(toldOf(report)).toEqual([
    'shared-reference persons 2',
    'no-roles persons 2',
    'shared-reference persons 3',
    'dryrun-reference persons 4',
    'no-roles persons 4',
    'orphan-role roles 2',
    'dryrun-reference references 5',
    'unknown-reference references 6',
  ]);
  const server = await on(dataDir);
  expect(await accountsOf(server)).toMatchObject([
    { reference: 'anna.jansen', gebruikersnaam: 'anna.devries', roles: [{ oucode: 'D0310' }] },
    { reference: 'SC-2', roles: [] },
    { reference: 'SC-3', roles: [{ oucode: 'D3' }] },
    { reference: 'SC-4' },
  ]);
  // a late delete by the shared strings reaches nobody
  for (const shared of ['DRYRUN', 'p2'])
    expect((await server.post('helloid/delete', updateBody(shared, null))).json).toMatchObject({ Success: true });
  expect(await accountsOf(server)).toHaveLength(4);
  const again = await imported(dataDir, path, ['--references', references, '--partial', ...who]);
  expect(again).toMatchObject({ importedBefore: 4 });
});

test('numbers, usernames and references that an account here has stay with it', async () => {
  const dataDir = temporaryFolder();
  const server = await on(dataDir);
  for (const number of [1, 2]) await server.post('helloid/create', createBody(number));
  const path = oldFile([
    oldPerson('1', 'other'),
    oldPerson('20', 'P2'),
    oldPerson('30', 'SC-2'),
    oldPerson('40', 'p40', { email: 'P1@waterrijk-zorg.example' }),
  ]);
  const report = await imported(dataDir, path, who, 3);
  expect(report).toMatchObject({ imported: 1, asks: [{ externalId: '20' }] });
  expect(toldOf(report).filter((told) => !told.startsWith('no-roles'))).toEqual([
    'number-present persons 1',
    'username-present persons 2',
    'reference-present persons 3',
    'same-email persons 4',
  ]);
  expect((await accountsOf(server)).map(({ reference }) => reference)).toEqual(['SC-1', 'SC-2', 'p40']);
});

test('a file of references with bad lines is refused as a whole, each line by its number', async () => {
  const dataDir = temporaryFolder();
  const references = join(temporaryFolder(), 'references.csv');
  writeFileSync(references, 'externalId,reference\n1,a\n1,b\n2,\n"3\n');
  const words = ['import-legacy', oldFile([oldPerson('1', 'p1')]), '--references', references, ...who];
  const { code, errors } = await spendcloud(dataDir, words);
  expect(code).toBe(1);
  expect(errors).toMatch(
    /line 5: a double quote is opened and never closed.*line 3: its externalId stands on line 2.*line 4: reference is empty/,
  );
});

test('the old file is not touched, and nothing appears beside it, in WAL mode either', async () => {
  for (const mode of ['delete', 'wal']) {
    const path = oldFile([oldPerson('1', 'p1')], [oldRole('p1')]);
    const db = new Database(path);
    db.pragma(`journal_mode = ${mode}`);
    db.close();
    const state = () => [readdirSync(join(path, '..')), readFileSync(path).toString('base64'), statSync(path).mtimeMs];
    const before = state();
    expect(await imported(temporaryFolder(), path)).toMatchObject({ imported: 1 });
    expect(state()).toEqual(before);
  }
});

test('what an open connection in WAL mode has not moved into the file yet is read as well', async () => {
  const path = oldFile([oldPerson('1', 'p1')]);
  const db = new Database(path);
  onTestFinished(() => void db.close());
  db.pragma('journal_mode = WAL');
  db.exec("INSERT INTO persons (externalId, gebruikersnaam, achternaam) VALUES ('2', 'p2', 'Later')");
  expect(await imported(temporaryFolder(), path)).toMatchObject({ imported: 2 });
});

async function refused(path: string): Promise<Outcome> {
  const dataDir = temporaryFolder();
  const outcome = await spendcloud(dataDir, ['import-legacy', path, ...who]);
  expect(readdirSync(dataDir)).toEqual([]); // not even a database was made
  return outcome;
}

test.each<[string, (path: string) => void, RegExp]>([
  ['is not there', () => undefined, /does not exist/],
  ['is empty', (path) => writeFileSync(path, ''), /is empty/],
  [
    'is no SQLite database',
    (path) => writeFileSync(path, 'externalId;gebruikersnaam\r\n1;p1\r\n'),
    /not an SQLite database/,
  ],
  ['holds other tables', (path) => new Database(path).exec('CREATE TABLE accounts (id)').close(), /no table persons/],
  [
    'lacks a column',
    (path) => {
      writeOldDatabase(path, []);
      new Database(path).exec('ALTER TABLE roles DROP COLUMN oucode').close();
    },
    /its table roles lacks the column\(s\) oucode/,
  ],
  [
    'was copied half',
    (path) => {
      writeOldDatabase(
        path,
        Array.from({ length: 500 }, (_, index) => oldPerson(String(index), `p${index}`)),
      );
      truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096);
    },
    /damaged, or was copied only in part/,
  ],
])('a file that %s is refused with one sentence', async (_what, make, sentence) => {
  const path = join(temporaryFolder(), 'SpendCloud.db');
  make(path);
  const { code, errors, output } = await refused(path);
  expect([code, output]).toEqual([1, '']);
  expect(errors).toMatch(sentence);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

test('a file that is locked, or was left or copied in the middle of a write, is refused', async () => {
  const path = oldFile(Array.from({ length: 2000 }, (_, index) => oldPerson(String(index), `p${index}`)));
  const db = new Database(path);
  onTestFinished(() => void db.close());
  db.exec('BEGIN EXCLUSIVE');
  expect(await refused(path)).toMatchObject({ code: 1, errors: expect.stringMatching(/is in use/) as string });
  db.exec('ROLLBACK');
  db.pragma('cache_size = 5');
  db.exec(`BEGIN; UPDATE persons SET achternaam = achternaam || '${'z'.repeat(100)}'`);
  const copy = join(temporaryFolder(), 'copy.db');
  copyFileSync(path, copy);
  expect(await refused(copy)).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/while it was written/) as string,
  });
  copyFileSync(`${path}-journal`, `${copy}-journal`);
  expect(await refused(copy)).toMatchObject({ code: 1, errors: expect.stringMatching(/middle of a write/) as string });
});

test('without who decides, or without the file, it is wrong usage', async () => {
  const path = oldFile([]);
  for (const words of [[], [path], [path, '--by', 'Fenna']])
    expect(await spendcloud(temporaryFolder(), ['import-legacy', ...words])).toMatchObject({ code: 2, output: '' });
});

test('the screen shows the first rows of each kind with what to do, and how far a large file is', async () => {
  const persons = Array.from({ length: 1200 }, (_, index) => oldPerson(String(index + 1), `p${index + 1}`));
  const path = oldFile(persons, [oldRole('p1')]);
  const { code, output, errors } = await spendcloud(temporaryFolder(), ['import-legacy', path, ...who]);
  expect(code).toBe(0);
  expect(errors).toBe('Taking over: 768 of 1200\nTaking over: 1200 of 1200\n');
  expect(output).toMatch(/Took over 1200 person\(s\) with 1 role\(s\)/);
  expect(output).toMatch(/no-roles: 1199 row\(s\)\. If the username changed/);
  expect(output).toMatch(/persons row 2 \(number 2, username p2\): has no roles/);
  expect(output).toMatch(/and 1179 more: --json shows them all/);
  expect(output.split('\n').length).toBeLessThan(40);
});

test('killed half-way, a second run takes over the rest, and each person stands there whole and once', async () => {
  const dataDir = temporaryFolder();
  const numbers = Array.from({ length: 3000 }, (_, index) => index + 1);
  const path = oldFile(
    numbers.map((number) => oldPerson(String(number), `p${number}`)),
    numbers.map((number) => oldRole(`p${number}`)),
  );
  const child = startSpendcloud(dataDir, ['import-legacy', path, ...who]);
  child.stderr?.once('data', () => child.kill('SIGKILL')); // it tells when half is done
  await once(child, 'close');
  const { imported: rest, importedBefore } = await imported(dataDir, path, [...who]);
  expect([rest + importedBefore, importedBefore >= 1500]).toEqual([3000, true]);
  expect(eventCount(dataDir)).toBe(3000);
  const db = new Database(join(dataDir, 'spendcloud.db'), { readonly: true });
  onTestFinished(() => void db.close());
  expect(db.prepare('SELECT count(DISTINCT account) FROM roles').pluck().get()).toBe(3000);
});
