import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descriptions } from '../../functions/openapi/descriptions.ts';
import { schemasOf, type SchemaName } from '../../functions/openapi/schemas.ts';
import { routes } from '../../functions/routes.ts';
import { dayIn } from '../../shared/domain/calendar.ts';
import { openTakeOver } from '../../shared/takeover/open-take-over.ts';
import {
  agentKey,
  createBody,
  operatorKey,
  temporaryFolder,
  testServer,
  updateBody,
  type Reply,
  type TestServer,
} from '../helpers.ts';
import { permissionBody, subPermissionsBody } from '../actions.ts';
import { callRoute, type RouteCall } from './call-route.ts';
import { operationsOf, readDocument } from './openapi-document.ts';

const why = { by: 'Fenna', reason: 'checked with HR' };
const policy = { fields: [{ name: 'kostenplaats' }], roles: { assignedBy: 'permissions' } };

interface Answered {
  route: string;
  reply: Reply;
}

/** A server whose answers are kept, with the names of their routes. */
async function recorded(environment: Record<string, string> = {}) {
  const alsoTable = join(temporaryFolder(), 'also.csv');
  writeFileSync(alsoTable, 'gebruikersnaam\n');
  const server = await testServer({ policy: { ...policy, also: { persons: alsoTable } }, environment });
  const answers: Answered[] = [];
  const call = async (route: string, rest: Omit<RouteCall, 'route'> = {}) => {
    const reply = await callRoute(server, { route, ...rest });
    answers.push({ route, reply });
    return reply.json as Record<string, never>;
  };
  return { server, call, answers, alsoTable };
}

type Recorded = Awaited<ReturnType<typeof recorded>>;

/** Ten people with roles, a delivery, a changed username, a mass effect that is held, and what people decide about it all. */
async function aWholeLife({ server, call, alsoTable }: Recorded): Promise<void> {
  const reads = [
    'live',
    'health',
    'overview',
    'statistics',
    'take-over',
    'checks',
    'keys',
    'backups',
    'openapi',
    'audit',
    'audit-verify',
    'metrics',
  ];
  for (const route of reads) await call(route);
  for (let number = 1; number <= 9; number += 1)
    await call('helloid-create', { request: createBody(number, { kostenplaats: `K${number}` }) });
  await call('helloid-create', { request: createBody(10, { email: null }) }); // a finding
  await call('helloid-create', { request: createBody(11, { gebruikersnaam: 'p1' }) }); // taken
  const contracts = createBody(1).personContext.Person.Contracts;
  for (const operation of ['grant', 'revoke', 'grant'])
    await call('helloid-sub-permissions', { request: subPermissionsBody(operation, contracts) });
  await call('helloid-grant-permission', { request: permissionBody({ Reference: 'unknown' }) });
  await call('helloid-revoke-permission', { request: permissionBody({ Reference: 'unknown' }) });
  const list = { actionContext: {} };
  await call('helloid-permissions', { request: list });
  for (const kind of ['accounts', 'permissions', 'sub-permissions'])
    await call(`helloid-import-${kind}`, { request: { ...list, pageSize: 1 } });
  await call('helloid-resources', {
    request: { ...list, resourceContext: { SourceData: [{ Code: 'TL', Name: 'Teamleider' }, 'no title'] } },
  });
  await call('helloid-uniqueness', { request: createBody(12, { gebruikersnaam: 'p1' }) });
  await call('export-now', { request: { dryRun: true } });
  for (const query of ['', '?who=false']) await call('preview', { query });
  await call('checks-now');
  const first = await call('export-now');
  await server.app.daily.settled();
  await call('export', { params: { id: String(first.id) } });
  const [finding] = (await server.app.runs.find(Number(first.id)))?.findings ?? [];
  expect(finding).toBeDefined();
  await call('finding-seen', { request: { ...finding, by: 'Fenna' } });
  await call('export', { params: { id: String(first.id) } });
  await call('export-file', { params: { id: String(first.id), name: 'Users.csv' } });

  await call('helloid-update', { request: updateBody('SC-1', { gebruikersnaam: 'p1-new', kostenplaats: null }) });
  await call('account', { params: { reference: 'SC-1' } });
  await call('account-accept-username', { params: { reference: 'SC-1' }, request: { pending: 'p1-new', ...why } });
  await call('username-allow', { params: { username: 'p1' }, request: { externalId: '99', ...why } });
  for (let number = 2; number <= 7; number += 1)
    await call('helloid-disable', { request: updateBody(`SC-${number}`, {}) });
  await call('export-now', { request: { dryRun: true } });

  await call('overview');
  await hold({ server, call });
  await call('health');
  await call('overview');
  await call('exports');
  await call('exports', { query: '?limit=1' });
  const [held] = await server.app.runs.inState('held');
  await call('export', { params: { id: String(held?.id) } });
  await call('export-discard', { params: { id: String(held?.id) }, request: why });
  const next = await hold({ server, call });
  await call('pause', { request: why });
  await call('health');
  await call('resume', { request: why });
  await call('export-release', { params: { id: next }, request: why });
  await server.app.daily.settled();
  await call('export', { params: { id: next } });

  await call('helloid-enable', { request: updateBody('SC-2', {}) });
  await call('helloid-delete', { request: updateBody('SC-3', null) });
  await call('account-enable', { params: { reference: 'SC-4' }, request: why });
  await call('account-disable', { params: { reference: 'SC-4' }, request: why });
  await call('account-delete', { params: { reference: 'SC-4' }, request: why });
  await call('account-renew', { params: { reference: 'SC-4' }, request: why });
  await call('account', { params: { reference: 'SC-4' } });
  await call('accounts');
  await call('accounts', { query: '?deleted=true&search=p3' });
  await call('overview');
  await call('statistics', { query: '?days=7' });
  await call('finding-accept', {
    request: { code: 'unknown-leaver', until: dayIn('Europe/Amsterdam', new Date()), ...why },
  });
  writeFileSync(alsoTable, 'gebruikersnaam\np3\n');
  await call('also-accept', { request: { username: 'p3', ...why } });
  await openTakeOver(server.app, { by: 'Fenna', leavers: 'passive', asks: 0 });
  await call('take-over');
}

