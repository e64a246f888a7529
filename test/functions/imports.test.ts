import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { act, importAll, permissionBody, subPermissionsBody, type ImportPage } from '../actions.ts';
import {
  contract,
  createBody,
  eventCount,
  temporaryFolder,
  testServer,
  updateBody,
  type TestServer,
} from '../helpers.ts';

const page = (server: TestServer, action: string, body: object) =>
  act<ImportPage>(server, action, { actionContext: {}, ...body });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const references = (items: Record<string, unknown>[]) => items.map(({ AccountReference }) => AccountReference);

async function createMany(
  server: TestServer,
  count: number,
  data: (number: number) => Record<string, unknown> = () => ({}),
) {
  await Promise.all(numbers(count).map((number) => act(server, 'create', createBody(number, data(number), []))));
}

function catalogueFile(lines: string): string {
  const path = join(temporaryFolder(), 'rollen.csv');
  writeFileSync(path, `reference,unit,profile,name\n${lines}\n`);
  return path;
}

test('an account is imported with the reference that create returned and only the fields asked for, by their names', async () => {
  const server = await testServer();
  const created = await act<{ AccountReference: string }>(
    server,
    'create',
    createBody(100902, { voornaam: 'Anouk', tussenvoegsel: "'t", achternaam: 'Hart', gebruikersnaam: 'ahart' }),
  );
  await act(server, 'disable', updateBody(created.AccountReference, {}));
  const ImportFields = ['ExternalId', 'gender', 'geslacht', 'TUSSENVOEGSEL', 'onbekend'];
  expect(await page(server, 'import-accounts', { actionContext: { ImportFields } })).toEqual({
    items: [
      {
        AccountReference: created.AccountReference,
        DisplayName: "Anouk 't Hart",
        UserName: 'ahart',
        Enabled: false,
        Data: { ExternalId: '100902', gender: 'V', geslacht: 'V', TUSSENVOEGSEL: "'t", onbekend: null },
      },
    ],
    next: null,
  });
});

test.each([
  ['none is asked for', [], { externalId: '1' }],
  ['it is not asked for', ['email'], { email: null, externalId: '1' }],
  ['one comes without its list', 'email', { email: null, externalId: '1' }],
  [
    'a name comes in two casings',
    ['Email', 'eMail', '__proto__'],
    { Email: null, ['__proto__']: null, externalId: '1' },
  ],
])('the data hold the correlation field also where %s', async (_what, ImportFields, data) => {
  const server = await testServer();
  await act(server, 'create', createBody(1, { email: null }));
  const { items } = await page(server, 'import-accounts', { actionContext: { ImportFields } });
  expect(JSON.stringify(items[0]?.Data)).toBe(JSON.stringify(data));
});

test('without ImportFields every field is there, those of connector.json too', async () => {
  const server = await testServer({ policy: { fields: [{ name: 'kostenplaats' }] } });
  await act(server, 'create', createBody(1, { kostenplaats: '310' }));
  expect((await page(server, 'import-accounts', {})).items[0]?.Data).toEqual({
    externalId: '1',
    email: 'p1@waterrijk-zorg.example',
    voornaam: 'Anna',
    tussenvoegsel: null,
    achternaam: 'Jansen 1',
    gebruikersnaam: 'p1',
    geslacht: 'V',
    kostenplaats: '310',
  });
});

test('names are cut at 100 characters without halving one, and are never empty', async () => {
  const server = await testServer();
  await act(
    server,
    'create',
    createBody(1, { voornaam: 'x'.repeat(99), achternaam: '\u{1F600}y', gebruikersnaam: 'u'.repeat(101) }),
  );
  await act(server, 'create', createBody(2, { voornaam: ' ', tussenvoegsel: null, achternaam: null }));
  const items = await importAll(server, 'import-accounts');
  const [long, nameless] = items.toSorted((a, b) =>
    String(a.AccountReference).localeCompare(String(b.AccountReference)),
  );
  expect(long).toMatchObject({ DisplayName: 'x'.repeat(99), UserName: 'u'.repeat(100) });
  expect(nameless).toMatchObject({ DisplayName: 'SC-2', UserName: 'p2' });
  await act(server, 'update', updateBody('SC-1', { voornaam: 'x'.repeat(97), achternaam: 'y\u{1F600}' }));
  const [cut] = (await importAll(server, 'import-accounts')).filter(
    ({ AccountReference }) => AccountReference === 'SC-1',
  );
  expect(cut?.DisplayName).toBe(`${'x'.repeat(97)} y`);
});

