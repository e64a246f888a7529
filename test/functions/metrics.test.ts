import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { agentKey, clockAt, createBody, testServer, updateBody, viewerKey, type TestServer } from '../helpers.ts';

/** Every sample by its name with labels, as the text has it. */
async function samples({ get }: Pick<TestServer, 'get'>): Promise<Record<string, number>> {
  const { status, headers, text } = await get('metrics', viewerKey);
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', value] = /^(\S+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      expect(name, line).not.toBe('');
      return [name, Number(value)];
    }),
  );
}

const count = (action: string, outcome: string) => `spendcloud_actions_total{action="${action}",outcome="${outcome}"}`;

test('actions are counted by kind and outcome, with their durations', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  await server.post('helloid/create', createBody(2));
  await server.post('helloid/create', createBody(2));
  await server.post('helloid/create', createBody(3, { gebruikersnaam: '' }));
  await server.post('helloid/update', updateBody('SC-1', {}));
  const preview = createBody(4);
  preview.actionContext.DryRun = true;
  await server.post('helloid/create', preview);
  await server.post('helloid/create', '{');
  await server.post('helloid/create', createBody(5), { key: 'wrong' });
  await server.post('helloid/permissions', { actionContext: {} });
  await server.get('accounts');
  const found = await samples(server);
  expect(found).toMatchObject({
    [count('create', 'created')]: 2,
    [count('create', 'correlated')]: 1,
    [count('create', 'refused')]: 1,
    [count('create', 'preview')]: 1,
    [count('create', 'unreadable')]: 1,
    [count('create', 'unauthorized')]: 1,
    [count('update', 'unchanged')]: 1,
    'spendcloud_action_duration_seconds_count{action="create"}': 7,
    'spendcloud_action_duration_seconds_bucket{le="+Inf",action="create"}': 7,
  });
  expect(found[count('permissions', 'answered')]).toBe(1);
  expect(Object.keys(found).filter((name) => name.includes('accounts"'))).toEqual([]);
});

test('the state of the whole is read when asked', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await testServer({ now: clock.now });
  const before = await samples(server);
  expect(before).toMatchObject({ 'spendcloud_accounts{access="enabled"}': 0, spendcloud_roles: 0 });
  for (const absent of [
    'last_delivery_age_seconds',
    'last_delivery_duration_seconds',
    'backup_age_seconds',
    'helloid_silence_seconds',
  ])
    expect(before).not.toHaveProperty([`spendcloud_${absent}`]);

  await Promise.all([1, 2, 3].map((number) => server.post('helloid/create', createBody(number))));
  await server.post('helloid/disable', updateBody('SC-3', null));
  clock.set('2026-11-24T04:30:00.000Z');
  await server.app.daily.tick();
  await server.app.backups.tick();
  clock.set('2026-11-24T05:30:00.000Z');
  const found = await samples(server);
  expect(found).toMatchObject({
    'spendcloud_accounts{access="enabled"}': 2,
    'spendcloud_accounts{access="disabled"}': 1,
    spendcloud_roles: 3,
    'spendcloud_runs{state="delivered"}': 1,
    'spendcloud_runs{state="held"}': 0,
    spendcloud_last_delivery_age_seconds: 3600,
    spendcloud_last_delivery_duration_seconds: 0,
    'spendcloud_last_delivery_rows{file="Users.csv"}': 2,
    'spendcloud_last_delivery_rows{file="Roles.csv"}': 2,
    'spendcloud_last_delivery_effect{change="persons_added"}': 2,
    'spendcloud_last_delivery_effect{change="persons_reactivated"}': 0,
    spendcloud_backup_age_seconds: 3600,
    spendcloud_helloid_silence_seconds: 19.5 * 3600,
  });
  expect(found.spendcloud_database_bytes).toBeGreaterThan(4096);
  expect(found.spendcloud_changes).toBeGreaterThanOrEqual(found.spendcloud_commits ?? 0);
  expect(found.spendcloud_commits).toBeGreaterThan(0);
  expect(found).toHaveProperty('process_start_time_seconds');
});

test('metrics are for viewers and operators', async () => {
  const { get } = await testServer();
  expect((await get('metrics', null)).status).toBe(401);
  expect((await get('metrics', agentKey)).status).toBe(403);
});

test('no metric holds anything about a person, and every metric of the example alerts and the page exists', async () => {
  const clock = clockAt('2026-11-23T10:00:00.000Z');
  const server = await testServer({ now: clock.now });
  await server.post(
    'helloid/create',
    createBody(1, { achternaam: 'Marked', gebruikersnaam: 'marked', email: 'marked@x.example' }),
  );
  clock.set('2026-11-24T04:30:00.000Z');
  await server.app.daily.tick();
  await server.app.backups.tick();
  const { text } = await server.get('metrics');
  expect(text).not.toMatch(/marked|SC-1\b/i);
  const names = new Set([...text.matchAll(/^(spendcloud_\w+)/gm)].map(([, name]) => name));
  for (const page of ['alerts.example.yml', 'metrics.md']) {
    const named = (await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8')).matchAll(/spendcloud_\w+/g);
    for (const [name] of named)
      expect(names, page).toContain(
        name
          .replace(/duration_seconds$/, '$&_count')
          .replace('last_delivery_duration_seconds_count', 'last_delivery_duration_seconds'),
      );
  }
});
