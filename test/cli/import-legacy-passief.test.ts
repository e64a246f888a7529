import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { ImportReport } from '../../cli/legacy-report.ts';
import { createBody, temporaryFolder, testServer } from '../helpers.ts';
import { employee, oldLife, type OldLife } from '../legacy/old-life.ts';
import { spendcloud, type Outcome } from './command.ts';

const who = ['--by', 'Fenna', '--reason', 'change-over day'];

function listOf(life: OldLife): string {
  const path = join(temporaryFolder(), 'references.csv');
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = life.references().map(({ externalId, reference }) => `${externalId},${quoted(reference)},Granted`);
  writeFileSync(path, ['externalId,reference,status', ...lines].join('\n'));
  return path;
}

async function taken(
  dataDir: string,
  life: OldLife,
  ...words: string[]
): Promise<Omit<Outcome, 'json'> & { json: ImportReport }> {
  return await spendcloud(dataDir, ['import-legacy', life.path, '--json', ...who, ...words]);
}

function accountsIn(dataDir: string): unknown[] {
  const db = new Database(join(dataDir, 'spendcloud.db'), { readonly: true });
  onTestFinished(() => void db.close());
  return db
    .prepare(
      `SELECT external_id AS number, reference, enabled, deleted_at IS NOT NULL AS deleted, delivered_username AS delivered,
         deleted_at IS delivered_at AND delivered_run IS 0 AS closed,
         (SELECT count(*) FROM delivered_usernames WHERE account = accounts.id) AS names,
         (SELECT count(*) FROM roles WHERE account = accounts.id) AS roles
       FROM accounts ORDER BY external_id`,
    )
    .all();
}

const active = { enabled: 1, deleted: 0, delivered: null, closed: 0, names: 0, roles: 1 };
const passive = { enabled: 0, deleted: 1, closed: 1, names: 1, roles: 0 };

/** 1 works, 2 left, and 3 came back and waits for the update that would open the account again. */
function aLife(): OldLife {
  const life = oldLife('2.0.5');
  for (const [number, username] of [
    ['1', 'p1'],
    ['2', 'p2'],
    ['3', 'p3'],
  ] as const)
    life.create(employee(number, username));
  life.leave('2');
  life.leave('3');
  life.create(employee('3', 'p3'));
  return life;
}

test('passive people come over as deleted, known to Spend Cloud by their username, and a return revives the same reference', async () => {
  const dataDir = temporaryFolder();
  const life = aLife();
  const { code, json } = await taken(dataDir, life);
  expect([code, json]).toMatchObject([
    0,
    { imported: 3, of: { active: 1, passive: 2 }, passief: { active: 1, passive: 2, other: 0 }, list: 'missing' },
  ]);
  expect(accountsIn(dataDir)).toEqual([
    { number: '1', reference: 'p1', ...active },
    { number: '2', reference: 'p2', ...passive, delivered: 'p2' },
    { number: '3', reference: 'p3', ...passive, delivered: 'p3' },
  ]);
  expect((await taken(dataDir, life)).json).toMatchObject({ imported: 0, importedBefore: 3, notes: [] });

  const server = await testServer({ environment: { DATA_DIR: dataDir } });
  expect((await server.get('accounts/p2')).json).toMatchObject({
    history: [
      {
        outcome: 'imported',
        messages: [expect.stringMatching(/as deleted: passive in the earlier connector/), expect.anything()],
      },
    ],
  });
  // somebody else does not get the name, and who returns gets the account back
  const other = await server.post('helloid/create', createBody(9, { gebruikersnaam: 'P2' }));
  expect(other.json).toMatchObject({ Success: false });
  const back = await server.post('helloid/create', createBody(2));
  expect(back.json).toMatchObject({ Success: true, AccountReference: 'p2' });
});

test('with the list of HelloID a passive person who is granted comes over as active and is named, also after a run without it', async () => {
  const dataDir = temporaryFolder();
  const life = aLife();
  await taken(dataDir, life);
  const { code, json } = await taken(dataDir, life, '--references', listOf(life));
  expect(code).toBe(0);
  expect(json).toMatchObject({ corrected: 1, importedBefore: 2, list: 'complete' });
  expect(json.lists.grantedOnlyPassive).toEqual([{ row: 3, externalId: '3', username: 'p3' }]);
  expect(accountsIn(dataDir).slice(1)).toMatchObject([
    { number: '2', deleted: 1 },
    { number: '3', reference: 'p3', enabled: 1, deleted: 0 },
  ]);
});

