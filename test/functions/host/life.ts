import { expect } from 'vitest';
import { permissionBody, subPermissionsBody } from '../../actions.ts';
import { createBody, updateBody, type Reply, type TestServer } from '../../helpers.ts';
import { callRoute, type RouteCall } from '../call-route.ts';

/** An answer as far as it must be the same on every host. */
export interface Answered {
  route: string;
  status: number;
  headers: Record<string, string | null>;
  body: unknown;
}

type Client = Pick<TestServer, 'get' | 'post'>;

const why = { by: 'Fenna', reason: 'checked with HR' };
const list = { actionContext: {} };
/** A number, and so a reference, with all that a path has to encode. */
const odd = 'A/1 ü%&?#';

/** Calls every route at least once with success, over HTTP alone; gives the answers in order. */
export async function live(client: Client, dataDir: string): Promise<Answered[]> {
  const answers: Answered[] = [];
  async function call(route: string, rest: Omit<RouteCall, 'route'> = {}) {
    const reply = await callRoute(client, { route, ...rest });
    answers.push(seenOf(route, reply, dataDir));
    return reply.json as Record<string, never>;
  }
  async function run(): Promise<string> {
    const { id } = await call('export-now');
    await settled(client, String(id));
    await call('export', { params: { id: String(id) } });
    return String(id);
  }

  await call('dashboard');
  const page = (await client.get('dashboard')).text;
  for (const [, file = ''] of page.matchAll(/assets\/([^"]+)/g)) await call('dashboard-asset', { params: { file } });
  for (const route of ['live', 'health', 'openapi', 'metrics', 'accounts', 'exports']) await call(route);
  for (let number = 1; number <= 12; number += 1)
    await call('helloid-create', { request: createBody(number, { voornaam: 'Zoë', achternaam: "d'Arçon 😀 中" }) });
  await call('helloid-create', { request: createBody(odd, { gebruikersnaam: 'jan/ö x', email: null }) });
  await call('helloid-create', { request: createBody(90, { gebruikersnaam: 'p1' }) }); // taken
  await call('helloid-uniqueness', { request: createBody(91, { gebruikersnaam: 'p1' }) });
  for (const operation of ['grant', 'revoke'])
    await call('helloid-sub-permissions', { request: subPermissionsBody(operation, []) });
  await call('helloid-grant-permission', { request: permissionBody({ Reference: 'unknown' }) });
  await call('helloid-revoke-permission', { request: permissionBody({ Reference: 'unknown' }) });
  await call('helloid-permissions', { request: list });
  for (const kind of ['accounts', 'permissions', 'sub-permissions'])
    await call(`helloid-import-${kind}`, { request: { ...list, pageSize: 500 } });
  const titles = { SourceData: [{ Code: 'TL', Name: 'Teamleider' }] };
  await call('helloid-resources', { request: { ...list, resourceContext: titles } });

  await call('export-now', { request: { dryRun: true } });
  const first = await run();
  await call('finding-seen', { request: await someFinding(client, first) });
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await call('finding-accept', { request: { code: 'unclosed', until, ...why } });
  await call('also-accept', { request: { username: 'nobody', ...why } }); // no table has such a line
  for (const name of ['Users.csv', 'Roles.csv']) await call('export-file', { params: { id: first, name } });

  const reference = `SC-${odd}`;
  const named = { params: { reference }, query: `?reference=${encodeURIComponent(reference)}` }; // it holds a slash
  await call('account', named);
  await call('helloid-update', { request: updateBody(reference, { gebruikersnaam: 'piet/ö x' }) });
  await call('account', named);
  await call('account-accept-username', { ...named, request: why });
  for (const action of ['disable', 'enable', 'delete']) await call(`account-${action}`, { ...named, request: why });
  await call('account-renew', { ...named, request: why });
  const params = { username: 'jan/ö x' };
  await call('username-allow', { params, query: '?username=jan%2F%C3%B6+x', request: { externalId: '99', ...why } });

  for (let number = 1; number <= 6; number += 1)
    await call('helloid-disable', { request: updateBody(`SC-${number}`, {}) });
  await call('export-discard', { params: { id: await run() }, request: why });
  const held = await run();
  await call('health');
  await call('pause', { request: why });
  await call('export-release', { params: { id: held }, request: why }); // not while it is paused
  await call('resume', { request: why });
  await call('export-release', { params: { id: held }, request: why });
  await settled(client, held);
  await call('export', { params: { id: held } });
  await call('export-retry', { params: { id: held }, request: why }); // nothing failed
  await call('helloid-enable', { request: updateBody('SC-1', {}) });
  await call('helloid-delete', { request: updateBody('SC-2', null) });

  for (const query of [
    '?limit=500',
    '?search=p1&enabled=true',
    '?search=z%C3%B6%2B%26',
    '?limit=0',
    '?limit=500&limit=2',
  ])
    await call('accounts', { query });
  await call('audit', { query: '?limit=3' });
  await call('audit', { query: `?reference=${encodeURIComponent(reference)}` });
  await call('audit-verify');
  for (const route of ['overview', 'statistics', 'keys', 'backups', 'checks-now', 'take-over']) await call(route);
  for (const route of ['preview', 'checks']) {
    await computed(client, route);
    await call(route);
  }
  await call('exports', { query: '?limit=1' });
  return answers;
}

/** Waits until nothing is done about a run any more. */
export async function settled(client: Client, id: string): Promise<string> {
  const busy = ['waiting', 'rendering', 'delivering'];
  const state = async () => ((await client.get(`exports/${id}`)).json as { state: string }).state;
  await expect.poll(async () => busy.includes(await state()), { timeout: 30_000 }).toBe(false);
  return state();
}

/** Waits until an answer that is worked out beside the calls is there. */
async function computed(client: Client, route: string): Promise<void> {
  const isComputing = async () => ((await client.get(route)).json as { computing: boolean }).computing;
  await expect.poll(isComputing, { timeout: 30_000 }).toBe(false);
}

async function someFinding(client: Client, id: string): Promise<object> {
  const { findings } = (await client.get(`exports/${id}`)).json as { findings: object[] };
  expect(findings).not.toEqual([]);
  return { ...findings[0], by: 'Fenna' };
}

/** What is alike on two hosts: times, random ids and measured numbers are taken out. */
export function seenOf(route: string, { status, headers, text }: Reply, dataDir = ''): Answered {
  const names = ['content-type', 'content-length', 'content-disposition', 'cache-control'];
  const kept = names.filter((name) => name !== 'content-length' || route === 'export-file'); // elsewhere it is the host's to say
  const hasId = /^[0-9a-f-]{36}$/.test(headers.get('x-request-id') ?? '');
  return {
    route,
    status,
    headers: { ...Object.fromEntries(kept.map((name) => [name, headers.get(name)])), 'x-request-id': String(hasId) },
    body: plain(route, dataDir === '' ? text : text.replaceAll(dataDir, '<data>')),
  };
}

function plain(route: string, text: string): string {
  if (route === 'metrics') return text.replace(/^nodejs_active_.*\n/gm, '').replace(/ [-\d.e+]+$/gm, '');
  const timeless = text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/"next":"[^"]+"/, '"next":"<cursor>"')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '<id>');
  if (text === '') return ''; // to HEAD
  if (route.startsWith('checks'))
    return timeless.replace(/\d+ MiB/g, '<size>').replace(/\d\d:\d\d:\d\d GMT/g, '<time> GMT');
  if (route === 'accounts' || route.startsWith('helloid-import')) return sorted(timeless);
  return /^(audit|account)/.test(route) ? timeless.replace(/[0-9a-f]{64}/g, '<hash>') : timeless;
}

/** Accounts come in the order of their ids, which are random. */
function sorted(text: string): string {
  const lists = JSON.parse(text) as Record<string, unknown>;
  const members = Object.entries(lists).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((item) => JSON.stringify(item)).toSorted() : value,
  ]);
  return JSON.stringify(Object.fromEntries(members));
}
