import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clockAt, contract, createBody, testServer, updateBody, type TestOptions } from '../helpers.ts';

/** Sends bodies, makes a run and gives its files as text and its ledger row. */
async function dump(
  options: TestOptions,
  bodies: object[],
  between?: (server: Awaited<ReturnType<typeof testServer>>) => Promise<void>,
) {
  const server = await testServer(options);
  for (const body of bodies) expect((await server.post('helloid/create', body)).json).toMatchObject({ Success: true });
  await between?.(server);
  const run = await server.app.daily.runNow();
  await server.app.daily.settled();
  const read = async (name: string) =>
    (await readFile(join(server.app.config.dataDir, 'archive', String(run.id), name))).toString('latin1');
  const ledger = (await server.get(`exports/${run.id}`)).json as {
    state: string;
    findings: { code: string; reference: string }[];
    reasons: string[];
  };
  return { ledger, read, server };
}

test('columns, delimiter, quotes, line ends and encoding are as configured', async () => {
  const format = { delimiter: ',', quote: 'needed', lineEnd: 'lf', encoding: 'windows-1252', bom: false };
  const persons = {
    ...format,
    fileName: 'medewerkers.csv',
    columns: [
      { header: 'Naam', field: 'achternaam' },
      { header: 'Kostenplaats', field: 'kostenplaats' },
      { header: 'Login', field: 'gebruikersnaam' },
    ],
  };
  const roles = {
    ...format,
    fileName: 'rollen.csv',
    columns: [
      { header: 'Login', field: 'gebruikersnaam' },
      { header: 'Contract', field: 'contract' },
      { header: 'Code', field: 'oucode' },
      { header: 'Einde', field: 'endDate' },
    ],
  };
  const policy = { fields: [{ name: 'kostenplaats' }], files: { persons, roles } };
  const contracts = [{ ...contract('1-1'), EndDate: '2027-08-31T00:00:00Z' }, contract('1-2')];
  const { ledger, read } = await dump({ policy }, [
    createBody(1, { achternaam: 'Brié, €\rx', kostenplaats: '310' }, contracts),
  ]);
  expect(ledger.state).toBe('delivered');
  expect(await read('medewerkers.csv')).toBe('Naam,Kostenplaats,Login\n"Bri\xe9, \x80\rx",310,p1\n');
  expect(await read('rollen.csv')).toBe('Login,Contract,Code,Einde\np1,1-1,D0310,2027-08-31\np1,1-2,D0310,\n');
});

test('ended and not yet started contracts are reported, or dropped, by the calendar day in the time zone', async () => {
  const contracts = [
    { ...contract('1', ['Ended', 'D1']), EndDate: '2026-11-22T00:00:00Z' },
    { ...contract('2', ['EndsToday', 'D2']), EndDate: '2026-11-23T00:00:00Z' },
    { ...contract('3', ['EndsTodayInZone', 'D3']), EndDate: '2026-11-22T23:00:00Z' },
    { ...contract('4', ['StartsTomorrow', 'D4']), StartDate: '2026-11-24T00:00:00' },
  ];
  const now = clockAt('2026-11-22T23:30:00Z').now; // already the 23rd in Amsterdam
  const units = async (roles: object) => {
    const { read, ledger } = await dump({ policy: { roles }, now }, [createBody(1, {}, contracts)]);
    return {
      units: [...(await read('Roles.csv')).matchAll(/^"([A-Z]\w+)",/gm)].map((match) => match[1]),
      codes: ledger.findings.map(({ code }) => code).sort(),
    };
  };
  const codes = ['contract-not-started', 'ended-contract'];
  expect(await units({})).toEqual({ units: ['Ended', 'EndsToday', 'EndsTodayInZone', 'StartsTomorrow'], codes });
  expect(await units({ endedContracts: 'drop', notStartedContracts: 'drop' })).toEqual({
    units: ['EndsToday', 'EndsTodayInZone'],
    codes,
  });
});

test('a role without a value that the file needs is left out with a finding', async () => {
  const { read, ledger } = await dump({}, [
    createBody(1, {}, [{ ...contract('1'), Title: { Name: 'Zonder code', Code: 'F118', ExternalId: null } }]),
  ]);
  expect(await read('Roles.csv')).toBe(
    '\xef\xbb\xbf"Organisatorische Eenheid","Gebruikersnaam","Functieprofiel Code"\r\n',
  );
  expect(ledger.findings).toMatchObject([{ code: 'incomplete-role', reference: 'SC-1' }]);
});

test.each([
  ['confirm', 'p1'],
  ['follow', 'new'],
  ['freeze', 'p1'],
] as const)(
  'a changed username of a delivered person goes out as accounts.username "%s" says',
  async (username, expected) => {
    const { server } = await dump({ policy: { accounts: { username } } }, [createBody(1)]);
    await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'new' }));
    await server.app.daily.runNow();
    await server.app.daily.settled();
    expect(await readFile(join(server.app.config.dataDir, 'outbox', 'Users.csv'), 'utf8')).toContain(
      `;"${expected}";\r\n`,
    );
    expect(await readFile(join(server.app.config.dataDir, 'outbox', 'Roles.csv'), 'utf8')).toContain(`,"${expected}",`);
    const pendingUsername = username === 'follow' ? null : 'new';
    expect((await server.get('accounts/SC-1')).json).toMatchObject({
      delivered: { gebruikersnaam: expected },
      pendingUsername,
    });
  },
);

test('a username that changed before anything was delivered goes out as it is now', async () => {
  const { read } = await dump({}, [createBody(1)], async (server) => {
    await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'new' }));
  });
  expect(await read('Users.csv')).toContain(';"new";\r\n');
});

test('an empty persons file is blocked and never delivered', async () => {
  const { ledger, server } = await dump({}, []);
  expect(ledger).toMatchObject({ state: 'blocked', reasons: [expect.stringMatching(/persons file is empty/)] });
  await expect(readFile(join(server.app.config.dataDir, 'outbox', 'Users.csv'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect((await server.get('health')).status).toBe(503);
});

test('a preview shows the files and what would become of them, and leaves nothing', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const { status, json } = await server.post('exports', { dryRun: true });
  expect([status, json]).toMatchObject([
    200,
    {
      becomes: 'delivered',
      files: [
        { name: 'Users.csv', rows: 1 },
        { name: 'Roles.csv', rows: 1 },
      ],
    },
  ]);
  expect((await server.get('exports')).json).toEqual({ exports: [], next: null });
  await expect(readFile(join(server.app.config.dataDir, 'outbox', 'Users.csv'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});
