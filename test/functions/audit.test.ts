import { expect, test } from 'vitest';
import { sqlite3 } from '../command.ts';
import { clockAt, contract, createBody, testServer, updateBody, viewerKey, type TestServer } from '../helpers.ts';

interface Entry {
  entry: number;
  at: string;
  action: string;
  outcome: string;
  reference: string | null;
  externalId: string | null;
  key: string;
  requestId: string | null;
  hash: string;
  changes: { what: string; before: string | null; after: string | null }[];
  messages: string[];
}

interface Page {
  entries: Entry[];
  next: string | null;
}

async function read(server: Pick<TestServer, 'get'>, query = ''): Promise<Page> {
  const { status, json, text } = await server.get(`audit${query}`, viewerKey);
  expect(status, text).toBe(200);
  return json;
}

async function create(server: TestServer, ...numbers: number[]): Promise<void> {
  for (const number of numbers) await server.post('helloid/create', createBody(number));
}

test('the trail is read newest first, by person, by action and by period', async () => {
  const clock = clockAt('2026-10-31T22:59:59.999Z'); // the last millisecond of October in Amsterdam
  const server = await testServer({ now: clock.now });
  await create(server, 1);
  clock.set('2026-10-31T23:00:00.000Z');
  await create(server, 2);
  clock.set('2026-11-02T09:00:00.000Z');
  await server.post('helloid/update', updateBody('SC-1', { externalId: '7' }));
  await server.post('helloid/disable', updateBody('SC-404', {}));
  const entries = async (query: string) => (await read(server, query)).entries.map(({ entry }) => entry);

  expect(await entries('')).toEqual([4, 3, 2, 1]);
  expect(await entries('?reference=SC-1')).toEqual([3, 1]);
  expect(await entries('?reference=SC-404')).toEqual([4]);
  expect(await entries('?externalId=1')).toEqual([1]);
  expect(await entries('?externalId=7&reference=SC-1&action=update')).toEqual([3]);
  expect(await entries('?action=create')).toEqual([2, 1]);
  expect(await entries('?action=create&reference=SC-2')).toEqual([2]);
  expect(await entries('?to=2026-10-31')).toEqual([1]);
  expect(await entries('?from=2026-11-01')).toEqual([4, 3, 2]);
  expect(await entries('?from=2026-11-01&to=2026-11-01')).toEqual([2]);
  expect(await entries('?from=2026-11-02T10:00:00%2B01:00')).toEqual([4, 3]);
  expect(await entries('?from=2026-11-02T10:00:00.001+01:00')).toEqual([]);
  expect(await entries('?action=&reference=&from=&cursor=')).toEqual([4, 3, 2, 1]);
});

test('an entry tells before and after per field and role, and which key and request it was', async () => {
  const server = await testServer();
  await create(server, 1);
  const { headers } = await server.post(
    'helloid/update',
    updateBody('SC-1', { voornaam: 'Bea', tussenvoegsel: 'van' }, [contract('1-1', ['Inkoop', 'I1'])]),
  );
  const [entry] = (await read(server)).entries;
  expect(entry).toMatchObject({
    entry: 2,
    action: 'update',
    outcome: 'updated',
    key: 'AGENT_KEY',
    origin: 'enforcement',
    requestId: headers.get('x-request-id'),
    before: { voornaam: 'Anna' },
    after: { voornaam: 'Bea' },
    changes: [
      { what: 'voornaam', before: 'Anna', after: 'Bea' },
      { what: 'tussenvoegsel', before: null, after: 'van' },
      {
        what: 'role Thuiszorg Noord - TL-ZORG',
        before: expect.stringContaining('contract 1-1, 2019-03-01 to open') as string,
        after: null,
      },
      {
        what: 'role Inkoop - TL-ZORG',
        before: null,
        after: expect.stringContaining('Inkoop (I1), Teamleider zorg') as string,
      },
    ],
  });
});

test('pages stay right while entries arrive, also several in one millisecond', async () => {
  const server = await testServer({ now: clockAt('2026-11-23T10:00:00Z').now });
  await create(server, 1, 2, 3, 4, 5, 6, 7);
  const seen: number[] = [];
  let arriving = 100;
  for (let page = await read(server, '?limit=2'); ;) {
    seen.push(...page.entries.map(({ entry }) => entry));
    if (page.next === null) break;
    await create(server, (arriving += 1));
    page = await read(server, `?limit=2&cursor=${page.next}`);
  }
  expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
});

