import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { erasuresFile } from '../../shared/backup/erasure-list.ts';
import { backupName } from '../../shared/backup/names.ts';
import { makeBackup } from '../../shared/backup/make-backup.ts';
import { databasePath } from '../../shared/store/open.ts';
import { agentKey, clockAt, createBody, temporaryFolder, testServer, viewerKey } from '../helpers.ts';

interface Step {
  name: string;
  state: string;
  says: string;
}

test('the checks tell what the doctor finds; an operator also has the way of a delivery tried', async () => {
  const folder = temporaryFolder();
  const server = await testServer({ environment: { DATA_DIR: folder } });
  await server.post('helloid/create', createBody(1));
  const ask = async () => (await server.get('checks', viewerKey)).json as { computing: boolean; steps: Step[] | null };
  await expect.poll(async () => (await ask()).computing, { timeout: 20_000 }).toBe(false);
  const { steps } = await ask();
  expect(steps).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'settings', state: 'ok' }),
      expect.objectContaining({ name: 'database', state: 'ok' }),
      expect.objectContaining({ name: 'delivery', state: 'not tried' }),
    ]),
  );
  const tried = (await server.post('checks')).json as { at: string; steps: Step[] };
  expect(tried.steps).toContainEqual(expect.objectContaining({ name: 'delivery folder', state: 'ok' }));
  expect(readdirSync(folder).filter((name) => name.includes('doctor'))).toEqual([]);
});

test('keys are told by name with their last use, and never by value', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const folder = temporaryFolder();
  const server = await testServer({ now: clock.now, environment: { DATA_DIR: folder } });
  const key = await server.app.keys.add('hr-agent', 'agent');
  clock.set('2026-11-23T10:05:00.000Z');
  await server.post('helloid/create', createBody(1), { key });
  const reply = await server.get('keys', viewerKey);
  expect(reply.json).toEqual({
    keys: [
      {
        name: 'hr-agent',
        scope: 'agent',
        createdAt: '2026-11-23T10:00:00.000Z',
        lastUsedAt: '2026-11-23T10:05:00.000Z',
        fixed: false,
      },
      { name: 'AGENT_KEY', scope: 'agent', createdAt: null, lastUsedAt: null, fixed: true },
      { name: 'VIEWER_KEY', scope: 'viewer', createdAt: null, lastUsedAt: '2026-11-23T10:05:00.000Z', fixed: true },
      { name: 'OPERATOR_KEY', scope: 'operator', createdAt: null, lastUsedAt: null, fixed: true },
    ],
  });
  for (const secret of [key, agentKey, viewerKey]) expect(reply.text).not.toContain(secret);
  expect(reply.text).not.toMatch(/[0-9a-f]{64}/);

  await server.app.close();
  const next = await testServer({ now: clock.now, environment: { DATA_DIR: folder } });
  clock.set('2026-11-23T10:06:00.000Z');
  expect((await next.get('keys', viewerKey)).json).toMatchObject({
    keys: [{ lastUsedAt: '2026-11-23T10:05:00.000Z' }, {}, {}, {}],
  });
  await next.app.keys.remove('hr-agent');
  await next.app.keys.add('hr-agent', 'viewer');
  expect((await next.get('keys', viewerKey)).json).toMatchObject({
    keys: [{ scope: 'viewer', lastUsedAt: null }, {}, {}, {}],
  });
});

test('backups are told with time and size', async () => {
  const folder = temporaryFolder();
  const now = clockAt('2026-11-23T10:00:00.000Z').now;
  const server = await testServer({ now, environment: { DATA_DIR: folder } });
  expect((await server.get('backups', viewerKey)).json).toEqual({ backups: [], failure: null, offMachine: false });
  const place = {
    databasePath: databasePath(folder),
    folder: join(folder, 'backups'),
    backupDays: 30,
    erasures: erasuresFile(folder),
    blobs: null,
    mayRemove: () => true,
    now,
  };
  const { bytes } = await makeBackup(place);
  expect((await server.get('backups', viewerKey)).json).toMatchObject({
    backups: [{ name: backupName(now()), at: '2026-11-23T10:00:00.000Z', bytes }],
  });
});
