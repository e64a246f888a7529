import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../functions/routes.ts';
import { buildServer, closeServer } from '../server/server.ts';
import { openApp } from '../shared/app.ts';
import type { Log } from '../shared/log.ts';
import { databasePath } from '../shared/store/open.ts';
import { sqlite3 } from './command.ts';
import {
  agentKey,
  client,
  clockAt,
  contract,
  createBody,
  temporaryFolder,
  testConfig,
  updateBody,
  type TestServer,
} from './helpers.ts';
import { runNode, startProgram } from './process.ts';

// Every secret and every personal value below holds this mark.
const mark = 'geheim';

const keys = {
  AGENT_KEY: 'geheim-agent-key-0123456789',
  VIEWER_KEY: 'geheim-viewer-key-0123456789',
  OPERATOR_KEY: 'geheim-operator-key-0123456789',
};

/** Nobody listens at any of these addresses. */
const secrets = {
  ...keys,
  DELIVERY: 'sftp',
  SFTP_HOST: '127.0.0.1',
  SFTP_PORT: '1',
  SFTP_USERNAME: 'spendcloud',
  SFTP_PASSWORD: 'geheim-wachtwoord',
  SFTP_HOST_KEY: `SHA256:${'A'.repeat(43)}`,
  BACKUP_BLOB_CONNECTION:
    'DefaultEndpointsProtocol=http;AccountName=x;AccountKey=Z2VoZWlt;BlobEndpoint=http://127.0.0.1:1/geheim',
  NOTIFY_WEBHOOK_URL: 'http://127.0.0.1:1/geheim',
  SMTP_URL: 'smtp://geheim:geheim@127.0.0.1:1',
  NOTIFY_EMAIL: 'geheim@waterrijk-zorg.example',
};

/** A person of whom everything but the number is marked. */
function person(number: number) {
  const data = {
    voornaam: 'Geheim',
    tussenvoegsel: 'geheim',
    achternaam: `Geheim ${number}`,
    email: `geheim.${number}@waterrijk-zorg.example`,
    gebruikersnaam: `geheim.${number}`,
    geslacht: 'geheim',
  };
  const body = createBody(number, data, [contract(`geheim-${number}`, ['Geheim', 'geheim'], ['Geheim', 'geheim'])]);
  Object.assign(body.actionContext, { Configuration: { url: 'geheim', key: 'geheim' } });
  Object.assign(body.personContext.Person, { DisplayName: 'Geheim', Custom: { geheim: 'geheim' } });
  return body;
}

type Api = Pick<TestServer, 'get' | 'post'>;

/** Calls every route: as it should be, with marked values where they may stand, with a wrong key, and with bodies that are refused. Gives the number of calls. */
async function callEverything({ get, post }: Api): Promise<number> {
  const why = { by: 'Geheim', reason: 'geheim' };
  const right = (scope: string) =>
    scope === 'agent' ? keys.AGENT_KEY : scope === 'viewer' ? keys.VIEWER_KEY : keys.OPERATOR_KEY;
  let calls = 0;
  const count = async (reply: Promise<unknown>) => {
    await reply;
    calls += 1;
  };
  for (const number of [1, 2]) await count(post('helloid/create', person(number), { key: keys.AGENT_KEY }));
  for (const { method, path, scope } of routes) {
    for (const value of ['SC-1', '1', 'geheim']) {
      const address = path.replace(/\{\w+\}/g, value);
      const query =
        '?search=geheim&reference=geheim&externalId=geheim&cursor=geheim&limit=geheim&from=geheim&head=geheim';
      if (method === 'GET') {
        await count(get(address, right(scope)));
        await count(get(`${address}${query}`, right(scope)));
        await count(get(`${address}?code=geheim`, null));
        await count(get(address, 'geheim'));
        continue;
      }
      const bodies: unknown[] = [
        person(3),
        {
          ...updateBody('SC-1', { voornaam: 'Geheimer', email: 'geheim.2@waterrijk-zorg.example' }),
          ...why,
          externalId: 'geheim',
        },
        { actionContext: { Data: '@{voornaam=geheim}' }, ...why },
        {
          actionContext: { Data: { voornaam: 'geheim\u0000', externalId: 'g'.repeat(300), gebruikersnaam: 'geheim' } },
        },
        {
          actionContext: {
            References: { Account: 'geheim' },
            CorrelationConfiguration: { Enabled: true, AccountField: 'geheim', PersonFieldValue: 'geheim' },
          },
        },
        '{"actionContext": geheim',
        '["geheim"]',
      ];
      for (const body of bodies) await count(post(address, body, { key: right(scope) }));
      await count(post(address, bodies[0], { key: 'geheim' }));
      await count(post(address, 'geheim', { key: right(scope), type: 'text/geheim' }));
    }
  }
  return calls;
}

