import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import {
  agentKey,
  contract,
  createBody,
  eventCount,
  operatorKey,
  testServer,
  updateBody,
  viewerKey,
  type TestServer,
} from '../helpers.ts';

/** What is refused is answered with a code and a sentence, and writes nothing. */
async function expectRefusal(
  server: TestServer,
  reply: { status: number; json: never; text: string },
  status: number,
  message: RegExp,
) {
  expect(reply.status, reply.text).toBe(status);
  expect(reply.json).toEqual({ message: expect.stringMatching(message) as string, code: expect.any(String) as string });
  expect((await server.get('accounts')).json).toEqual({ accounts: [], next: null });
  expect(eventCount(server.app.config.dataDir)).toBe(0);
}

/** What a person's data makes impossible is answered with 200, `Success: false` and an audit line. */
async function expectFailure(server: TestServer, body: unknown, message: RegExp) {
  const { status, json, text } = await server.post('helloid/create', body);
  expect(status, text).toBe(200);
  expect(json).toMatchObject({
    Success: false,
    Data: null,
    AuditLogs: [{ Action: 'CreateAccount', IsError: true, Message: expect.stringMatching(message) as string }],
  });
  expect((await server.get('accounts')).json).toEqual({ accounts: [], next: null });
  expect(eventCount(server.app.config.dataDir)).toBe(1);
}

const truncated = '@{Context=; ExternalId=1; Department=}';

test.each<[string, unknown, number, RegExp]>([
  ['no body', '', 400, /no body/],
  ['text that is not JSON', '{"actionContext":', 400, /not JSON/],
  [
    'bytes that are not UTF-8',
    Buffer.from('{"actionContext":{"Data":{"voornaam":"Ren\xe9e"}}}', 'latin1'),
    400,
    /UTF8\.GetBytes/,
  ],
  ['a list', [createBody(1)], 422, /must be a JSON object/],
  ['a number', '5', 422, /must be a JSON object/],
  ['no actionContext', { personContext: null }, 422, /actionContext/],
  ['a truncated actionContext', { actionContext: '@{Data=; DryRun=False}' }, 422, /-Depth/],
  ['truncated data', { actionContext: { Data: '@{externalId=1}' } }, 422, /Data.*-Depth/],
  [
    'a truncated value',
    { actionContext: { Data: { ...createBody(1).actionContext.Data, email: '@{a=1}' } } },
    422,
    /email.*-Depth/,
  ],
  [
    'a truncated person',
    { ...createBody(1), personContext: { Person: '@{Contracts=System.Object[]}' } },
    422,
    /Person.*-Depth/,
  ],
  [
    'truncated contracts',
    { ...createBody(1), personContext: { Person: { Contracts: 'System.Object[]' } } },
    422,
    /Contracts.*-Depth/,
  ],
  ['a truncated contract', createBody(1, {}, [truncated]), 422, /Contracts\.0.*-Depth/],
  [
    'a truncated department',
    createBody(1, {}, [{ ...contract('1'), Department: '@{DisplayName=x}' }]),
    422,
    /Department.*-Depth/,
  ],
  ['an emptied condition', createBody(1, {}, [{ ...contract('1'), Context: '' }]), 422, /Context.*-Depth/],
  ['a list where text belongs', createBody(1, { voornaam: ['Anna'] }), 422, /voornaam must be text/],
  [
    'a number that lost digits',
    JSON.stringify(createBody(1)).replace('"externalId":"1"', '"externalId":12345678901234567890'),
    422,
    /externalId.*send it as text/,
  ],
  [
    'a preview flag that is neither',
    { actionContext: { ...createBody(1).actionContext, DryRun: 'maybe' } },
    422,
    /DryRun must be true or false/,
  ],
  ['a member in two casings', { actionContext: { Data: { voornaam: 'a', Voornaam: 'b' } } }, 422, /voornaam twice/],
])('%s is refused and writes nothing', async (_what, body, status, message) => {
  const server = await testServer();
  await expectRefusal(server, await server.post('helloid/create', body), status, message);
});

test.each([
  ['a form', 'application/x-www-form-urlencoded'],
  ['plain text', 'text/plain'],
  ['no type at all', null],
  ['an unknown charset', 'application/json; charset=klingon'],
])('a body sent as %s is refused', async (_what, type) => {
  const server = await testServer();
  await expectRefusal(
    server,
    await server.post('helloid/create', Buffer.from(JSON.stringify(createBody(1))), { type }),
    415,
    /utf-8/,
  );
});

