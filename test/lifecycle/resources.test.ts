import { expect, test } from 'vitest';
import { act } from '../actions.ts';
import { eventCount, testServer, type TestServer } from '../helpers.ts';

const record = (server: TestServer, SourceData: unknown, DryRun = false) =>
  act(server, 'resources', { actionContext: { DryRun }, resourceContext: { SourceData } });

test('departments and titles are kept apart, and named again they are one', async () => {
  const { app, ...server } = await testServer();
  const client = { app, ...server };
  await record(client, [
    { ExternalId: 'D1', DisplayName: 'Zorg' },
    { ExternalId: 'D2', DisplayName: null },
  ]);
  const output = await record(client, [{ ExternalId: 'F118', Code: 'TL', Name: 'Teamleider' }]);
  expect(output).toEqual({
    Success: true,
    AuditLogs: [{ Action: 'CreateResource', Message: 'Known role profile: [TL Teamleider]', IsError: false }],
  });
  await record(client, [{ externalid: 'D1', DISPLAYNAME: 'Zorg en welzijn' }]);
  expect(await app.resources.list('unit')).toEqual([
    { kind: 'unit', code: 'D1', name: 'Zorg en welzijn' },
    { kind: 'unit', code: 'D2', name: null },
  ]);
  expect(await app.resources.list('profile')).toEqual([{ kind: 'profile', code: 'TL', name: 'Teamleider' }]);
});

test('one failing item fails the action, and the rest go on', async () => {
  const server = await testServer();
  const output = await record(server, [
    { ExternalId: 'D1', DisplayName: 'Zorg' },
    'D2',
    { ExternalId: null, DisplayName: 'Zonder nummer' },
    { ExternalId: 'D3', DisplayName: 'Bel\u0007' },
    { ExternalId: 'D4', DisplayName: ['Zorg'] },
    { Code: '', Name: 'Zonder code' },
    null,
    { Code: 'x'.repeat(201), Name: 'Lang' },
    { ExternalId: 5, DisplayName: 'Getal' },
  ]);
  expect(output.Success).toBe(false);
  expect(output.AuditLogs.map(({ Action, Message, IsError }) => [Action, IsError, Message])).toEqual([
    ['CreateResource', false, 'Known organisational unit: [D1 Zorg]'],
    ['CreateResource', true, expect.stringMatching(/Item 2: not an object/)],
    ['CreateResource', true, expect.stringMatching(/Item 3: no ExternalId/)],
    ['CreateResource', true, expect.stringMatching(/Item 4: its name .*U\+0007/)],
    ['CreateResource', true, expect.stringMatching(/Item 5: DisplayName must be text/)],
    ['CreateResource', true, expect.stringMatching(/Item 6: no Code/)],
    ['CreateResource', true, expect.stringMatching(/Item 7: not an object/)],
    ['CreateResource', true, expect.stringMatching(/Item 8: its Code .*201/)],
    ['CreateResource', false, 'Known organisational unit: [5 Getal]'],
  ]);
  expect((await server.app.resources.list('unit')).map(({ code }) => code)).toEqual(['5', 'D1']);
});

test.each([[[]], [null], [undefined]])('no items at all (%s) succeed and say so', async (items) => {
  const server = await testServer();
  expect(await record(server, items)).toMatchObject({ Success: true, AuditLogs: [{ Action: 'CreateResource' }] });
});

test('a single item may come without its list', async () => {
  const server = await testServer();
  await record(server, { ExternalId: 'D1', DisplayName: 'Zorg' });
  expect(await server.app.resources.list('unit')).toHaveLength(1);
});

test('one event for all items, also where each failed, and none for a preview or a truncated body', async () => {
  const server = await testServer();
  const events = () => eventCount(server.app.config.dataDir);
  await record(server, [
    { ExternalId: 'D1', DisplayName: 'A' },
    { ExternalId: 'D2', DisplayName: 'B' },
  ]);
  await record(server, ['D3']);
  expect(events()).toBe(2);
  expect(await record(server, [{ ExternalId: 'D4', DisplayName: 'C' }], true)).toMatchObject({
    Success: true,
    AuditLogs: [{ Message: '[DryRun] Would record organisational unit: [D4 C]' }],
  });
  for (const SourceData of ['System.Object[]', ['@{ExternalId=D5}'], '@{ExternalId=D5}']) {
    const { status, json } = await server.post('helloid/resources', {
      actionContext: {},
      resourceContext: { SourceData },
    });
    expect(status).toBe(422);
    expect(json).toMatchObject({ message: expect.stringContaining('-Depth') as string });
  }
  expect(events()).toBe(2);
  expect((await server.app.resources.list('unit')).map(({ code }) => code)).toEqual(['D1', 'D2']);
});

test('as many as a body can hold are taken', async () => {
  const server = await testServer();
  const items = Array.from({ length: 40_000 }, (_, index) => ({
    ExternalId: `D${index}`,
    DisplayName: `Afdeling ${index}`,
  }));
  const output = await record(server, items);
  expect([output.Success, output.AuditLogs.length]).toEqual([true, 40_000]);
  expect(await server.app.resources.list('unit')).toHaveLength(40_000);
});
