import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptySpendCloud, importFiles, registeredBy } from '../../demo/spend-cloud.ts';
import type { Baseline } from '../../shared/daily/baseline.ts';
import { runNow } from '../actions.ts';
import { createBody, eventCount, temporaryFolder, testServer, updateBody, type TestServer } from '../helpers.ts';
import { oldPerson, oldRole, writeOldDatabase } from '../legacy/old-connector.ts';
import { exportCsv, oldFiles, personHeaders, personRow, roleRow } from '../legacy/old-files.ts';
import { spendcloud, type Outcome } from './command.ts';

const who = ['--by', 'Fenna', '--reason', 'change-over day'];

async function serverWith(people: number, policy = {}, environment = {}): Promise<TestServer> {
  const server = await testServer({ policy, environment });
  for (let number = 1; number <= people; number += 1) await server.post('helloid/create', createBody(number));
  return server;
}

function baseline({ app }: TestServer, files: string[], words: string[] = [], environment = {}): Promise<Outcome> {
  return spendcloud(app.config.dataDir, ['baseline', ...files, ...who, ...words], environment);
}

async function taken(server: TestServer, files: string[], words: string[] = [], environment = {}): Promise<Baseline> {
  const { code, json, errors } = await baseline(server, files, ['--json', ...words], environment);
  expect([code, errors]).toEqual([0, '']);
  return json;
}

const none = { added: 0, reactivated: 0, deactivated: 0, changed: 0, renamed: 0 };
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('the same people in any order, some twice, are no effect, and the first delivery to their folder is not held', async () => {
  const outbox = temporaryFolder();
  const server = await serverWith(3, {}, { OUTBOX_DIR: outbox });
  const files = oldFiles(
    [personRow(3), personRow(1, 'p1'), ['An', 'de', 'Oud', 'O', 'x', 'p2'], personRow(2)],
    [roleRow('p2'), roleRow('p3'), roleRow('p1'), roleRow('p1')],
  );
  for (const file of files) writeFileSync(join(outbox, file.split('/').at(-1) ?? ''), readFileSync(file));
  expect(await taken(server, files, [], { OUTBOX_DIR: outbox })).toMatchObject({
    files: [
      { name: 'Users.csv', rows: 3 },
      { name: 'Roles.csv', rows: 3 },
    ],
    read: { persons: 4, roles: 4 },
    known: 3,
    notes: [{ kind: 'same-person', file: 'persons', line: 4, key: 'p2' }],
  });
  expect(await runNow(server)).toMatchObject({
    state: 'delivered',
    reasons: [],
    effect: { persons: { total: 3, ...none }, roles: { total: 3, added: 0, removed: 0 } },
  });
  const archive = join(server.app.config.dataDir, 'archive');
  expect(readdirSync(archive).sort()).toEqual(['1', 'baseline']);
  for (const name of ['Users.csv', 'Roles.csv'])
    expect(readFileSync(join(archive, 'baseline', name))).toEqual(readFileSync(join(outbox, name)));
});

test('the first effect names who is missing, new, changed and renamed, and the guards apply to it', async () => {
  const server = await serverWith(8);
  const files = oldFiles(
    [...numbers(12).map((number) => personRow(number)), ['X', '', 'Y', 'M', 'other@example.nl', 'gone']].slice(1),
    numbers(12).map((number) => roleRow(`p${number}`)),
  );
  const { notes, known } = await taken(server, files);
  expect([known, notes.length]).toEqual([7, 6]); // five persons without an account, and the role of p1, who is not in the file
  await server.post('helloid/update', updateBody('SC-2', { achternaam: 'De Vries' }));
  const run = await runNow(server);
  expect(run).toMatchObject({
    state: 'held',
    reasons: [expect.stringMatching(/5 person\(s\) would be deactivated, of 12/)],
    effect: { persons: { total: 8, added: 1, reactivated: 0, deactivated: 5, changed: 1, renamed: 0 } },
  });
  expect(run.effect.who.deactivated).toContainEqual({ reference: null, key: 'gone' });
});

