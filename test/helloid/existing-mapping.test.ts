import { describe, expect, test } from 'vitest';
import { kitScripts } from '../../tools/helloid-kit/scripts.ts';
import { testServer, type TestServer } from '../helpers.ts';
import { kitBody, readSample, type Sample } from './bodies.ts';

// A field mapping that HelloID holds already, from the earlier connector or made by hand, need not become that of the kit.

const plain = { externalId: '100871', email: 's.obrien@waterrijk-zorg.example', voornaam: 'Seán' };
const names = { ...plain, tussenvoegsel: null, achternaam: "O'Brien", gebruikersnaam: 'sobrien' };

describe.each([
  ['gender', { gender: 'M' }, { gender: 'V' }],
  ['geslacht', { geslacht: 'M' }, { geslacht: 'V' }],
  ['both, of which geslacht counts', { gender: 'O', geslacht: 'M' }, { gender: 'O', geslacht: 'V' }],
])('a mapping with %s', (_name, before, after) => {
  test('goes from create to import, and is answered by the names it has', async () => {
    const server = await testServer();
    const stored = (value: string) => Object.fromEntries(Object.keys(before).map((name) => [name, value]));
    expect(await run(server, 'create.ps1', 'correlate', { Data: { ...names, ...before } })).toMatchObject({
      Success: true,
      Data: { ...names, ...stored('M') },
    });
    const updated = await run(server, 'update.ps1', 'update-after-correlate', { Data: { ...names, ...after } });
    expect(updated).toMatchObject({ Success: true });
    expect([updated.PreviousData, updated.Data]).toEqual([
      { ...names, ...stored('M') },
      { ...names, ...stored('V') },
    ]);
    expect((await server.get('accounts/SC-100871')).json).toMatchObject({ geslacht: 'V' });

    const ImportFields = [...Object.keys(names), ...Object.keys(before)];
    expect(await run(server, 'import.ps1', 'import', { ImportFields })).toMatchObject({
      items: [{ AccountReference: 'SC-100871', Data: { ...names, ...stored('V') } }],
    });
  });
});

test('a mapped field that the connector does not know, such as passief, changes nothing and is not answered', async () => {
  const server = await testServer();
  const Data = { ...names, geslacht: 'M' };
  const created = await run(server, 'create.ps1', 'correlate', {
    Data: { ...Data, passief: 'Ja', Passief2: { a: 1 } },
  });
  expect(created).toMatchObject({ Success: true, AccountReference: 'SC-100871' });
  expect(created.Data).toEqual(Data);
  for (const passief of ['Ja', '', null, false, ['Ja'], '@{x=1}']) {
    const updated = await run(server, 'update.ps1', 'update-after-correlate', { Data: { ...Data, passief } });
    expect(updated).toMatchObject({
      Success: true,
      AuditLogs: [{ Message: 'No changes for person [SC-100871]', IsError: false }],
    });
    expect([updated.PreviousData, updated.Data]).toEqual([Data, Data]);
  }
  expect((await server.get('accounts/SC-100871')).json).toMatchObject({ enabled: true });
});

test('an import that asks for passief gets an empty one, beside what the connector has', async () => {
  const server = await testServer();
  await run(server, 'create.ps1', 'correlate', { Data: { ...names, geslacht: 'M' } });
  expect(await run(server, 'import.ps1', 'import', { ImportFields: ['externalId', 'passief'] })).toMatchObject({
    items: [{ Enabled: true, Data: { externalId: '100871', passief: null } }],
  });
});

test('data that a mapping sends at delete, as that of releases 2.0.0 and 2.0.1 does, are no hindrance', async () => {
  const server = await testServer();
  await run(server, 'create.ps1', 'correlate', { Data: { ...names, gender: 'M' } });
  const References = { Account: 'SC-100871' };
  expect(await run(server, 'delete.ps1', 'delete', { Data: { ...names, gender: 'M' }, References })).toMatchObject({
    Success: true,
    AuditLogs: [{ Action: 'DeleteAccount', IsError: false }],
  });
});

/** Posts what a script of the kit would, for a sample with other members in its actionContext. */
async function run(server: TestServer, path: string, name: string, members: object): Promise<Record<string, unknown>> {
  const script = kitScripts.find((candidate) => candidate.path === path);
  if (!script) throw new Error(`there is no script ${path}`);
  const sample: Sample = readSample(name);
  const body = kitBody(script, { ...sample, actionContext: { ...sample.actionContext, ...members } });
  const { status, json, text } = await server.post(`helloid/${script.action}`, body);
  expect(status, text).toBe(200);
  return json;
}
