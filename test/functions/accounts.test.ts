import { expect, test } from 'vitest';
import { clockAt, createBody, testServer, updateBody, viewerKey, type TestServer } from '../helpers.ts';

async function found(server: TestServer, query: string): Promise<string[]> {
  const { json } = await server.get(`accounts?${query}`, viewerKey);
  return (json as { accounts: { reference: string }[] }).accounts.map(({ reference }) => reference);
}

const search = (server: TestServer, text: string) => found(server, `search=${encodeURIComponent(text)}`);

async function withPeople(now?: () => Date): Promise<TestServer> {
  const server = await testServer(now ? { now } : {});
  const people = [
    { voornaam: 'Renée', tussenvoegsel: 'van den', achternaam: 'Brink - de Vries', gebruikersnaam: 'rvdbrink' },
    { voornaam: 'Łukasz', achternaam: 'ØSTERGÅRD', gebruikersnaam: 'lost', email: 'l.ost@waterrijk-zorg.example' },
    { voornaam: 'Jan', achternaam: 'Strauß', gebruikersnaam: 'jan_100%' },
  ];
  for (const [index, data] of people.entries()) await server.post('helloid/create', createBody(index + 1, data));
  return server;
}

test('people are found by any part of what is known of them, without regard to case and accents', async () => {
  const server = await withPeople();
  for (const text of ['RENEE', 'renée', 'René', 'ren\u0065\u0301e', 'vries', 'p1@water', 'SC-1', 'rvdb'])
    expect([text, await search(server, text)]).toEqual([text, ['SC-1']]);
  for (const text of ['lukasz', 'łukasz', 'ŁUKASZ', 'ostergard', 'østergård', 'L.OST@'])
    expect([text, await search(server, text)]).toEqual([text, ['SC-2']]);
  for (const text of ['strauss', 'Strauß', '_100%'])
    expect([text, await search(server, text)]).toEqual([text, ['SC-3']]);
  expect(await search(server, '%')).toEqual(['SC-3']);
  expect(await search(server, 'nobody')).toEqual([]);
});

test('several words may stand in any order, and each must be there', async () => {
  const server = await withPeople();
  expect(await search(server, 'brink  rene 1')).toEqual(['SC-1']);
  expect(await search(server, 'brink jan')).toEqual([]);
  expect(await search(server, '   ')).toEqual(['SC-1', 'SC-2', 'SC-3']);
});

test('a person is found by the username that Spend Cloud still has, and by a new name at once', async () => {
  const server = await withPeople();
  await server.post('exports');
  await server.app.daily.settled();
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'rdevries', voornaam: 'Kim' }));
  expect(await search(server, 'rvdbrink')).toEqual(['SC-1']);
  expect(await search(server, 'rdevries')).toEqual(['SC-1']);
  expect(await search(server, 'kim')).toEqual(['SC-1']);
  expect(await search(server, 'renee')).toEqual([]);
});

test('deleted persons are found when they are asked for, and only then', async () => {
  const server = await withPeople();
  await server.post('helloid/delete', updateBody('SC-1', null));
  expect(await found(server, '')).toEqual(['SC-2', 'SC-3']);
  expect(await search(server, 'renee')).toEqual([]);
  expect(await found(server, 'deleted=true')).toEqual(['SC-1']);
  expect(await found(server, 'deleted=true&search=renee')).toEqual(['SC-1']);
  expect(await found(server, 'deleted=true&search=lukasz')).toEqual([]);
  expect((await server.get('accounts?deleted=perhaps')).status).toBe(422);
});

test('filters and pages go together with a search', async () => {
  const clock = clockAt('2026-11-01T10:00:00.000Z');
  const server = await withPeople(clock.now);
  clock.set('2026-11-23T10:00:00.000Z');
  await server.post('helloid/disable', updateBody('SC-2', {}));
  expect(await found(server, 'stale=20')).toEqual(['SC-1', 'SC-3']);
  expect(await found(server, 'stale=20&search=jan')).toEqual(['SC-3']);
  expect(await found(server, 'enabled=false')).toEqual(['SC-2']);
  const { json } = await server.get('accounts?search=sc-&limit=2', viewerKey);
  const { next } = json as { next: string };
  expect(await found(server, `search=sc-&limit=2&cursor=${next}`)).toEqual(['SC-3']);
});

test('the history of a person tells before and after of each field and role', async () => {
  const server = await withPeople();
  await server.post('helloid/update', updateBody('SC-1', { achternaam: 'Jansen' }));
  const { json } = await server.get('accounts/SC-1', viewerKey);
  const { history } = json as { history: { action: string; changes: object[] }[] };
  expect(history.map(({ action }) => action)).toEqual(['update', 'create']);
  expect(history[0]?.changes).toEqual([{ what: 'achternaam', before: 'Brink - de Vries', after: 'Jansen' }]);
});