test('a username that moved on since is confirmed first, and one of the files is not given to somebody else', async () => {
  const server = await serverWith(2);
  await taken(server, oldFiles([personRow(1), personRow(2)], [roleRow('p1'), roleRow('p2')]));
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'married1' }));
  expect((await server.get('accounts/SC-1')).json).toMatchObject({
    pendingUsername: 'married1',
    delivered: { gebruikersnaam: 'p1' },
  });
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { persons: none } });
  await server.post('helloid/delete', updateBody('SC-2', null));
  const reused = await server.post('helloid/create', createBody(9, { gebruikersnaam: 'P2' }));
  expect(reused.json).toMatchObject({ Success: false });
  expect(JSON.stringify(reused.json)).toMatch(/delivered to Spend Cloud before/);
});

test('a change-over: what is imported and compared does in Spend Cloud what the effect says', async () => {
  const dataDir = temporaryFolder();
  const server = await testServer({ environment: { DATA_DIR: dataDir } });
  const old = join(temporaryFolder(), 'SpendCloud.db');
  const email = (number: number) => `p${number}@waterrijk-zorg.example`;
  const usual = (number: number) =>
    oldPerson(String(number), `p${number}`, { achternaam: `Jansen ${number}`, email: email(number) });
  writeOldDatabase(
    old,
    [
      ...numbers(30).map(usual),
      oldPerson('31', 'p31', { achternaam: 'Brink van den', tussenvoegsel: 'van den', email: email(31) }),
      oldPerson(null, 'p32', { email: email(32) }),
    ],
    numbers(32).map((number) => oldRole(`p${number}`)),
  );
  const files = oldFiles(
    [
      ...numbers(30).map((number) => ['Anna', '', `Jansen ${number}`, 'V', email(number), `p${number}`]),
      ['Anna', 'van den', 'Brink van den', 'V', email(31), 'p31'],
      ['Anna', '', 'Jansen', 'V', email(32), 'p32'],
    ],
    numbers(32).map((number) => roleRow(`p${number}`)),
  );
  expect(await spendcloud(dataDir, ['import-legacy', old, ...who])).toMatchObject({ code: 0, errors: '' });
  expect(await taken(server, files)).toMatchObject({ known: 31, notes: [{ kind: 'unknown-person', key: 'p32' }] });
  const { state, effect } = await runNow(server);
  expect([state, effect]).toMatchObject([
    'delivered',
    {
      persons: { total: 31, added: 0, reactivated: 0, deactivated: 1, changed: 1 },
      roles: { total: 31, added: 0, removed: 1 },
    },
  ]);

  const [persons, roles] = files.map((path) => readFileSync(path, 'utf8')) as [string, string];
  const before = importFiles(emptySpendCloud(registeredBy(roles), 'absent'), { persons, roles }).state;
  const outbox = (name: string) => readFileSync(join(dataDir, 'outbox', name), 'utf8');
  const after = importFiles(before, { persons: outbox('Users.csv'), roles: outbox('Roles.csv') });
  expect(after.persons).toEqual({ added: [], reactivated: [], changed: ['p31'], deactivated: ['p32'], errors: [] });
  expect([after.roles.added.length, after.roles.removed.length, after.roles.errors]).toEqual([0, 1, []]);
});

test('with the personnel number as key, rows are matched by it', async () => {
  const columns = [
    { header: 'nummer', field: 'externalId' },
    { header: 'naam', field: 'achternaam' },
  ];
  const roleColumns = [
    { header: 'nummer', field: 'externalId' },
    { header: 'oe', field: 'ou' },
  ];
  const policy = {
    spendCloud: { personKey: 'externalId' },
    files: { persons: { columns }, roles: { columns: roleColumns } },
  };
  const server = await serverWith(2, policy);
  const CONFIG_FILE = join(temporaryFolder(), 'connector.json');
  writeFileSync(CONFIG_FILE, JSON.stringify(policy));
  const folder = temporaryFolder();
  const files = [join(folder, 'a.csv'), join(folder, 'b.csv')] as [string, string];
  writeFileSync(files[0], 'nummer;naam\n2;Jansen 2\n1;Jansen 1\n3;Weg\n');
  writeFileSync(files[1], 'nummer,oe\n1,Thuiszorg Noord\n2,Thuiszorg Noord\n');
  expect(await taken(server, files, [], { CONFIG_FILE })).toMatchObject({ known: 2 });
  expect(await runNow(server)).toMatchObject({
    state: 'delivered',
    effect: { persons: { ...none, deactivated: 1 }, roles: { added: 0, removed: 0 } },
  });
});

