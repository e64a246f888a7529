import { expect, test } from 'vitest';
import { command } from '../command.ts';
import { clockAt, contract, createBody, testServer, updateBody, type TestServer } from '../helpers.ts';
import { traces } from './traces.ts';

const why = { by: 'Fenna', reason: 'asked for it' };
const policy = {
  spendCloud: { leavers: 'absent' }, // where a row says who left, a term waits for it: inactive-rows.test.ts
  retention: { deletedPersonsDays: 30, auditDays: 365, archiveDays: 10 },
};

interface Entry {
  action: string;
  reference: string | null;
  withheld?: string;
  messages: string[];
  changes: { what: string }[];
}

async function entriesOf(server: TestServer, query = ''): Promise<Entry[]> {
  return ((await server.get(`audit?limit=500${query}`)).json as { entries: Entry[] }).entries;
}

/** A person who leaves on 2026-02-01 and one who stays, with a delivery before and after. */
async function aLeaver() {
  const clock = clockAt('2026-01-05T10:00:00.000Z');
  const server = await testServer({ now: clock.now, policy });
  const { app, post } = server;
  const data = {
    voornaam: 'Quirine',
    tussenvoegsel: 'opden',
    achternaam: 'Zwaluwstaart',
    email: 'q.adres@x.example',
    gebruikersnaam: 'zwaluw.q',
    geslacht: 'Xgender',
  };
  for (let number = 1; number <= 12; number += 1) await post('helloid/create', createBody(number));
  await post('helloid/create', createBody('ZW77', data, [contract('zw-contract')]));
  await post('helloid/create', createBody(98, { email: 'q.adres@x.example' })); // told that the address is taken
  await app.daily.runNow();
  await app.daily.settled();
  clock.set('2026-01-20T10:00:00.000Z');
  await post('helloid/update', updateBody('SC-ZW77', { achternaam: 'Zwaluwnest' }));
  await app.daily.runNow();
  await app.daily.settled();
  clock.set('2026-02-01T10:00:00.000Z');
  await post('helloid/delete', updateBody('SC-ZW77', null));
  await app.daily.runNow();
  await app.daily.settled();
  expect((await app.runs.inState('delivered')).length).toBe(3);
  /** A tick at a time long after, which a day of work has confirmed. */
  const tickAt = async (text: string) => {
    clock.set(new Date(Date.parse(text) - 86_400_000).toISOString());
    await app.tick();
    clock.set(text);
    await app.tick();
  };
  return { clock, server, tickAt, dataDir: app.config.dataDir };
}

const namesOfHers = ['Quirine', 'opden', 'zwaluwstaart', 'zwaluwnest', 'q.adres@x.example', 'Xgender'];
const rolesOfHers = ['SC-ZW77', 'zwaluw.q', 'zw-contract'];

test('past deletedPersonsDays the name, address and gender of a deleted person are gone, and who had which role stays', async () => {
  const { clock, server, dataDir } = await aLeaver();
  clock.set('2026-03-03T09:00:00.000Z');
  await server.app.tick();
  expect(traces(dataDir, ['Quirine'])).not.toEqual([]);
  expect(await entriesOf(server, '&action=retention')).toEqual([]);
  clock.set('2026-03-04T09:00:00.000Z');
  await server.app.tick();
  expect(traces(dataDir, namesOfHers)).toEqual([]); // the archive has let its pairs go before
  for (const value of rolesOfHers) expect(traces(dataDir, [value]), value).not.toEqual([]);
  expect((await server.get('accounts/SC-ZW77')).json).toMatchObject({
    externalId: 'ZW77',
    gebruikersnaam: 'zwaluw.q',
    voornaam: null,
    email: null,
    history: [
      { action: 'delete', withheld: 'values' },
      { action: 'update' },
      { action: 'create', after: { roles: [{ contract: 'zw-contract' }] } },
    ],
  });
  expect((await entriesOf(server, '&externalId=98'))[0]?.messages).toEqual([
    expect.stringContaining('email [erased] is taken by [SC-ZW77]'),
  ]);
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
  expect((await entriesOf(server, '&action=retention')).map(({ messages }) => messages)).toEqual([
    ['Erased name, e-mail address and gender of 1 deleted person(s)'],
  ]);

  clock.set('2026-03-05T09:00:00.000Z');
  await server.app.tick();
  await server.app.tick();
  expect(await entriesOf(server, '&action=retention')).toHaveLength(1); // nothing more to do
});

