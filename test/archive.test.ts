import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { clockAt, createBody, temporaryFolder, testServer, updateBody, type TestOptions } from './helpers.ts';

const why = { by: 'Fenna', reason: 'checked with HR' };
const plain = ['.manifest.json', '.persons.jsonl', 'Roles.csv', 'Users.csv'];
const packed = ['.manifest.json', '.persons.jsonl.gz', 'Roles.csv.gz', 'Users.csv.gz'];

/** A server on which a day after another can be delivered, each with one person more. */
async function keptServer(options: TestOptions = {}) {
  const clock = clockAt('2026-11-22T10:00:00.000Z');
  const server = await testServer({ now: clock.now, ...options });
  const archive = join(server.app.config.dataDir, 'archive');
  const outbox = join(server.app.config.dataDir, 'outbox');
  const deliver = async (day: string) => {
    clock.set(`${day}T10:00:00.000Z`);
    await server.post('helloid/create', createBody(day));
    const { json } = await server.post('exports');
    await server.app.daily.settled();
    const { id } = json as { id: number };
    expect((await server.app.runs.find(id))?.state).toBe('delivered');
    return {
      persons: readFileSync(join(outbox, 'Users.csv')),
      roles: readFileSync(join(outbox, 'Roles.csv')),
    };
  };
  /** What lies there but the note of the delivery, which stays plain for a restore. */
  const kept = (run: number | string) => {
    const folder = join(archive, String(run));
    if (!existsSync(folder)) return null;
    return readdirSync(folder)
      .filter((name) => name !== '.delivered.json')
      .sort();
  };
  const tickAt = async (time: string) => {
    clock.set(time);
    await server.app.tick();
  };
  return { ...server, clock, archive, deliver, kept, tickAt };
}

const policy = { schedule: { cron: '0 0 0 1 1 *' }, retention: { archiveDays: 30 } };

test('once a newer pair is delivered the earlier one is kept compressed, and is answered byte for byte', async () => {
  const { app, deliver, kept, archive, get } = await keptServer({ policy });
  const first = await deliver('2026-11-22');
  await app.tick();
  expect(kept(1)).toEqual(plain);
  await deliver('2026-11-23');
  await app.tick();
  expect([kept(1), kept(2)]).toEqual([packed, plain]);
  expect(gunzipSync(readFileSync(join(archive, '1', 'Users.csv.gz')))).toEqual(first.persons);
  for (const [name, content] of [
    ['Users.csv', first.persons],
    ['Roles.csv', first.roles],
  ] as const) {
    const { status, headers, text } = await get(`exports/1/files/${name}`);
    expect([status, headers.get('content-length'), Buffer.from(text)]).toEqual([200, String(content.length), content]);
  }
});

test('the next effect is still measured against the pair delivered last', async () => {
  const { app, deliver } = await keptServer({ policy });
  for (const day of ['22', '23', '24']) {
    await deliver(`2026-11-${day}`);
    await app.tick();
  }
  const [newest] = await app.runs.list(1, null);
  expect(newest?.effect?.persons).toMatchObject({ total: 3, added: 1, reactivated: 0, deactivated: 0, changed: 0 });
});

test('past retention.archiveDays a pair is removed and said to be gone; its run stays, and so does the last pair', async () => {
  const { deliver, kept, tickAt, get } = await keptServer({ policy });
  await deliver('2026-11-22');
  await deliver('2026-11-23');
  await tickAt('2026-12-22T09:59:00.000Z');
  expect([kept(1), kept(2)]).toEqual([packed, plain]);
  await tickAt('2026-12-22T10:01:00.000Z');
  expect([kept(1), kept(2)]).toEqual([null, plain]);
  const gone = await get('exports/1/files/Users.csv');
  expect([gone.status, gone.json]).toMatchObject([
    404,
    { message: expect.stringMatching(/not kept any more/) as string },
  ]);
  expect((await get('exports/1')).json).toMatchObject({ state: 'delivered', files: [{ rows: 1 }, { rows: 1 }] });
  await tickAt('2026-12-31T10:00:00.000Z');
  expect(kept(2)).toEqual(plain);
});