test('it is refused once something was delivered or waits for a person, unless --again, and is on record', async () => {
  const server = await serverWith(2);
  const files = oldFiles([personRow(1), personRow(2), personRow(3)], []);
  await taken(server, files);
  await taken(server, files); // before the first delivery it may be repeated
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { persons: { deactivated: 1 } } });
  const before = eventCount(server.app.config.dataDir);
  expect(await baseline(server, files)).toMatchObject({
    code: 2,
    output: '',
    errors: expect.stringMatching(/Run 1 was delivered already.*--again/) as string,
  });
  expect(eventCount(server.app.config.dataDir)).toBe(before);
  await taken(server, files, ['--again']);
  expect(eventCount(server.app.config.dataDir)).toBe(before + 1);
  for (const number of [1, 2]) await server.post('helloid/update', updateBody(`SC-${number}`, {}, []));
  await taken(server, oldFiles([personRow(1), personRow(2)], [roleRow('p1')]), ['--again']);
  expect(await runNow(server)).toMatchObject({
    state: 'held',
    reasons: [expect.stringMatching(/roles file is empty/)],
  });
  expect(await baseline(server, files, ['--again'])).toMatchObject({
    code: 2,
    errors: expect.stringMatching(/Run 2 is held.*discard/) as string,
  });
});

test('a run that waits because of a pause is judged with the files given meanwhile', async () => {
  const server = await serverWith(10);
  await server.post('pause', { by: 'Fenna', reason: 'change-over day' });
  expect(await runNow(server)).toMatchObject({ state: 'waiting', effect: { persons: { added: 10 } } });
  await taken(
    server,
    oldFiles(
      numbers(15).map((number) => personRow(number)),
      numbers(15).map((number) => roleRow(`p${number}`)),
    ),
  );
  await server.post('resume', { by: 'Fenna', reason: 'change-over day' });
  await server.app.daily.settled();
  expect((await server.get('exports/1')).json).toMatchObject({
    state: 'held',
    effect: { persons: { added: 0, deactivated: 5 } },
  });
});

test.each<[string, (folder: string) => void]>([
  ['its manifest is empty', (folder) => writeFileSync(join(folder, '.manifest.json'), '')],
  ['nobody is left in it', (folder) => writeFileSync(join(folder, '.persons.jsonl'), '')],
  ['it ends within a line', (folder) => truncateSync(join(folder, '.persons.jsonl'), 20)],
  ['a file is missing', (folder) => rmSync(join(folder, 'Roles.csv'))],
  ['it is gone', (folder) => rmSync(folder, { recursive: true })],
])('when of the pair delivered last %s, a run fails with the cure, and the cure helps', async (_what, spoil) => {
  const server = await serverWith(2);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  const { dataDir } = server.app.config;
  const folder = join(dataDir, 'archive', '1');
  spoil(folder);
  const failed = await runNow(server);
  expect(failed).toMatchObject({ id: 2, state: 'failed' });
  expect(failed.reasons[0]).toContain(`kept in ${folder} cannot be read`);
  expect(failed.reasons[0]).toMatch(/spendcloud baseline PERSONS\.csv ROLES\.csv --again/);
  const files = ['Users.csv', 'Roles.csv'].map((name) => join(dataDir, 'outbox', name));
  await taken(server, files, ['--again']);
  await server.post('exports/2/retry', { by: 'Fenna', reason: 'mended' });
  await server.app.daily.settled();
  expect((await server.get('exports/2')).json).toMatchObject({ state: 'delivered', effect: { persons: none } });
});

