import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow } from '../actions.ts';
import { contract, createBody, temporaryFolder, testServer, updateBody, type TestServer } from '../helpers.ts';

const delivered = (server: TestServer, name: string) =>
  readFileSync(join(server.app.config.dataDir, 'outbox', name), 'utf8');
const rows = (text: string) => text.split('\r\n').slice(1, -1);

function table(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

const two = [
  contract('1-1', ['Thuiszorg Noord', 'D0310'], ['Teamleider', 'TL-ZORG']),
  contract('1-2', ['Inkoop', 'D0420'], ['Inkoper', 'INK']),
];

test.each([
  ['report', ['"TZ Noord","p1","Teamleider zorg"', '"Inkoop","p1","INK"'], ['unmapped-profile', 'unmapped-unit']],
  ['pass', ['"TZ Noord","p1","Teamleider zorg"', '"Inkoop","p1","INK"'], []],
  ['omit', ['"TZ Noord","p1","Teamleider zorg"'], ['unmapped-profile', 'unmapped-unit']],
] as const)('codes become what is registered in Spend Cloud; unmapped "%s"', async (unmapped, expected, findings) => {
  const unitTable = table('units.csv', 'code;naam\r\nD0310;TZ Noord\r\n');
  const profileTable = table('profiles.csv', '\uFEFFTL-ZORG,"Teamleider zorg"\n');
  const server = await testServer({ policy: { roles: { unitTable, profileTable, unmapped } } });
  await server.post('helloid/create', createBody(1, {}, two));
  const run = await runNow(server);
  expect(run).toMatchObject({ state: 'delivered' });
  expect(rows(delivered(server, 'Roles.csv')).sort()).toEqual([...expected].sort());
  expect(run.findings.map(({ code }) => code).sort()).toEqual(findings);
});

test('two roles that are mapped to the same appear once, and a changed table counts from the next run', async () => {
  const unitTable = table('units.csv', 'D0310,Zorg\nD0420,Zorg\n');
  const profileTable = table('profiles.csv', 'TL-ZORG,Medewerker\nINK,Medewerker\n');
  const server = await testServer({ policy: { roles: { unitTable, profileTable } } });
  await server.post('helloid/create', createBody(1, {}, two));
  await runNow(server);
  expect(rows(delivered(server, 'Roles.csv'))).toEqual(['"Zorg","p1","Medewerker"']);
  writeFileSync(unitTable, 'D0310,Zorg\nD0420,Inkoop\n');
  await runNow(server);
  expect(rows(delivered(server, 'Roles.csv'))).toEqual(['"Inkoop","p1","Medewerker"', '"Zorg","p1","Medewerker"']);
});

test.each<[string, string, RegExp]>([
  ['a line without a value', 'D1,Zorg\nD2\n', /units\.csv line 2: has no second value/],
  ['a code that is mapped twice', 'D1,Zorg\n\nD1,Inkoop\n', /units\.csv line 3/],
  ['an open quote', 'D1,"Zorg\n', /units\.csv line 1: a double quote is opened and never closed/],
])(
  '%s blocks the run, named by file and line, and mending the table lets the next one go',
  async (_what, text, reason) => {
    const unitTable = table('units.csv', text);
    const server = await testServer({ policy: { roles: { unitTable } } });
    await server.post('helloid/create', createBody(1));
    expect(await runNow(server)).toMatchObject({ state: 'blocked', reasons: [expect.stringMatching(reason)] });
    expect((await server.get('health', null)).json).toMatchObject({
      reasons: ['Run 1 is blocked; see /api/exports/1'],
    });
    writeFileSync(unitTable, 'D0310,Zorg\n');
    expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  },
);

test('a table that is gone blocks the run', async () => {
  const unitTable = table('units.csv', 'D0310,Zorg\n');
  const server = await testServer({ policy: { roles: { unitTable } } });
  await server.post('helloid/create', createBody(1));
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  rmSync(unitTable);
  expect(await runNow(server)).toMatchObject({
    state: 'blocked',
    reasons: [expect.stringMatching(/roles\.unitTable/)],
  });
});

const alsoPersons =
  'gebruikersnaam;achternaam;email\r\nZaudit;Auditor;a@kantoor.example\r\nsupport;"De ""Steun""";\r\n';

test('people whom HelloID does not manage go out in their place, with their roles, and count in the effect', async () => {
  const persons = table('also.csv', alsoPersons);
  const roles = table(
    'also-roles.csv',
    'Gebruikersnaam,ou,functiecode\nsupport,Directie,LEZER\nnobody,Directie,LEZER\np1,Extra,BUDGET\n',
  );
  const server = await testServer({ policy: { also: { persons, roles } } });
  await server.post('helloid/create', createBody(1));
  await server.post('helloid/create', createBody(2, { gebruikersnaam: 'zz' }));
  const run = await runNow(server);
  expect(run).toMatchObject({ state: 'delivered', effect: { persons: { total: 4, added: 4 } } });
  const usernames = () => rows(delivered(server, 'Users.csv')).map((row) => row.split(';').slice(5).join(';'));
  expect(usernames()).toEqual(['"Zaudit";', '"p1";', '"support";', '"zz";']);
  expect(delivered(server, 'Users.csv')).toContain('"";"";"De ""Steun""";"";"";"support";\r\n');
  expect(rows(delivered(server, 'Roles.csv'))).toEqual([
    '"Extra","p1","BUDGET"',
    '"Thuiszorg Noord","p1","TL-ZORG"',
    '"Directie","support","LEZER"',
    '"Thuiszorg Noord","zz","TL-ZORG"',
  ]);
  expect(run.findings.map(({ code }) => code).sort()).toEqual(['also-role-without-person', 'empty-email']);
  writeFileSync(persons, alsoPersons.replace(/support.*\r\n/, ''));
  expect(await runNow(server)).toMatchObject({ effect: { persons: { total: 3, deactivated: 1 } } });
  expect(usernames()).toEqual(['"Zaudit";', '"p1";', '"support";"Ja"', '"zz";']);
});

test('a username of also.persons cannot be taken, and where both have a person HelloID decides', async () => {
  const persons = table('also.csv', 'gebruikersnaam,achternaam\nnobody,Leeg\n');
  const server = await testServer({ policy: { also: { persons } } });
  await server.post('helloid/create', createBody(1, { gebruikersnaam: 'auditor' }));
  await server.post('helloid/create', createBody(2));
  writeFileSync(persons, 'gebruikersnaam,achternaam\nAuditor,Extra\n');
  const refused = await server.post('helloid/create', createBody(3, { gebruikersnaam: 'AUDITOR' }));
  expect(refused.json).toMatchObject({ Success: false });
  expect((await server.post('helloid/update', updateBody('SC-2', { gebruikersnaam: 'auditor' }))).json).toMatchObject({
    Success: false,
  });
  expect((await server.post('helloid/update', updateBody('SC-1', { voornaam: 'Bea' }))).json).toMatchObject({
    Success: true,
  });
  const run = await runNow(server);
  expect(run.findings.map(({ code }) => code)).toEqual(['also-in-helloid']);
  expect(rows(delivered(server, 'Users.csv'))).toHaveLength(2);
  await server.post('helloid/disable', updateBody('SC-1', null));
  await runNow(server);
  expect(rows(delivered(server, 'Users.csv'))).toEqual([
    expect.stringMatching(/"auditor";"Ja"$/),
    expect.stringMatching(/"p2";$/),
  ]); // HelloID took the access: the table does not give it back
});

test('where the number is the key, a person of also.persons with the wanted or delivered number of an account stays out', async () => {
  const column = (field: string) => ({ header: field, field });
  const files = {
    persons: { columns: ['externalId', 'achternaam', 'gebruikersnaam'].map(column) },
    roles: { columns: ['externalId', 'ou', 'functiecode'].map(column) },
  };
  const persons = table('also.csv', 'gebruikersnaam,externalId,achternaam\nauditor,900,Leeg\n');
  const server = await testServer({
    policy: { also: { persons }, files, spendCloud: { personKey: 'externalId' }, accounts: { username: 'confirm' } },
  });
  await server.post('helloid/create', createBody(1));
  await server.post('helloid/create', createBody(2));
  const numbers = () => rows(delivered(server, 'Users.csv')).map((row) => row.split(';')[0]);
  expect(await runNow(server)).toMatchObject({ state: 'delivered' });
  expect(numbers()).toEqual(['"900"', '"1"', '"2"']);
  await server.post('helloid/update', updateBody('SC-2', { externalId: '22' }));
  writeFileSync(persons, 'gebruikersnaam,externalId,achternaam\nauditor,1,A\nformer,2,B\nnext,22,C\n');
  const run = await runNow(server);
  expect(run.state).toBe('delivered');
  expect(run.findings.map(({ code }) => code).sort()).toEqual([
    'also-in-helloid',
    'also-in-helloid',
    'also-in-helloid',
    'pending-external-id',
  ]);
  expect(numbers()).toEqual(['"1"', '"2"']);
});

test('people of also.persons alone do not fill a file', async () => {
  const server = await testServer({ policy: { also: { persons: table('also.csv', alsoPersons) } } });
  expect(await runNow(server)).toMatchObject({
    state: 'blocked',
    reasons: [expect.stringMatching(/persons file is empty/)],
  });
});

test.each<[string, string, RegExp]>([
  ['the same person twice', 'gebruikersnaam\na\nA\n', /also\.csv line 3: .*earlier line/],
  ['no username', 'gebruikersnaam,achternaam\n,x\n', /also\.csv line 2: gebruikersnaam is empty/],
  ['no column for it', 'naam\nx\n', /also\.csv line 1: the column\(s\) gebruikersnaam are missing/],
])('also.persons with %s blocks the run', async (_what, text, reason) => {
  const server = await testServer({ policy: { also: { persons: table('also.csv', text) } } });
  await server.post('helloid/create', createBody(1));
  expect(await runNow(server)).toMatchObject({ state: 'blocked', reasons: [expect.stringMatching(reason)] });
});

test.each<[string, RegExp | null]>([
  ['endDate\np1,Directie,LEZER,31-12-2025', /also-roles\.csv line 2: endDate is no date; write 2026-12-31/],
  ['startDate\np1,Directie,LEZER,2026-02-31', /also-roles\.csv line 2: startDate is no date; write 2026-12-31/],
  ['endDate\np1,Directie,LEZER,\np1,Directie,CONTROL,2027-12-31', null],
])('a date of also.roles that cannot be read blocks the run, and none is an open end', async (text, reason) => {
  const roles = table('also-roles.csv', `gebruikersnaam,ou,functiecode,${text}\n`);
  const server = await testServer({ policy: { also: { roles } } });
  await server.post('helloid/create', createBody(1));
  expect(await runNow(server)).toMatchObject(
    reason ? { state: 'blocked', reasons: [expect.stringMatching(reason)] } : { state: 'delivered', reasons: [] },
  );
});