test.each([
  ['UTF-8 without a charset', 'application/json', 'utf8', ''],
  ['UTF-8 with a byte order mark', 'application/json; charset=utf-8', 'utf8', '\uFEFF'],
  ['a quoted charset in capitals', 'Application/JSON;charset="UTF-8"', 'utf8', ''],
  ['Latin-1 that says so', 'application/json; charset=iso-8859-1', 'latin1', ''],
  ['UTF-16 that says so', 'text/json; charset=utf-16le', 'utf16le', ''],
] as const)('a body in %s is understood', async (_what, type, encoding, start) => {
  const server = await testServer();
  const body = Buffer.from(start + JSON.stringify(createBody(1, { voornaam: 'Renée' })), encoding);
  expect((await server.post('helloid/create', body, { type })).json).toMatchObject({
    Success: true,
    Data: { voornaam: 'Renée' },
  });
});

test('a body over 4 MB is refused with 413, whether it says its length or not', async () => {
  const server = await testServer();
  const large = JSON.stringify(createBody(1, { ignored: 'x'.repeat(5 * 1024 * 1024) }));
  await expectRefusal(server, await server.post('helloid/create', large), 413, /4 MB/);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(large));
      controller.close();
    },
  });
  const headers = { 'x-functions-key': agentKey, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit;
  expect((await fetch(`${server.address}/api/helloid/create`, init)).status).toBe(413);
  expect((await server.get('accounts')).json).toEqual({ accounts: [], next: null });
});

