import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow, type RunJson } from '../actions.ts';
import {
  clockAt,
  createBody,
  temporaryFolder,
  testServer,
  updateBody,
  type TestOptions,
  type TestServer,
} from '../helpers.ts';

const why = { by: 'Fenna', reason: 'checked with HR' };
const never = { atLeast: 1_000_000, percent: 100, count: null };
/** What is looked at here are rows, not guards. */
const guards = { deactivated: never, reactivated: never, renamed: never, rolesRemoved: never };

function serverWith(policy: object = {}, options: TestOptions = {}): Promise<TestServer> {
  return testServer({ ...options, policy: { guards, ...policy } });
}

async function create(server: TestServer, number: number, data: Record<string, unknown> = {}): Promise<void> {
  expect((await server.post('helloid/create', createBody(number, data))).json).toMatchObject({ Success: true });
}

async function leave(server: TestServer, ...numbers: number[]): Promise<void> {
  for (const number of numbers) await server.post('helloid/delete', updateBody(`SC-${number}`, null));
}

/** Runs, expects a delivery, and gives the run with its persons file: `p1` of an active person, `p1 Ja` and the address of an inactive one. */
async function deliver(server: TestServer): Promise<RunJson & { people: string[] }> {
  const run = await runNow(server);
  expect(run).toMatchObject({ state: 'delivered', reasons: [] });
  const { text } = await server.get(`exports/${run.id}/files/Users.csv`);
  return { ...run, people: peopleOf(text) };
}

function peopleOf(text: string): string[] {
  return text
    .split('\r\n')
    .slice(1, -1)
    .map((row) => {
      const [, , , , email, username, passief] = row.split(';').map((cell) => cell.replaceAll('"', ''));
      return passief === '' ? (username ?? '') : `${username ?? ''} ${passief ?? ''} ${email ?? ''}`.trim();
    });
}

const address = (number: number) => `p${number}@waterrijk-zorg.example`;
const roles = (server: TestServer) => readFileSync(join(server.app.config.dataDir, 'outbox', 'Roles.csv'), 'utf8');

test('who is disabled or deleted after a delivery stays as an inactive row without roles, and who never was active does not appear', async () => {
  const server = await serverWith();
  for (const number of [1, 2, 3, 4]) await create(server, number);
  await server.post('helloid/disable', updateBody('SC-4', null));
  expect(await deliver(server)).toMatchObject({ people: ['p1', 'p2', 'p3'] });

  await leave(server, 1);
  await server.post('helloid/disable', updateBody('SC-2', null));
  const run = await deliver(server);
  expect(run).toMatchObject({
    people: [`p1 Ja ${address(1)}`, `p2 Ja ${address(2)}`, 'p3'],
    effect: { persons: { total: 1, deactivated: 2, changed: 0, added: 0 }, roles: { total: 1, removed: 2 } },
  });
  expect(roles(server)).not.toMatch(/"p[12]"/);
  expect(await deliver(server)).toMatchObject({ effect: { persons: { total: 1, deactivated: 0, changed: 0 } } });
});

test('an update of a disabled person, and of the name before a deletion, is in the inactive row', async () => {
  const server = await serverWith();
  for (const number of [1, 2, 3]) await create(server, number);
  await deliver(server);
  await server.post('helloid/disable', updateBody('SC-1', null));
  await server.post('helloid/update', updateBody('SC-1', { email: 'new@waterrijk-zorg.example' }));
  await server.post('helloid/update', updateBody('SC-2', { email: 'last@waterrijk-zorg.example' }));
  await leave(server, 2);
  expect((await deliver(server)).people).toEqual([
    'p1 Ja new@waterrijk-zorg.example',
    'p2 Ja last@waterrijk-zorg.example',
    'p3',
  ]);
});

test('who comes back counts as reactivated alone, under the guard of its own', async () => {
  const { guards: _, ...usual } = { guards };
  const server = await testServer({ policy: usual });
  for (let number = 1; number <= 8; number += 1) await create(server, number);
  await deliver(server);
  await leave(server, 1, 2, 3);
  await deliver(server);
  await deliver(server);
  for (const number of [1, 2, 3]) await create(server, number);
  const held = await runNow(server);
  expect(held).toMatchObject({
    state: 'held',
    reasons: ['3 person(s) would be active again, of 5 delivered last (guards.reactivated)'],
    effect: { persons: { total: 8, added: 0, reactivated: 3, changed: 0 }, roles: { added: 3 } },
  });
  expect(held.effect.who).toMatchObject({ reactivated: [{ reference: 'SC-1', key: 'p1' }, {}, {}], added: [] });
});

