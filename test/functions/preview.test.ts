import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentKey, clockAt, createBody, temporaryFolder, testServer, viewerKey, type TestServer } from '../helpers.ts';

interface Shown {
  at: string | null;
  computing: boolean;
  failed: string | null;
  preview: { effect: { persons: object; who?: object }; findings: object[]; findingCount: number } | null;
}

const ask = async (server: TestServer, query = '') =>
  (await server.get(`preview${query}`, viewerKey)).json as unknown as Shown;

/** Asks until nothing newer is on its way. */
async function settled(server: TestServer, query = ''): Promise<Shown> {
  let shown = await ask(server, query);
  await expect.poll(async () => (shown = await ask(server, query)).computing, { timeout: 20_000 }).toBe(false);
  return shown;
}

test('the preview is what a dry run is, and is made anew after a change, but not within a minute', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await testServer({ now: clock.now });
  await server.post('helloid/create', createBody(1, { email: null }));
  const { at, preview } = await settled(server);
  expect(at).toBe('2026-11-23T10:00:00.000Z');
  expect(preview).toEqual({
    ...((await server.post('exports', { dryRun: true })).json as object),
    findingCount: preview?.findings.length,
  });
  expect(preview?.findings).toHaveLength(1);

  await server.post('helloid/create', createBody(2));
  clock.set('2026-11-23T10:00:59.000Z');
  expect(await ask(server)).toMatchObject({ at, computing: false });
  clock.set('2026-11-23T10:01:00.000Z');
  const next = await settled(server, '?who=false');
  expect(next.at).toBe('2026-11-23T10:01:00.000Z');
  expect(next.preview).toMatchObject({ effect: { persons: { total: 2 } }, findings: [], findingCount: 1 });
  expect(next.preview?.effect.who).toBeUndefined();

  clock.set('2026-11-23T10:09:00.000Z'); // nothing changed
  expect(await ask(server)).toMatchObject({ at: next.at, computing: false });
});

test('a table that is broken is told as the reason, and no more once it is mended', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const table = join(temporaryFolder(), 'units.csv');
  writeFileSync(table, '"');
  const server = await testServer({ now: clock.now, policy: { roles: { unitTable: table } } });
  await server.post('helloid/create', createBody(1));
  const broken = await settled(server);
  expect(broken).toMatchObject({ preview: null });
  expect(broken.failed).toContain('units.csv');
  writeFileSync(table, 'D1;Unit\n');
  clock.set('2026-11-23T10:01:00.000Z');
  const mended = await settled(server);
  expect(mended).toMatchObject({ failed: null, preview: { effect: { persons: { total: 1 } } } });
  rmSync(table);
});

test('a table that was changed makes a new preview', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const table = join(temporaryFolder(), 'units.csv');
  writeFileSync(table, 'D1;Unit\n');
  const server = await testServer({ now: clock.now, policy: { roles: { unitTable: table } } });
  await server.post('helloid/create', createBody(1));
  expect((await settled(server)).preview).toMatchObject({ findings: [{ code: 'unmapped-unit' }] });
  writeFileSync(table, 'D0310;Thuiszorg Noord\n');
  clock.set('2026-11-23T10:01:00.000Z');
  expect((await settled(server)).preview).toMatchObject({ findings: [] });
});

test('an agent sees none of what people at the dashboard see, and a viewer has nothing tried', async () => {
  const server = await testServer();
  for (const route of ['overview', 'statistics', 'preview', 'checks', 'keys', 'backups'])
    expect([route, (await server.get(route, agentKey)).status]).toEqual([route, 403]);
  expect((await server.post('checks', undefined, { key: viewerKey })).status).toBe(403);
});

test('previews that are asked for at once are one', async () => {
  const { app, get, post } = await testServer();
  await post('helloid/create', createBody(1));
  let made = 0;
  const read = app.tables.read;
  app.tables.read = () => {
    made += 1;
    return read();
  };
  const asked = await Promise.all([
    ...Array.from({ length: 5 }, () => post('exports', { dryRun: true })),
    get('preview'),
  ]);
  for (const { status } of asked) expect(status).toBe(200);
  expect(made).toBe(1);
  await post('helloid/create', createBody(2));
  expect((await post('exports', { dryRun: true })).json).toMatchObject({ effect: { persons: { total: 2 } } });
});