test('who sends far more than is taken, and does not look up while sending, still gets the answer', async () => {
  const server = await testServer();
  const { hostname, port } = new URL(server.address);
  for (const length of ['Content-Length: 33554432', 'Transfer-Encoding: chunked']) {
    const socket = connect(Number(port), hostname);
    const head = `POST /api/helloid/create HTTP/1.1\r\nHost: x\r\nx-functions-key: ${agentKey}\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;
    socket.pause();
    socket.write(length.startsWith('T') ? `${head}2000000\r\n` : head);
    await new Promise((sent) => socket.write(Buffer.alloc(0x2000000), sent));
    const answer = once(socket, 'data'); // only now
    socket.resume();
    expect(String((await answer)[0])).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  }
});

test('a body of just under 4 MB is taken', async () => {
  const server = await testServer();
  const { status } = await server.post(
    'helloid/create',
    createBody(1, { ignored: 'x'.repeat(4 * 1024 * 1024 - 2000) }),
  );
  expect(status).toBe(200);
});

test('a connection that ends within the body writes nothing and the server goes on', async () => {
  const server = await testServer();
  const { port } = new URL(server.address);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        `POST /api/helloid/create HTTP/1.1\r\nHost: x\r\nx-functions-key: ${agentKey}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"actionContext"`,
      );
      setTimeout(() => socket.destroy(), 50);
    });
    socket.on('close', () => resolve());
  });
  expect((await server.post('helloid/create', createBody(1))).json).toMatchObject({ Success: true });
});

test.each([
  ['a missing external id', { externalId: undefined }, /externalId/],
  ['an empty external id', { externalId: '' }, /externalId/],
  ['an empty username', { gebruikersnaam: ' ' }, /gebruikersnaam/],
  ['NUL', { voornaam: 'An\u0000na' }, /voornaam.*U\+0000/],
  ['a control character', { voornaam: 'An\u001bna' }, /voornaam.*U\+001B/],
  ['a lone surrogate', { achternaam: 'x\ud83d' }, /achternaam.*surrogate/],
  ['10,000 characters', { achternaam: 'x'.repeat(10_000) }, /achternaam.*10000 characters/],
])('create with %s fails the action and says which field', async (_what, data, message) => {
  await expectFailure(await testServer(), createBody(1, data), message);
});

test('a department name that cannot be written fails the action, too', async () => {
  await expectFailure(
    await testServer(),
    createBody(1, {}, [contract('1', ['Af\u0007deling', 'D1'])]),
    /unit.*U\+0007/,
  );
});

test("text that the files' encoding cannot hold fails the action", async () => {
  const files = { persons: { encoding: 'windows-1252', bom: false } };
  const server = await testServer({ policy: { files } });
  expect((await server.post('helloid/create', createBody(1, { voornaam: 'Renée €' }))).json).toMatchObject({
    Success: true,
  });
  const { json } = await server.post('helloid/create', createBody(2, { voornaam: 'Łukasz' }));
  expect(json).toMatchObject({
    Success: false,
    AuditLogs: [{ Message: expect.stringMatching(/voornaam.*encoding/) as string }],
  });
});

test('200 characters are accepted, counted as people count them', async () => {
  const server = await testServer();
  expect(
    (await server.post('helloid/create', createBody(1, { achternaam: '\u{1F600}'.repeat(200) }))).json,
  ).toMatchObject({ Success: true });
});

test('quotes, delimiters, tabs and line ends are kept as they are', async () => {
  const server = await testServer();
  const odd = `a"b;c,d\te\r\nf'g\ng`;
  expect((await server.post('helloid/create', createBody(1, { voornaam: odd, achternaam: odd }))).json).toMatchObject({
    Data: { voornaam: odd, achternaam: odd },
  });
});

test('keys in any casing, a bare contract, numbers, typed dates and unknown members are understood', async () => {
  const server = await testServer();
  const { Context, ...rest } = contract('1-1');
  const body = {
    ACTIONCONTEXT: {
      dryrun: 'False',
      data: { EXTERNALID: 100, Email: null, VoorNaam: true, gender: 'V', gebruikersNaam: 'p1', Onbekend: { x: 1 } },
      correlationconfiguration: { enabled: true, personfieldvalue: 100, accountfield: 'ExternalId' },
    },
    personcontext: {
      person: {
        contracts: { ...rest, StartDate: '/Date(1551398400000)/', context: { inconditions: Context.InConditions } },
        Birth: '@{x=1}',
      },
    },
  };
  expect((await server.post('helloid/create', body)).json).toMatchObject({
    Success: true,
    AccountReference: 'SC-100',
    Data: { EXTERNALID: '100', gender: 'V', VoorNaam: 'true', gebruikersNaam: 'p1' },
  });
  expect((await server.get('accounts/SC-100')).json).toMatchObject({
    geslacht: 'V',
    roles: [{ contract: '1-1', startDate: '2019-03-01T00:00:00Z' }],
  });
});

test.each([
  ['no key', null, 401],
  ['a wrong key', 'wrong-key-wrong-key-wrong', 401],
  ["a viewer's key", viewerKey, 403],
])('an action with %s is refused before its body is looked at', async (_what, key, status) => {
  const server = await testServer();
  await expectRefusal(server, await server.post('helloid/create', '{', { key }), status, /key/);
});

test('the agent may act but not read, a viewer may read but not decide', async () => {
  const server = await testServer();
  expect((await server.get('accounts', agentKey)).status).toBe(403);
  expect((await server.get('accounts', viewerKey)).status).toBe(200);
  expect((await server.post('exports', undefined, { key: viewerKey })).status).toBe(403);
  expect((await server.post('helloid/create', createBody(1), { key: operatorKey })).status).toBe(200);
});

test('a client that can send no header may put the key in the address', async () => {
  const server = await testServer();
  expect((await server.get(`accounts?code=${viewerKey}`, null)).status).toBe(200);
  expect((await server.get('accounts?code=nonsense', null)).status).toBe(401);
});

test.each([
  ['limit=0', 422],
  ['limit=501', 422],
  ['limit=ten', 422],
  ['cursor=tampered', 422],
  ['cursor=WzEsMl0', 422],
  ['enabled=perhaps', 422],
  ['stale=-1', 422],
])('a list asked with %s is refused', async (query, status) => {
  const server = await testServer();
  expect((await server.get(`accounts?${query}`)).status).toBe(status);
});

test('unknown addresses, runs, files and references answer 404 as JSON', async () => {
  const server = await testServer();
  for (const path of [
    'nope',
    'accounts/SC-404',
    'exports/1',
    'exports/x',
    'exports/1/files/Users.csv',
    'accounts/%E0%A4%A',
  ]) {
    const { status, json } = await server.get(path);
    expect([path, status]).toEqual([path, path.endsWith('%A') ? 400 : 404]);
    expect(json).toMatchObject({ message: expect.any(String) as string, code: expect.any(String) as string });
  }
});

test('a reference with odd characters is found by its encoded address', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody('a/b c?é', { email: null, gebruikersnaam: 'x' }));
  expect((await server.get(`accounts/${encodeURIComponent('SC-a/b c?é')}`)).json).toMatchObject({
    gebruikersnaam: 'x',
  });
  expect((await server.post('helloid/disable', updateBody('SC-a/b c?é', null))).json).toMatchObject({ Success: true });
});
