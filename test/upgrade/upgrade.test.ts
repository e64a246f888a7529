import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { databasePath } from '../../shared/store/open.ts';
import { packageVersion } from '../../shared/version.ts';
import { migrationDigests } from '../../tools/upgrade-fixture.ts';
import { createBody, temporaryFolder, updateBody } from '../helpers.ts';
import { startProgram } from '../process.ts';
import { settled } from '../functions/host/life.ts';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const versions = readdirSync(fixtures);
const why = { by: 'Fenna', reason: 'after the upgrade' };

function read(version: string, name: string): unknown {
  return JSON.parse(readFileSync(join(fixtures, version, name), 'utf8'));
}

/** The names of its persons and roles file. */
function fileNames(version: string): string[] {
  const { files } = read(version, 'connector.json') as { files: Record<'persons' | 'roles', { fileName: string }> };
  return [files.persons.fileName, files.roles.fileName];
}

/** A data folder as that version left it. */
function dataDirOf(version: string): string {
  const dataDir = temporaryFolder();
  const db = new Database(databasePath(dataDir));
  db.exec(readFileSync(join(fixtures, version, 'spendcloud.sql'), 'utf8'));
  db.close();
  cpSync(join(fixtures, version, 'archive'), join(dataDir, 'archive'), { recursive: true });
  return dataDir;
}

test('there is a fixture of every version that was released, and of the one to come', () => {
  const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
  const released = [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\]/gm)].map(([, version]) => version);
  expect(versions).toEqual(expect.arrayContaining([...released, packageVersion()]));
});

test('the fixture of the version to come has run every migration', () => {
  // before the release: npm run upgrade-fixture; after it: raise the version in package.json first
  expect(read(packageVersion(), 'migrations.json')).toEqual(migrationDigests());
});

for (const version of versions) {
  test(`the migrations that databases of ${version} have run are as they were`, () => {
    // before the release: make the fixture again by npm run upgrade-fixture; after it: undo the change and add a migration
    const digests = read(version, 'migrations.json') as string[];
    expect(migrationDigests().slice(0, digests.length)).toEqual(digests);
  });

  test(`a database and a connector.json of ${version} open in this version, and everything goes on`, async () => {
    const dataDir = dataDirOf(version);
    const server = await startProgram(dataDir, { CONFIG_FILE: join(fixtures, version, 'connector.json') });
    const { accounts } = (await server.get('accounts')).json as { accounts: { reference: string }[] };
    const before = read(version, 'accounts.json') as { reference: string }[];
    expect(before.length).toBeGreaterThan(3);
    expect(byReference(accounts)).toMatchObject(byReference(before));
    expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
    const names = fileNames(version);
    for (const name of names) {
      const kept = readFileSync(join(fixtures, version, 'archive', '1', name), 'utf8');
      expect((await server.get(`exports/1/files/${name}`)).text).toBe(kept);
    }

    const actions: [string, object][] = [
      ['create', createBody(77)],
      ['update', updateBody('SC-4', { achternaam: 'de Boer' })],
      ['enable', updateBody('SC-2', {})],
      ['disable', updateBody('SC-5', {})],
      ['create', createBody(3)], // deleted before the upgrade, revived with the same reference
    ];
    for (const [action, body] of actions)
      expect((await server.post(`helloid/${action}`, body)).json).toMatchObject({ Success: true });
    expect((await server.post('accounts/SC-1/accept-username', why)).status).toBe(200);

    const { id } = (await server.post('exports')).json as { id: number };
    expect(await settled(server, String(id))).toBe('held'); // the fixture's outbox was elsewhere
    const { effect, reasons } = (await server.get(`exports/${id}`)).json as { effect: object; reasons: string[] };
    expect(reasons).toEqual([expect.stringContaining('The destination changed')]);
    expect(effect).toMatchObject({ persons: { added: 1, reactivated: 0, deactivated: 1, renamed: 1 } }); // compared with what that version delivered
    await server.post(`exports/${id}/release`, why);
    expect(await settled(server, String(id))).toBe('delivered');
    const [persons = ''] = names;
    expect(readFileSync(join(dataDir, 'outbox', persons), 'utf8')).toContain('"p1-nieuw"');
    const next = join(fixtures, version, 'next'); // what that version delivers after the same actions
    if (existsSync(next))
      for (const name of names)
        expect(readFileSync(join(dataDir, 'outbox', name))).toEqual(readFileSync(join(next, name)));
    expect((await server.get('audit/verify')).json).toMatchObject({ ok: true });
    expect(await server.end('SIGTERM')).toBe(0);
  });
}

test('an installation of before the rows of inactive people, without a connector.json, is held until somebody looked', async () => {
  const dataDir = dataDirOf('0.1.0-six-fields');
  const server = await startProgram(dataDir);
  const { id } = (await server.post('exports')).json as { id: number };
  expect(await settled(server, String(id))).toBe('held');
  const run = (await server.get(`exports/${id}`)).json;
  expect(run).toMatchObject({
    reasons: [
      expect.stringContaining('The destination changed') as string,
      'The names or columns of the files changed',
      'spendCloud.leavers changed from absent to passive',
    ],
    files: [{ name: 'Users.csv' }, { name: 'Roles.csv' }],
    effect: { persons: { total: 3, added: 0, reactivated: 0, deactivated: 2, changed: 0, renamed: 0 } },
  });
  expect(existsSync(join(dataDir, 'outbox'))).toBe(false);
  await server.post(`exports/${id}/release`, why);
  expect(await settled(server, String(id))).toBe('delivered');
  const rows = readFileSync(join(dataDir, 'outbox', 'Users.csv'), 'utf8')
    .split('\r\n')
    .slice(1, -1);
  expect(rows.map((row) => row.split(';').slice(5).join(';'))).toEqual([
    '"p1";',
    '"p2";"Ja"', // disabled before the upgrade
    '"p3";"Ja"', // deleted
    '"p4";',
    '"p5";',
  ]);
  expect(await server.end('SIGTERM')).toBe(0);
});

function byReference(accounts: { reference: string }[]): Record<string, object> {
  return Object.fromEntries(accounts.map((account) => [account.reference, account]));
}