test('pages hold every living account once, also where accounts come, go and change between them', async () => {
  const server = await testServer();
  await createMany(server, 60);
  await act(server, 'delete', updateBody('SC-60', null));
  const seen: unknown[] = [];
  let cursor: string | null = null;
  let round = 0;
  do {
    const { items, next }: ImportPage = await page(server, 'import-accounts', { cursor, pageSize: 7 });
    expect(items.length).toBeLessThanOrEqual(7);
    seen.push(...references(items));
    cursor = next;
    round += 1;
    const gone = `SC-${50 + round}`;
    await act(
      server,
      'update',
      updateBody(`SC-${round}`, { externalId: `moved-${round}`, gebruikersnaam: `a${round}` }),
    );
    await act(server, 'create', createBody(1000 + round, {}, []));
    if (round <= 5) await act(server, 'delete', updateBody(gone, null));
  } while (cursor !== null);
  const kept = numbers(50).map((number) => `SC-${number}`);
  expect(new Set(seen).size).toBe(seen.length);
  expect(kept.filter((reference) => !seen.includes(reference))).toEqual([]);
  expect(seen).not.toContain('SC-60');
});

test('a page holds 500 accounts unless fewer are asked for, and no more than 1 MB', async () => {
  const server = await testServer();
  const wide = '\u{1F600}'.repeat(200);
  await createMany(server, 620, (number) => ({
    voornaam: wide,
    tussenvoegsel: wide,
    achternaam: wide,
    email: `${number}${'é'.repeat(150)}`,
  }));
  const first = await page(server, 'import-accounts', { actionContext: { ImportFields: [] }, pageSize: '500' });
  expect(first.items).toHaveLength(500);
  expect(
    (await page(server, 'import-accounts', { actionContext: { ImportFields: [] }, cursor: first.next })).items,
  ).toHaveLength(120);
  const full = await server.post('helloid/import-accounts', { actionContext: {} });
  expect(Buffer.byteLength(full.text)).toBeLessThanOrEqual(1_000_000);
  expect((full.json as ImportPage).items.length).toBeLessThan(500);
  expect(new Set(references(await importAll(server, 'import-accounts'))).size).toBe(620);
});

test('static roles are imported by catalogue line, in batches of 500 references', async () => {
  const catalogue = catalogueFile('approver,Staf,FIAT,Fiatteur\nreader,Zorg,LEZER,\nunused,Zorg,X,X');
  const server = await testServer({ policy: { roles: { catalogue } } });
  await createMany(server, 502);
  await Promise.all(
    numbers(502).map((number) => act(server, 'grant-permission', permissionBody('approver', `SC-${number}`))),
  );
  await act(server, 'grant-permission', permissionBody('reader', 'SC-7'));
  await act(server, 'delete', updateBody('SC-502', null));
  const [first, second, third, ...more] = await importAll(server, 'import-permissions', {
    kind: 'static',
    pageSize: 1,
  });
  expect(more).toEqual([]);
  const approver = {
    PermissionReference: { Reference: 'approver' },
    Description: 'Rol FIAT op Staf',
    DisplayName: 'Fiatteur',
  };
  expect([first, second]).toMatchObject([approver, approver]);
  const [some, others] = [first?.AccountReferences, second?.AccountReferences] as string[][];
  expect([some?.length, others?.length]).toEqual([500, 1]);
  expect(new Set([...(some ?? []), ...(others ?? [])])).toEqual(new Set(numbers(501).map((number) => `SC-${number}`)));
  expect(third).toEqual({
    PermissionReference: { Reference: 'reader' },
    Description: 'Rol LEZER op Zorg',
    DisplayName: 'Zorg - LEZER',
    AccountReferences: ['SC-7'],
  });
  expect(await importAll(server, 'import-permissions', { kind: 'static' })).toEqual([first, second, third]);
});

test('a static role whose line is gone is not imported, because the list no longer holds it', async () => {
  const catalogue = catalogueFile('approver,Staf,FIAT,Fiatteur\nreader,Zorg,LEZER,Lezer');
  const server = await testServer({ policy: { roles: { catalogue } } });
  await act(server, 'create', createBody(1));
  for (const permission of ['approver', 'reader']) await act(server, 'grant-permission', permissionBody(permission));
  writeFileSync(catalogue, 'reference,unit,profile,name\nreader,Zorg,LEZER,Lezer\n');
  expect(await importAll(server, 'import-permissions', { kind: 'static' })).toMatchObject([{ DisplayName: 'Lezer' }]);
});