/** A run by hand that ends up held; its id. */
async function hold({ server, call }: Pick<Recorded, 'server' | 'call'>): Promise<string> {
  const { id } = await call('export-now');
  await server.app.daily.settled();
  expect((await server.app.runs.find(Number(id)))?.state).toBe('held');
  return String(id);
}

/** A delivery that fails, and is tried again once there is room. */
async function aFailedDelivery({ server, call }: Recorded, outbox: string): Promise<void> {
  await call('helloid-create', { request: createBody(1) });
  const { id } = await call('export-now');
  await server.app.daily.settled();
  await call('export', { params: { id: String(id) } });
  await call('health');
  rmSync(outbox);
  await call('export-retry', { params: { id: String(id) }, request: why });
}

function expectAsDescribed(server: TestServer, { route, reply }: Answered): void {
  const contents = [descriptions[route]?.answers[reply.status as 200] ?? []].flat();
  const type = reply.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = contents.find((content): content is SchemaName => !content.includes('/'));
  const types = contents.map((content) => (content === schema ? 'application/json' : content));
  expect(types, `${route} answered ${reply.status}: ${reply.text}`).toContain(type);
  expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  if (type !== 'application/json' || !schema) return;
  const { error } = schemasOf(server.app.config.policy)[schema].safeParse(reply.json);
  expect(error?.issues, `${route}: ${reply.text}`).toBeUndefined();
}

test('every route answers what the document says, and every answer it speaks of is given', async () => {
  const life = await recorded();
  await aWholeLife(life);
  const DATA_DIR = temporaryFolder();
  const outbox = join(DATA_DIR, 'outbox');
  writeFileSync(outbox, 'a file where the folder should be');
  const failing = await recorded({ DATA_DIR });
  await aFailedDelivery(failing, outbox);

  const answers = [...life.answers, ...failing.answers];
  for (const answered of answers) expectAsDescribed(life.server, answered);
  const given = new Set(answers.map(({ route, reply }) => `${route} ${reply.status}`));
  const files = ['dashboard', 'dashboard-asset']; // see dashboard.test.ts
  const withAnswers = routes.filter(({ name }) => !files.includes(name));
  const described = withAnswers.flatMap(({ name }) =>
    Object.keys(descriptions[name]?.answers ?? {}).map((status) => `${name} ${status}`),
  );
  expect([...given].toSorted()).toEqual(described.toSorted());
});

test('refusals are among those that the document names, in the shape it gives them', async () => {
  const server = await testServer();
  const operations = operationsOf(await readDocument(server));
  await server.post('helloid/create', createBody(1));
  const refused: [number, RouteCall][] = [
    [401, { route: 'helloid-create', request: createBody(1), key: null }],
    [403, { route: 'accounts', key: agentKey }],
    [400, { route: 'helloid-update', request: '{' }],
    [422, { route: 'helloid-update', request: {} }],
    [413, { route: 'helloid-update', request: ' '.repeat(4 * 1024 * 1024 + 1) }],
    [422, { route: 'accounts', query: '?limit=0' }],
    [422, { route: 'pause', request: { by: 'Fenna' } }],
    [404, { route: 'account', params: { reference: 'SC-2' } }],
    [404, { route: 'account-enable', params: { reference: 'SC-2' }, request: why }],
    [404, { route: 'export', params: { id: '1' } }],
    [404, { route: 'export-file', params: { id: '1', name: 'Users.csv' } }],
    [409, { route: 'resume', request: why }],
    [409, { route: 'account-accept-username', params: { reference: 'SC-1' }, request: why }],
  ];
  const { Error: Shape } = schemasOf(server.app.config.policy);
  for (const [status, call] of refused) {
    const reply = await callRoute(server, call);
    expect([call.route, reply.status]).toEqual([call.route, status]);
    expect(Shape.safeParse(reply.json).error?.issues).toBeUndefined();
    expect(Object.keys(operations.get(call.route)?.responses ?? {})).toContain(String(status));
  }
  const typed = await server.post('helloid/create', '{}', { key: operatorKey, type: 'text/plain' });
  expect([typed.status, Shape.safeParse(typed.json).success]).toEqual([415, true]);
  expect(Object.keys(operations.get('helloid-create')?.responses ?? {})).toContain('415');
});