test('whom HelloID does not hold is named and waits for a decision, and is disabled by choice, once and for all', async () => {
  const dataDir = temporaryFolder();
  const life = oldLife('2.0.3');
  life.create(employee('1', 'p1'));
  life.create(employee('2', 'p2'));
  life.leave('2');
  const list = ['--references', listOf(life)];
  const asked = await taken(dataDir, life, ...list);
  expect([asked.code, asked.json.lists.unknownToHelloId]).toEqual([3, [{ row: 2, externalId: '2', username: 'p2' }]]);
  expect(accountsIn(dataDir)).toMatchObject([{ enabled: 1 }, { enabled: 1 }]);

  const kept = await taken(dataDir, life, ...list, '--unknown', 'keep');
  expect([kept.code, kept.json.corrected]).toEqual([0, 0]);
  const disabled = await taken(dataDir, life, ...list, '--unknown', 'disable');
  expect([disabled.code, disabled.json.corrected]).toEqual([0, 1]);
  expect(accountsIn(dataDir)).toMatchObject([{ enabled: 1 }, { enabled: 0 }]);
  await taken(dataDir, life, ...list);
  expect(accountsIn(dataDir)).toMatchObject([{ enabled: 1 }, { enabled: 0 }]);
});

test('what a person must decide is on the screen by name with the cure, and the exit code is 3, in a dry run too', async () => {
  const life = oldLife('2.0.5');
  const anna = employee('1', 'anna');
  life.create(anna);
  life.create({ ...anna, number: '2' });
  life.create({ ...employee('3', 'cato'), email: "c.o'brien@waterrijk-zorg.example" });
  life.create(employee('4', 'dirk'));
  life.leave('4');
  life.byHand(
    "ALTER TABLE persons ADD COLUMN kostenplaats TEXT; UPDATE persons SET kostenplaats = 'K1' WHERE externalId <> '1'",
  );
  const words = ['import-legacy', life.path, '--references', listOf(life), '--dry-run'];
  const { code, output } = await spendcloud(temporaryFolder(), words);
  expect(code).toBe(3);
  expect(output).toMatch(/written by release 2\.0\.5/);
  expect(output).toMatch(
    /LEFT OUT until you decide: 2\..*deactivate them.*\n {2}persons row 1 \(number 1, username anna\)\n {2}persons row 2/,
  );
  expect(output).toMatch(
    /username anna: row 1 number 1, active, held by HelloID; row 2 number 2, active, held by HelloID/,
  );
  expect(output).toMatch(
    /no row at all: 1\..*unmanage each.*\n {2}references line 4 \(number 3, reference cato\): 1 role\(s\) under it/,
  );
  expect(output).toMatch(
    /unknown-column: 1 row\(s\).*\n {2}persons row 2: column kostenplaats holds values in 2 row\(s\), this the first/,
  );
  expect(output).toMatch(/rows of persons: ask 2, taken-over 1\.\nWhat becomes of HelloID's references: unmanage 3\./);
  expect(output).toMatch(/A person must decide/);
});

test('roles of passive people and under several usernames at once are left out and counted', async () => {
  const life = aLife();
  life.byHand(
    `INSERT INTO roles VALUES ('p2', 'Zorg', 'Leider', 'D1', 'F1', datetime()), ('p1 p1', 'Zorg', 'Leider', 'D1', 'F1', datetime())`,
  );
  const { json } = await taken(temporaryFolder(), life);
  expect(json.summary).toMatchObject({ 'passive-role': { count: 1, leftOut: true }, 'array-role': { count: 1 } });
  expect(json.roles).toBe(1);
});

test('an array that HelloID holds as reference is told and given to nobody', async () => {
  const dataDir = temporaryFolder();
  const life = oldLife('2.0.5');
  const anna = { ...employee('1', 'anna'), contracts: [] };
  life.create(anna, { correlation: false });
  life.create(anna, { correlation: false });
  life.create(anna);
  const { json } = await taken(dataDir, life, '--references', listOf(life));
  expect(json.outcomes.references).toMatchObject([
    { reference: '["anna","anna"]', outcome: { kind: 'unmanage', why: 'array-reference' } },
  ]);
  expect(accountsIn(dataDir)).toMatchObject([{ reference: 'SC-1', enabled: 1 }]);
});

test('a list that knows none of the numbers is refused, because it would make everybody unknown', async () => {
  const dataDir = temporaryFolder();
  const life = aLife();
  const other = oldLife('2.0.5');
  other.create(employee('0001', 'p1'));
  const { code, errors } = await taken(dataDir, life, '--references', listOf(other));
  expect([code, errors]).toEqual([1, expect.stringMatching(/holds none of the numbers in the old database/)]);
});

test('the database of V1 is read: other columns, no roles, and the number as reference', async () => {
  const dataDir = temporaryFolder();
  const path = join(temporaryFolder(), 'SpendCloud.db');
  const db = new Database(path);
  db.exec(
    `CREATE TABLE persons (externalId VARCHAR(100) PRIMARY KEY, email TEXT, achternaam TEXT, voornamen TEXT, adfs_login TEXT);
     INSERT INTO persons VALUES ('1001', 'a@waterrijk-zorg.example', 'Jansen', 'Anna', 'a.jansen')`,
  ).close();
  const { code, json } = await spendcloud(dataDir, ['import-legacy', path, '--json', ...who]);
  expect([code, json]).toMatchObject([0, { imported: 1, recognised: { release: 'V1' }, passief: null, notes: [] }]);
  const server = await testServer({ environment: { DATA_DIR: dataDir } });
  expect((await server.get('accounts/1001')).json).toMatchObject({ gebruikersnaam: 'a.jansen', voornaam: 'Anna' });
});