test('with inactive people absent from the file, who comes back counts as reactivated all the same', async () => {
  const server = await serverWith({ spendCloud: { leavers: 'absent' } });
  for (const number of [1, 2]) await create(server, number);
  await deliver(server);
  await leave(server, 1);
  const gone = await deliver(server);
  expect(gone).toMatchObject({ effect: { persons: { deactivated: 1 } }, files: [{ rows: 1 }, {}], findings: [] });
  await create(server, 1);
  await create(server, 3);
  expect(await deliver(server)).toMatchObject({ effect: { persons: { reactivated: 1, added: 1, total: 3 } } });
});

test('the former username of a renamed person is closed with what was delivered last', async () => {
  const server = await serverWith();
  for (const number of [1, 2]) await create(server, number);
  await deliver(server);
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'married', achternaam: 'Vries' }));
  expect((await deliver(server)).people).toEqual(['p1', 'p2']); // waits for an operator
  await server.post('accounts/SC-1/accept-username', why);
  const renamed = await deliver(server);
  expect(renamed).toMatchObject({
    people: ['married', 'p1 Ja', 'p2'],
    effect: { persons: { renamed: 1, deactivated: 0, reactivated: 0, total: 2 } },
  });
  await server.post('helloid/update', updateBody('SC-1', { achternaam: 'Anders' }));
  const { text } = await server.get(`exports/${(await deliver(server)).id}/files/Users.csv`);
  expect(text).toContain('"Anna";"";"Vries";"V";"";"p1";"Ja"\r\n');
  await leave(server, 1);
  expect((await deliver(server)).people).toEqual([`married Ja ${address(1)}`, 'p1 Ja', 'p2']);
});

test('where the number is the key, it is the former number that is closed', async () => {
  const columns = ['gebruikersnaam', 'externalId'].map((field) => ({ header: field, field }));
  const status = { header: 'actief', status: { active: 'ja', inactive: '' } };
  const file = { columns: [...columns, status] };
  const policy = {
    spendCloud: { personKey: 'externalId' },
    accounts: { username: 'follow' },
    files: { persons: file, roles: { columns } },
  };
  const server = await serverWith(policy);
  for (const number of [1, 2]) await create(server, number);
  await deliver(server);
  await server.post('helloid/update', updateBody('SC-1', { externalId: '100' }));
  const run = await runNow(server);
  expect(run).toMatchObject({ state: 'delivered', effect: { persons: { renamed: 1, total: 2 } } });
  const rowsOf = async (id: number) =>
    (await server.get(`exports/${id}/files/Users.csv`)).text.split('\r\n').slice(1, -1);
  const expected = ['"p1";"100";"ja"', '"p1";"1";""', '"p2";"2";"ja"'];
  expect(await rowsOf(run.id)).toEqual(expected);
  const again = await runNow(server);
  expect(again).toMatchObject({ effect: { persons: { renamed: 0, changed: 0, deactivated: 0, reactivated: 0 } } });
  expect(await rowsOf(again.id)).toEqual(expected);
});

test('a line taken out of also.persons is closed, and opened again when it comes back', async () => {
  const path = join(temporaryFolder(), 'also.csv');
  const line = 'Aad;Accountant;aad@accountants.example;aaccount\n';
  const header = 'voornaam;achternaam;email;gebruikersnaam\n';
  writeFileSync(path, header + line);
  const server = await serverWith({ also: { persons: path } });
  await create(server, 1);
  expect((await deliver(server)).people).toEqual(['aaccount', 'p1']);
  writeFileSync(path, header);
  expect(await deliver(server)).toMatchObject({
    people: ['aaccount Ja aad@accountants.example', 'p1'],
    effect: { persons: { deactivated: 1 } },
  });
  writeFileSync(path, header + line);
  expect(await deliver(server)).toMatchObject({
    people: ['aaccount', 'p1'],
    effect: { persons: { reactivated: 1, added: 0, changed: 0 } },
  });
});