test.each([
  ['?limit=0', /limit/],
  ['?limit=501', /limit/],
  ['?from=yesterday', /from must be a day/],
  ['?to=2026-02-30', /to must be a day/],
  ['?to=2026-02-30T10:00:00Z', /to must be a day/],
  ['?from=2026-11-01T10:00:00', /with its offset/],
  ['?cursor=abc', /cursor/],
  ['?cursor=WyJ4Il0', /cursor/],
  ['/verify?entry=5', /go together/],
  ['/verify?head=abc&entry=5', /64 hexadecimal digits/],
])('audit%s is refused with a reason', async (query, message) => {
  const { get } = await testServer();
  const { status, json } = await get(`audit${query}`);
  expect([status, json]).toMatchObject([422, { message: expect.stringMatching(message) as string }]);
});

test('CSV for the auditor holds what a spreadsheet takes for a formula harmless, and every entry beyond one page', async () => {
  const server = await testServer({ policy: { accounts: { duplicateEmail: 'report' } } });
  for (let number = 1; number <= 520; number += 40)
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => server.post('helloid/create', createBody(number + index))),
    );
  for (const [index, start] of ['=', '+', '-', '@', '\t', '\r', '\n', '＝'].entries())
    await server.post(
      'helloid/update',
      updateBody(`SC-${index + 1}`, { externalId: `${start}cmd|'/C calc'!A${index}` }),
    );
  await server.post('helloid/update', updateBody('SC-20', { gebruikersnaam: 'a";"b', achternaam: 'één\r\ntwee' }));

  const response = await fetch(`${server.address}/api/audit`, {
    headers: { accept: 'text/csv', 'x-functions-key': viewerKey },
  });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [head = [], ...rows] = parseCsv(bytes.toString().slice(1));
  const records = rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
  expect(records.map((record) => Number(record.entry))).toEqual(Array.from({ length: 529 }, (_, index) => 529 - index));
  expect(records[0]).toMatchObject({
    gebruikersnaam: 'a";"b',
    changes: expect.stringContaining('-> één\r\ntwee') as string,
  });
  const cells = rows.flat();
  expect(cells.filter((cell) => cell.includes('calc') && cell.startsWith("'"))).toHaveLength(8);
  expect(cells.filter((cell) => /^[=+\-@\t\r\n＝]/.test(cell))).toEqual([]);
});

test('CSV follows the filters, and a limit where one is given', async () => {
  const server = await testServer();
  await create(server, 1, 2, 3);
  const lines = async (query: string, accept: string) => {
    const response = await fetch(`${server.address}/api/audit${query}`, {
      headers: { accept, 'x-functions-key': viewerKey },
    });
    return (await response.text()).split('\r\n').filter(Boolean).length;
  };
  expect(await lines('?reference=SC-2', 'text/csv')).toBe(2);
  expect(await lines('?limit=2', 'application/xml, text/csv;q=0.5')).toBe(3);
  expect(await lines('?action=none', 'text/csv')).toBe(1);
  expect(await lines('', 'application/json, text/csv;q=0')).toBe(1); // JSON, on one line
});

test('verify walks the trail of a running server, names the first broken entry, and compares with an earlier head', async () => {
  const server = await testServer();
  await create(server, 1, 2, 3);
  const whole = (await server.get('audit/verify', viewerKey)).json as { head: string };
  expect(whole).toEqual({ ok: true, entries: 3, head: (await read(server)).entries[0]?.hash });
  expect(server.app.audit.head()).toEqual({ entry: 3, hash: whole.head });
  expect((await server.get(`audit/verify?entry=3&head=${whole.head}`)).json).toMatchObject({ ok: true });
  expect((await server.get(`audit/verify?entry=4&head=${whole.head}`)).json).toMatchObject({ ok: false, brokenAt: 4 });

  sqlite3(
    server.app.config.dataDir,
    `DROP TRIGGER audit_detail_keeps_values; UPDATE audit_detail SET detail = 'x' WHERE entry = 2`,
  );
  const answers = await Promise.all([1, 2, 3].map(() => server.get('audit/verify')));
  for (const { json } of answers)
    expect(json).toEqual({ ok: false, brokenAt: 2, reason: expect.stringContaining('entry 2') as string });
  expect((await read(server)).entries.map(({ outcome }) => outcome)).toEqual(['created', 'unreadable', 'created']);
});

test('the trail is for viewers and operators', async () => {
  const server = await testServer();
  for (const path of ['audit', 'audit/verify']) {
    expect((await server.get(path, null)).status).toBe(401);
    expect((await server.get(path, 'agent-key-for-tests-0123456789')).status).toBe(403);
  }
});

/** A reader of RFC 4180 with `;`, so that the test does not lean on the library that wrote it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, value = '', end] of text.matchAll(/"((?:[^"]|"")*)"(;|\r\n)/g)) {
    rows.at(-1)?.push(value.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