test('roles per contract are imported as sub-permissions, and their holders under the one permission', async () => {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  const noord = contract('a');
  const inkoop = contract('b', ['Inkoop & Facilitair', 'D0420'], ['Medewerker inkoop', 'INK-MED']);
  for (const number of [1, 2, 3]) await act(server, 'create', createBody(number));
  await act(server, 'sub-permissions', subPermissionsBody('grant', [noord, inkoop, contract('c')]));
  await act(server, 'sub-permissions', subPermissionsBody('grant', [inkoop], { account: 'SC-2' }));
  const permission = {
    PermissionReference: { Reference: 'contract-roles' },
    Description: 'Spend Cloud rollen - per contract',
    DisplayName: 'Spend Cloud rollen - per contract',
  };
  const both = expect.toSatisfy((found: string[]) => found.toSorted().join() === 'SC-1,SC-2') as string[];
  for (const pageSize of [1, 500])
    expect(await importAll(server, 'import-sub-permissions', { pageSize })).toEqual([
      {
        ...permission,
        AccountReferences: ['SC-1'],
        SubPermissionReference: { Id: 'D0310|TL-ZORG' },
        SubPermissionDisplayName: 'Thuiszorg Noord - TL-ZORG',
      },
      {
        ...permission,
        AccountReferences: both,
        SubPermissionReference: { Id: 'D0420|INK-MED' },
        SubPermissionDisplayName: 'Inkoop & Facilitair - INK-MED',
      },
    ]);
  expect(await importAll(server, 'import-permissions', { kind: 'dynamic' })).toEqual([
    { ...permission, AccountReferences: both },
  ]);
});

test('the holders of roles per contract come in batches of 500, too', async () => {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  await createMany(server, 503);
  await Promise.all(
    numbers(503).map((number) =>
      act(
        server,
        'sub-permissions',
        subPermissionsBody('grant', [contract('a'), contract('b')], { account: `SC-${number}` }),
      ),
    ),
  );
  for (const [action, body] of [
    ['import-permissions', { pageSize: 1 }],
    ['import-sub-permissions', { pageSize: 1 }],
    ['import-sub-permissions', {}],
  ] as const) {
    const items = await importAll(server, action, body);
    const batches = items.map(({ AccountReferences }) => AccountReferences as string[]);
    expect(batches.map((batch) => batch.length)).toEqual([500, 3]);
    expect(new Set(batches.flat()).size).toBe(503);
  }
});

test('in role mode "account" the dynamic lists and imports are empty', async () => {
  const before = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  await act(before, 'create', createBody(1));
  await act(before, 'sub-permissions', subPermissionsBody('grant', [contract('a')]));
  const server = await testServer({ environment: { DATA_DIR: before.app.config.dataDir } });
  for (const action of ['import-permissions', 'import-sub-permissions'])
    expect(await page(server, action, { kind: 'dynamic' })).toEqual({ items: [], next: null });
  expect(await act(server, 'permissions', { actionContext: {}, kind: 'dynamic' })).toEqual({ Permissions: [] });
});

test('an import is a read and leaves no event', async () => {
  const server = await testServer();
  await act(server, 'create', createBody(1));
  for (const action of ['import-accounts', 'import-permissions', 'import-sub-permissions', 'permissions'])
    await page(server, action, { kind: 'static' });
  expect(eventCount(server.app.config.dataDir)).toBe(1);
});

test('a cursor that was changed, or is that of another list, is refused', async () => {
  const server = await testServer({ policy: { roles: { assignedBy: 'permissions' } } });
  for (const number of [1, 2]) {
    await act(server, 'create', createBody(number));
    const account = `SC-${number}`;
    await act(
      server,
      'sub-permissions',
      subPermissionsBody('grant', [contract('a'), contract('b', ['X', 'X'])], { account }),
    );
  }
  const { next } = await page(server, 'import-accounts', { pageSize: 1 });
  const other = await page(server, 'import-sub-permissions', { pageSize: 1 });
  const [position = '', check = ''] = (next ?? '').split('.');
  const moved = Buffer.from(String(Number(Buffer.from(position, 'base64url').toString()) + 1)).toString('base64url');
  const tampered = [
    `${moved}.${check}`,
    position,
    `${position}.`,
    `${next ?? ''}x`,
    ` ${next ?? ''}`,
    `.${check}`,
    'W10',
    '5',
    'null',
    other.next,
    { a: 1 },
    [next],
  ];
  for (const cursor of tampered) {
    const { status, json } = await server.post('helloid/import-accounts', { actionContext: {}, cursor });
    expect([cursor, status, json]).toEqual([
      cursor,
      422,
      { code: 'impossible', message: expect.stringContaining('cursor') as string },
    ]);
  }
  for (const action of ['import-permissions', 'import-sub-permissions'])
    expect((await server.post(`helloid/${action}`, { actionContext: {}, cursor: next })).status).toBe(422);
});

test.each([0, 501, -1, 1.5, 'ten', true, {}, '1e2'])('a page size of %s is refused', async (pageSize) => {
  const server = await testServer();
  const { status, json } = await server.post('helloid/import-accounts', { actionContext: {}, pageSize });
  expect([status, json]).toEqual([422, { code: 'impossible', message: expect.stringContaining('1 to 500') as string }]);
});