test('an active row takes the place of every inactive one with its key, whatever its case', async () => {
  const server = await serverWith({ accounts: { usernameReuse: 'report', duplicateEmail: 'report' } });
  await create(server, 1, { gebruikersnaam: 'jdoe' });
  await create(server, 2);
  await deliver(server);
  await leave(server, 1);
  expect((await deliver(server)).people).toEqual([`jdoe Ja ${address(1)}`, 'p2']);
  await create(server, 3, { gebruikersnaam: 'JDoe' });
  const run = await deliver(server);
  expect(run.people).toEqual(['JDoe', 'p2']);
  expect(run).toMatchObject({ effect: { persons: { reactivated: 1, added: 0 } } });
  await leave(server, 3);
  expect((await deliver(server)).people).toEqual([`JDoe Ja ${address(3)}`, 'p2']); // of two, the newer one
});

test('an address goes to an active person, else to who became inactive last, unless the settings say otherwise', async () => {
  const clock = clockAt('2026-11-23T10:00:00Z');
  const shared = { email: 'Balie@waterrijk-zorg.example' };
  const people = async (inactiveEmail: string) => {
    const options = { now: clock.now };
    const server = await serverWith({ spendCloud: { inactiveEmail }, accounts: { duplicateEmail: 'report' } }, options);
    for (const number of [1, 2, 3, 4]) await create(server, number, number < 4 ? shared : {});
    await deliver(server);
    for (const [number, day] of [
      [1, '24'],
      [2, '25'],
    ] as const) {
      clock.set(`2026-11-${day}T10:00:00Z`);
      await leave(server, number);
    }
    const before = await deliver(server);
    clock.set('2026-11-26T10:00:00Z');
    await leave(server, 3);
    return [before, await deliver(server)] as const;
  };
  const [taken, free] = await people('blank-if-taken');
  expect([taken.people, free.people]).toEqual([
    ['p1 Ja', 'p2 Ja', 'p3', 'p4'],
    ['p1 Ja', 'p2 Ja', 'p3 Ja Balie@waterrijk-zorg.example', 'p4'],
  ]);
  expect(taken.findings.map(({ code }) => code)).toContain('inactive-without-email');
  expect((await people('blank'))[1].people).toEqual(['p1 Ja', 'p2 Ja', 'p3 Ja', 'p4']);
  expect((await people('keep'))[0].people).toEqual([
    'p1 Ja Balie@waterrijk-zorg.example',
    'p2 Ja Balie@waterrijk-zorg.example',
    'p3',
    'p4',
  ]);
});

test('an inactive row leaves when its term is over, but never before a delivery has said so', async () => {
  const clock = clockAt('2026-11-23T10:00:00Z');
  const server = await serverWith({ retention: { passiveDays: 10 } }, { now: clock.now });
  for (const number of [1, 2, 3]) await create(server, number);
  await deliver(server);
  await leave(server, 1);
  clock.set('2027-01-23T10:00:00Z'); // nothing was delivered for longer than the term
  expect((await deliver(server)).people).toEqual([`p1 Ja ${address(1)}`, 'p2', 'p3']);
  const over = await deliver(server);
  expect(over).toMatchObject({ people: ['p2', 'p3'], effect: { persons: { deactivated: 0, total: 2 } }, findings: [] });
  await leave(server, 2);
  await deliver(server);
  clock.set('2027-02-01T10:00:00Z');
  expect((await deliver(server)).people).toEqual([`p2 Ja ${address(2)}`, 'p3']);
  clock.set('2027-02-03T10:00:00Z');
  expect((await deliver(server)).people).toEqual(['p3']);
});

test('without a term an inactive row stays for ever', async () => {
  const clock = clockAt('2026-11-23T10:00:00Z');
  const server = await serverWith({ retention: { passiveDays: null } }, { now: clock.now });
  for (const number of [1, 2]) await create(server, number);
  await deliver(server);
  await leave(server, 1);
  await deliver(server);
  clock.set('2036-11-23T10:00:00Z');
  expect((await deliver(server)).people).toEqual([`p1 Ja ${address(1)}`, 'p2']);
});