test('nothing that is secret or personal reaches the log, whatever is asked and whatever fails', async () => {
  const lines: string[] = [];
  const write = (level: string) => (facts: object, message: string) =>
    void lines.push(JSON.stringify({ level, ...facts, message }));
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const policy = { roles: { assignedBy: 'permissions' }, fields: [{ name: 'geheim' }] };
  const app = await openApp(testConfig({ environment: secrets, policy }), { log, now: clock.now });
  onTestFinished(() => app.close());
  const server = buildServer(app, routes);
  const api = client(await server.listen({ host: '127.0.0.1', port: 0 }));
  onTestFinished(() => closeServer(server));

  const calls = await callEverything(api);
  await app.daily.settled();
  expect(lines.filter((line) => line.includes('"message":"call"'))).toHaveLength(calls);

  clock.set('2026-11-24T06:00:00.000Z');
  if (app.daily.paused()) await app.daily.resume({ by: 'Geheim', reason: 'geheim' });
  const run = await app.daily.runNow(); // held, because it would be the first to an SFTP server
  await app.daily.settled();
  await api.post(`exports/${run.id}/release`, { by: 'Geheim', reason: 'geheim' }, { key: keys.OPERATOR_KEY });
  await app.tick(); // neither the far side nor the container can be reached
  expect(lines.filter((line) => line.includes('run failed while delivering')).length).toBeGreaterThan(0);
  expect(lines.filter((line) => line.includes('backup failed'))).toHaveLength(1);

  const { dataDir } = app.config;
  sqlite3(dataDir, 'ALTER TABLE accounts RENAME TO away');
  const faults = await callEverything(api);
  sqlite3(dataDir, 'ALTER TABLE away RENAME TO accounts');
  expect(faults).toBe(calls);
  expect(lines.filter((line) => line.includes('"code":"fault"')).length).toBeGreaterThan(10);

  const holder = new Database(databasePath(dataDir));
  onTestFinished(() => void holder.close());
  holder.exec('BEGIN IMMEDIATE');
  const busy = await api.post('helloid/create', person(7), { key: keys.AGENT_KEY });
  expect(busy.status).toBe(503);
  holder.exec('ROLLBACK');

  expect(lines.filter((line) => line.toLowerCase().includes(mark) || line.includes('Z2VoZWlt'))).toEqual([]);
});

test('the same of the whole program, with everything it prints', async () => {
  const DATA_DIR = temporaryFolder();
  const config = join(temporaryFolder(), 'connector.json');
  writeFileSync(join(DATA_DIR, 'persons.csv'), 'gebruikersnaam;voornaam\ngeheim.9;Geheim;Geheim\n"geheim.9;Geheim\n');
  writeFileSync(config, JSON.stringify({ also: { persons: join(DATA_DIR, 'persons.csv') } }));
  const program = await startProgram(DATA_DIR, { ...secrets, CONFIG_FILE: config, LOG_LEVEL: 'trace' });
  const calls = await callEverything(program);
  const { port } = new URL(program.address);
  const socket = connect(Number(port), '127.0.0.1');
  socket.resume().end('geheim /api/geheim HTTP/1.1\r\nx-functions-key: geheim\r\n\r\n');
  await once(socket, 'close');
  await program.get('geheim', 'geheim');
  await expect.poll(() => program.output(), { timeout: 20_000 }).toMatch(/"run":/);
  sqlite3(DATA_DIR, 'ALTER TABLE accounts RENAME TO away');
  await program.post('helloid/create', person(9), { key: keys.AGENT_KEY });
  await program.end('SIGTERM');
  const output = program.output();
  expect(output.match(/"msg":"call"/g)).toHaveLength(calls + 1);
  expect(output).toMatch(/"code":"fault"/);
  expect(output.split('\n').filter((line) => line.toLowerCase().includes(mark) || line.includes('Z2VoZWlt'))).toEqual(
    [],
  );
});