const good = exportCsv(personHeaders, [personRow(1)], ';');

test.each<[string, string | Buffer, RegExp]>([
  ['another delimiter', good.replaceAll(';', ','), /delimiter \[;\] of connector\.json is not in its first line/],
  ['a missing and a foreign column', good.replace('"email"', '"mail"'), /missing: email; not configured: mail/],
  ['a person where the headers belong', good.split('\r\n')[1] ?? '', /the first line has none of them/],
  ['columns in another order', exportCsv(personHeaders.toReversed(), [], ';'), /in the order gebruikersnaam, email/],
  [
    'lines that are too short or too long',
    `${good}"a";"b"\r\n${good.split('\r\n')[1] ?? ''};"x"\r\n`,
    /line 3: 2 value\(s\).*line 4: 7 value\(s\)/,
  ],
  ['a quote that never ends', `${good}"a;b\r\n`, /line 3: a double quote is opened/],
  ['another encoding', Buffer.from(good.replace('Anna', 'Anaïs'), 'latin1'), /not UTF-8/],
  ['nothing in it', '', /the file is empty/],
  ['headers alone', exportCsv(personHeaders, [], ';'), /names nobody/],
])('a persons file with %s is refused, and nothing is recorded', async (_what, content, reason) => {
  const server = await serverWith(1);
  const [persons, roles] = oldFiles([], []);
  writeFileSync(persons, content);
  const before = eventCount(server.app.config.dataDir);
  const { code, output, errors } = await baseline(server, [persons, roles]);
  expect([code, output]).toEqual([1, '']);
  expect(errors).toMatch(reason);
  expect(errors).not.toMatch(/Anna|Anaïs/);
  expect(eventCount(server.app.config.dataDir)).toBe(before);
  expect(server.app.facts.get('delivered-pair')).toBeUndefined();
});

test('a file in a configured narrow encoding is read as such', async () => {
  const policy = { files: { persons: { encoding: 'windows-1252' } } };
  const server = await serverWith(0, policy);
  await server.post('helloid/create', createBody(1, { voornaam: 'Anaïs €' }));
  const CONFIG_FILE = join(temporaryFolder(), 'connector.json');
  writeFileSync(CONFIG_FILE, JSON.stringify(policy));
  const [persons, roles] = oldFiles([], [roleRow('p1')]);
  const text = exportCsv(personHeaders, [['Anaïs €', ...personRow(1).slice(1)]], ';').slice(1);
  writeFileSync(persons, Buffer.from(text.replace('€', '\u0080'), 'latin1'));
  expect(await taken(server, [persons, roles], [], { CONFIG_FILE })).toMatchObject({ known: 1, notes: [] });
  expect(await runNow(server)).toMatchObject({ state: 'delivered', effect: { persons: none } });
});

test('lines that Spend Cloud cannot use are left out and told, and the screen says what comes next', async () => {
  const server = await serverWith(1);
  const files = oldFiles(
    [personRow(1), personRow(7, ''), personRow(8, 'P1'), personRow(9, 'zz')],
    [roleRow('p1'), roleRow('nobody'), roleRow('ZZ')],
  );
  const { code, output, errors } = await baseline(server, files);
  expect([code, errors]).toEqual([0, '']);
  expect(output.split('\n')).toEqual([
    'The next run is compared with 3 person(s) and 2 role(s), of 4 and 3 line(s).',
    '1 person(s) have an account here, 2 have none.',
    '',
    expect.stringMatching(/^2 line\(s\) of people without an account/),
    '  persons line 4: P1',
    '  persons line 5: zz',
    '',
    expect.stringMatching(/^1 line\(s\) that name nobody/),
    '  persons line 3: ',
    '',
    expect.stringMatching(/^1 line\(s\) of a username that stands on another line in other casing/),
    '  persons line 4: P1',
    '',
    expect.stringMatching(/^1 line\(s\) with a role of somebody/),
    '  roles line 3: nobody',
    '',
    'Look at what a delivery would do now: spendcloud export --dry-run',
    '',
  ]);
});