test('runs that were never delivered go after the same term, and one that is held stays', async () => {
  const { deliver, kept, tickAt, post, app } = await keptServer({ policy });
  await deliver('2026-11-22');
  const emptied = async () => {
    await post('exports');
    await app.daily.settled();
  };
  await post('helloid/disable', updateBody('SC-2026-11-22', null));
  await emptied(); // blocked: nobody is left
  await emptied(); // the same, which supersedes it
  await post('exports/3/discard', why);
  await post('helloid/enable', updateBody('SC-2026-11-22', null));
  await post('helloid/update', updateBody('SC-2026-11-22', {}, []));
  await emptied(); // held: the roles file is empty
  const states = async () => (await app.runs.list(10, null)).map(({ state }) => state);
  expect(await states()).toEqual(['held', 'discarded', 'superseded', 'delivered']);
  await tickAt('2026-12-22T09:59:00.000Z');
  expect([1, 2, 3, 4].map(kept)).toEqual([plain, plain, plain, plain]);
  await tickAt('2026-12-22T10:01:00.000Z');
  expect([1, 2, 3, 4].map(kept)).toEqual([plain, null, null, plain]);
  expect(await states()).toHaveLength(4);
});

test('killed in the middle, the next tick goes on, and the file is answered at every moment', async () => {
  const { app, deliver, kept, archive, get } = await keptServer({ policy });
  const first = await deliver('2026-11-22');
  const half = join(archive, '1', 'Users.csv.gz.partial');
  await deliver('2026-11-23');
  const answered = async () => Buffer.from((await get('exports/1/files/Users.csv')).text);

  writeFileSync(half, 'half of'); // killed while compressing
  expect(await answered()).toEqual(first.persons);
  await app.tick();
  expect([kept(1), await answered()]).toEqual([packed, first.persons]);

  writeFileSync(join(archive, '1', 'Users.csv'), first.persons); // killed before the plain file was removed
  await app.tick();
  expect([kept(1), await answered()]).toEqual([packed, first.persons]);
});

test('a compressed pair that a restored ledger takes for the last one is made plain again', async () => {
  const { app, deliver, kept } = await keptServer({ policy });
  const first = await deliver('2026-11-22');
  await deliver('2026-11-23');
  await app.tick();
  await app.facts.set({ 'delivered-pair': '1' });
  await app.tick();
  expect(kept(1)).toEqual(plain);
  expect(readFileSync(app.daily.fileOf({ id: 1 } as never, 'Users.csv'))).toEqual(first.persons);
});

test('a pair that the ledger does not know is kept for the term, unless it was delivered last', async () => {
  const { app, deliver, kept, archive, tickAt } = await keptServer({ policy });
  await deliver('2026-11-22');
  for (const name of ['baseline', '99']) {
    renameSync(join(archive, '1'), join(archive, name));
    await app.facts.set({ 'delivered-pair': name });
    await tickAt(new Date(Date.now() + 31 * 86_400_000).toISOString());
    expect(kept(name)).toEqual(plain);
    renameSync(join(archive, name), join(archive, '1'));
  }
  renameSync(join(archive, '1'), join(archive, 'baseline'));
  await tickAt(new Date(Date.now() + 29 * 86_400_000).toISOString());
  expect(kept('baseline')).toEqual(plain);
  await tickAt(new Date(Date.now() + 31 * 86_400_000).toISOString());
  expect(kept('baseline')).toBe(null);
});

test('what a killed preview left behind goes at a later tick, and one under way stays', async () => {
  const { app, deliver, kept, archive, clock } = await keptServer({ policy });
  await deliver('2026-11-22');
  const cutOff = join(archive, '.preview-cut-off');
  const underWay = join(archive, '.preview-under-way');
  const hourAndMore = new Date(clock.now().getTime() - 61 * 60_000);
  for (const folder of [cutOff, underWay]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'Users.csv'), '"Jan"');
    utimesSync(folder, clock.now(), folder === cutOff ? hourAndMore : clock.now());
  }
  await app.tick();
  expect([kept('.preview-cut-off'), kept('.preview-under-way')]).toEqual([null, ['Users.csv']]);
});

test('an archive that cannot be tidied is said in one sentence, and the next tick goes on', async () => {
  const folder = temporaryFolder();
  const { app, deliver, archive } = await keptServer({ policy, environment: { DATA_DIR: folder } });
  await deliver('2026-11-22');
  renameSync(archive, `${archive}-moved`);
  await expect(app.tick()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/ENOENT/) as string,
  });
  renameSync(`${archive}-moved`, archive);
  await expect(app.tick()).resolves.toBeUndefined();
});