test('terms that end together end over several deliveries', async () => {
  const clock = clockAt('2026-11-23T10:00:00Z');
  const few = { atLeast: 5, percent: 0, count: null };
  const policy = { retention: { passiveDays: 10 }, guards: { ...guards, deactivated: few } };
  const server = await testServer({ policy, now: clock.now });
  for (let number = 1; number <= 12; number += 1) await create(server, number);
  await deliver(server);
  for (const some of [
    [1, 2, 3, 4],
    [5, 6, 7],
  ]) {
    await leave(server, ...some);
    await deliver(server);
  }
  clock.set('2026-12-23T10:00:00Z');
  const counts: number[] = [];
  for (let night = 0; night < 4; night += 1)
    counts.push((await deliver(server)).people.filter((person) => person.includes(' Ja')).length);
  expect(counts).toEqual([5, 3, 1, 0]); // two at once: three times the guard's five in a week
});

test('a file without one active person is empty, whoever stands there as inactive', async () => {
  const server = await serverWith();
  for (const number of [1, 2]) await create(server, number);
  await deliver(server);
  await leave(server, 1, 2);
  expect(await runNow(server)).toMatchObject({ state: 'blocked', effect: { persons: { total: 0, deactivated: 2 } } });
});

test('the first inactive row to a destination that was set is held, and later ones are not', async () => {
  const OUTBOX_DIR = temporaryFolder();
  const server = await serverWith({}, { environment: { OUTBOX_DIR } });
  for (const number of [1, 2, 3]) await create(server, number);
  const first = await runNow(server);
  expect(first).toMatchObject({ state: 'held', reasons: [expect.stringMatching(/first delivery to OUTBOX_DIR/)] });
  await server.post(`exports/${first.id}/release`, why);
  await server.app.daily.settled();
  await leave(server, 1);
  const held = await runNow(server);
  expect(held).toMatchObject({ state: 'held', reasons: [expect.stringMatching(/must read field 7 \(passief\)/)] });
  await server.post(`exports/${held.id}/release`, why);
  await server.app.daily.settled();
  await leave(server, 2);
  expect((await deliver(server)).people).toEqual([`p1 Ja ${address(1)}`, `p2 Ja ${address(2)}`, 'p3']);
});

test('a change of how leavers are told is held, and the leavers of before are closed all the same', async () => {
  const environment = { DATA_DIR: temporaryFolder() };
  const absent = await serverWith({ spendCloud: { leavers: 'absent' } }, { environment });
  for (const number of [1, 2, 3]) await create(absent, number);
  await deliver(absent);
  await absent.post('helloid/update', updateBody('SC-2', { gebruikersnaam: 'Married' }));
  await absent.post('accounts/SC-2/accept-username', why);
  await leave(absent, 1);
  await deliver(absent);
  await absent.app.close();

  const passive = await serverWith({}, { environment });
  const held = await runNow(passive);
  expect(held).toMatchObject({
    state: 'held',
    reasons: expect.arrayContaining([expect.stringMatching(/leavers changed from absent to passive/)]) as string[],
    effect: { persons: { total: 2, deactivated: 0, added: 0, changed: 0 } },
  });
  const { text } = await passive.get(`exports/${held.id}/files/Users.csv`);
  expect(peopleOf(text)).toEqual(['Married', `p1 Ja ${address(1)}`, 'p2 Ja', 'p3']);
});

test('a leaver whose data the encoding cannot hold goes out as delivered last', async () => {
  const environment = { DATA_DIR: temporaryFolder() };
  const before = await serverWith({}, { environment });
  for (const number of [1, 2]) await create(before, number);
  await deliver(before);
  await before.post('helloid/update', updateBody('SC-1', { achternaam: 'Łukasz' }));
  await leave(before, 1);
  await before.app.close();
  const after = await serverWith({ files: { persons: { encoding: 'windows-1252' } } }, { environment });
  const { text } = await after.get(`exports/${(await deliver(after)).id}/files/Users.csv`);
  expect(text).toContain(`"Anna";"";"Jansen 1";"V";"${address(1)}";"p1";"Ja"`);
});