test.each<[string, Record<string, string>, (folder: string) => void]>([
  [
    'wrong settings',
    {
      AGENT_KEY: 'geheim',
      SFTP_PRIVATE_KEY: 'geheim',
      SFTP_HOST_KEY: 'SHA256:short',
      BACKUP_BLOB_CONNECTION: 'geheim',
      NOTIFY_WEBHOOK_URL: 'geheim',
      SMTP_URL: 'http://geheim@geheim',
      NOTIFY_EMAIL: 'geheim',
    },
    () => undefined,
  ],
  [
    'a keys file that is none',
    keys,
    (folder) => writeFileSync(join(folder, 'keys.json'), '{"keys": [{"name": "geheim", "sha256": "geheim"'),
  ],
  ['a database that is none', keys, (folder) => writeFileSync(databasePath(folder), 'geheim '.repeat(1000))],
])('a start that fails for %s shows nothing of it', async (_what, environment, prepare) => {
  const DATA_DIR = temporaryFolder();
  prepare(DATA_DIR);
  const child = runNode(['server/main.ts'], { DATA_DIR, PORT: '0', ...environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBeGreaterThan(0);
  expect(output).not.toBe('');
  expect(output.toLowerCase()).not.toContain(mark);
});

test('a request has one id: in the answer, in the log, and in the audit entry', async () => {
  const lines: Record<string, unknown>[] = [];
  const write = (facts: object) => void lines.push({ ...facts });
  const app = await openApp(testConfig(), { log: { debug: write, info: write, warn: write, error: write } });
  onTestFinished(() => app.close());
  const server = buildServer(app, routes);
  const { get, post } = client(await server.listen({ host: '127.0.0.1', port: 0 }));
  onTestFinished(() => closeServer(server));
  const replies = [
    await post('helloid/create', createBody(1)),
    await post('accounts/SC-1/disable', { by: 'Fenna', reason: 'asked' }),
  ];
  const ids = replies.map(({ headers }) => headers.get('x-request-id'));
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(ids).size).toBe(2);
  const { entries } = (await get('audit')).json as { entries: { requestId: string }[] };
  expect(entries.map(({ requestId }) => requestId)).toEqual(ids.toReversed());
  expect(lines.slice(0, 2)).toEqual([
    {
      route: 'helloid-create',
      status: 200,
      ms: expect.any(Number) as number,
      requestId: ids[0],
      key: 'AGENT_KEY',
      outcome: 'created',
      success: true,
      dryRun: false,
    },
    { route: 'account-disable', status: 200, ms: expect.any(Number) as number, requestId: ids[1], key: 'OPERATOR_KEY' },
  ]);
  const refused = await post('helloid/create', '{', { key: 'wrong' });
  expect(lines.at(-1)).toMatchObject({
    requestId: refused.headers.get('x-request-id'),
    status: 401,
    address: '127.0.0.1',
  });
  expect(lines.at(-1)).not.toHaveProperty('key');
  await get('accounts', agentKey);
  expect(lines.at(-1)).toMatchObject({ status: 403, key: 'AGENT_KEY', address: '127.0.0.1' });
  expect(JSON.stringify(lines)).not.toContain('SC-1');
});