test('past auditDays nothing is left but what was done and when, of living persons too', async () => {
  const { clock, server, tickAt, dataDir } = await aLeaver();
  clock.set('2027-01-15T10:00:00.000Z'); // the first entries are past it, she is not
  await server.post('helloid/update', updateBody('SC-1', { voornaam: 'Newname' }));
  await server.app.tick();
  expect((await entriesOf(server, '&reference=SC-ZW77')).map(({ action }) => action)).toEqual(['delete', 'update']);
  expect((await server.get('accounts/SC-1')).json).toMatchObject({
    voornaam: 'Newname',
    history: [{ action: 'update' }, { action: 'create', withheld: 'all', outcome: 'created', changes: [] }],
  });

  await tickAt('2027-02-02T10:00:00.000Z');
  expect(traces(dataDir, [...namesOfHers, ...rolesOfHers])).toEqual([]);
  expect((await server.get('accounts/SC-ZW77')).status).toBe(404);
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
  expect((await server.post('helloid/create', createBody(5555, { gebruikersnaam: 'zwaluw.q' }))).json).toMatchObject({
    Success: false,
  });
  const exports = await entriesOf(server, '&action=export');
  expect(exports.at(-1)?.messages.join()).toContain('SHA-256'); // what was delivered is about nobody
});

test('a person who returns before the term keeps everything, and one who returns after it starts anew', async () => {
  const { clock, server, tickAt } = await aLeaver();
  clock.set('2026-03-04T09:00:00.000Z');
  await server.post('helloid/create', createBody('ZW77', { gebruikersnaam: 'zwaluw.q', achternaam: 'Terug' }));
  await server.app.tick();
  expect((await server.get('accounts/SC-ZW77')).json).toMatchObject({
    achternaam: 'Terug',
    history: [{ outcome: 'revived' }, {}, {}, { after: { achternaam: 'Zwaluwstaart' } }],
  });
  await server.post('helloid/delete', updateBody('SC-ZW77', null));
  await tickAt('2026-05-01T09:00:00.000Z');
  expect((await server.get('accounts/SC-ZW77')).json).toMatchObject({ achternaam: null });
  await server.post('helloid/create', createBody('ZW77', { gebruikersnaam: 'zwaluw.q', achternaam: 'Weerterug' }));
  clock.set('2026-07-01T09:00:00.000Z');
  await server.post('helloid/delete', updateBody('SC-ZW77', null));
  await tickAt('2026-08-15T09:00:00.000Z');
  expect(traces(server.app.config.dataDir, ['Weerterug', 'Terug'])).toEqual([]);
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
});

test('whom Spend Cloud still has is not erased, whatever the term says', async () => {
  const clock = clockAt('2026-01-05T10:00:00.000Z');
  const server = await testServer({ now: clock.now, policy });
  for (const number of [1, 2]) await server.post('helloid/create', createBody(number));
  await server.app.daily.runNow();
  await server.app.daily.settled();
  await server.post('helloid/delete', updateBody('SC-2', null));
  await server.app.facts.set({ paused: JSON.stringify({ at: '', ...why }) }); // nothing is delivered any more
  clock.set('2027-06-01T10:00:00.000Z');
  await server.app.tick();
  expect((await server.get('accounts/SC-2')).json).toMatchObject({ externalId: '2', voornaam: 'Anna' });
});

test('audit purge erases on demand whom old entries were about, with name and reason, and never ahead of time', async () => {
  const { clock, server, dataDir: DATA_DIR } = await aLeaver();
  clock.set('2026-02-03T10:00:00.000Z');
  await server.post('helloid/update', updateBody('SC-1', { voornaam: 'Later' }));
  const words = ['--by', why.by, '--reason', why.reason];
  for (const before of ['2999-01-01', 'yesterday', '2026-02-30'])
    expect((await command(['audit', 'purge', '--before', before, ...words], { DATA_DIR })).code, before).toBe(2);
  expect((await command(['audit', 'purge', '--before', '2026-02-02'], { DATA_DIR })).code).toBe(2);
  const purged = await command(['audit', 'purge', '--before', '2026-02-02', ...words, '--json'], { DATA_DIR });
  expect([purged.code, JSON.parse(purged.stdout || 'null')], purged.stderr).toMatchObject([
    0,
    { persons: 1, entries: 17, unfinished: null },
  ]);
  expect(traces(DATA_DIR, [...namesOfHers, ...rolesOfHers])).toEqual([]);
  const entries = await entriesOf(server);
  expect(entries.filter(({ withheld }) => withheld === undefined).map(({ action }) => action)).toEqual([
    'purge',
    'purge',
    'update',
    'export',
    'export',
    'export',
  ]);
  expect(entries[0]).toMatchObject(why);
  expect((await server.get('accounts/SC-1')).json).toMatchObject({ voornaam: 'Later' });
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
});

test('two processes on one data folder keep the terms once', async () => {
  const { clock, server, dataDir } = await aLeaver();
  clock.set('2026-03-04T09:00:00.000Z');
  const other = await testServer({ now: clock.now, policy, environment: { DATA_DIR: dataDir } });
  await Promise.all([server.app.privacy.tick(), other.app.privacy.tick()]);
  await Promise.all([server.app.privacy.tick(), other.app.privacy.tick()]);
  expect(await entriesOf(server, '&action=retention')).toHaveLength(1);
  expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
});
