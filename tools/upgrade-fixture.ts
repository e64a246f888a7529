/**
 * Makes the fixture of the upgrade test for the present version: `npm run upgrade-fixture`, in test/upgrade/fixtures/<version>/. A small database of invented
 * people as this version leaves it, as text, with its connector.json and the digests of the migrations it has run. Make it again as often as needed until that
 * version is released, and never after.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routes } from '../functions/routes.ts';
import { buildServer } from '../server/server.ts';
import { openApp, type App } from '../shared/app.ts';
import { loadConfig } from '../shared/config.ts';
import { silent } from '../shared/log.ts';
import { migrations } from '../shared/store/migrations.ts';
import { databasePath } from '../shared/store/open.ts';

const fixtures = fileURLToPath(new URL('../test/upgrade/fixtures', import.meta.url));
const connector = readFileSync(new URL('../connector.example.json', import.meta.url), 'utf8');

const operatorKey = 'operator-key-of-the-fixture';

if (import.meta.main) await makeFixture();

/** SHA-256 of each migration, in order. */
export function migrationDigests(): string[] {
  return migrations.map((sql) => createHash('sha256').update(sql).digest('hex'));
}

async function makeFixture(): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const fixture = join(fixtures, version);
  const dataDir = join(tmpdir(), 'spendcloud-fixture'); // its name stands in the database
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(fixture, { recursive: true, force: true });
  mkdirSync(fixture, { recursive: true });
  const connectorFile = join(fixture, 'connector.json');
  writeFileSync(connectorFile, connector);

  const config = loadConfig({ DATA_DIR: dataDir, CONFIG_FILE: connectorFile, OPERATOR_KEY: operatorKey });
  const app = await openApp(config, { log: silent, now: () => new Date('2026-11-23T10:00:00Z') });
  const accounts = await live(app);
  await app.close();
  const dump = execFileSync('sqlite3', [databasePath(dataDir), '.dump'], { encoding: 'utf8' });
  writeFileSync(join(fixture, 'spendcloud.sql'), `${dump}PRAGMA user_version=${migrations.length};\n`);
  writeFileSync(join(fixture, 'accounts.json'), `${JSON.stringify(accounts, undefined, 2)}\n`);
  writeFileSync(join(fixture, 'migrations.json'), `${JSON.stringify(migrationDigests(), undefined, 2)}\n`);
  cpSync(join(dataDir, 'archive'), join(fixture, 'archive'), { recursive: true });
  rmSync(dataDir, { recursive: true });
}

/** Joiners, a delivery, a leaver, a changed username that waits; gives the accounts as they are answered at the end. */
async function live(app: App): Promise<unknown[]> {
  const server = buildServer(app, routes);
  async function call(method: 'GET' | 'POST', path: string, payload?: object): Promise<Record<string, unknown>> {
    const headers = { 'x-functions-key': operatorKey };
    const reply = await server.inject({ method, url: `/api/${path}`, headers, ...(payload && { payload }) });
    const answer = reply.json<Record<string, unknown>>();
    if (reply.statusCode >= 300 || answer.Success === false) throw new Error(`${path}: ${reply.body}`);
    return answer;
  }
  for (let number = 1; number <= 5; number += 1)
    await call('POST', 'helloid/create', action({ data: person(number), contracts: [contract(number)] }));
  await call('POST', 'exports');
  await app.daily.settled();
  await call('POST', 'helloid/update', action({ data: { gebruikersnaam: 'p1-nieuw' }, reference: 'SC-1' }));
  await call('POST', 'helloid/disable', action({ reference: 'SC-2' }));
  await call('POST', 'helloid/delete', action({ reference: 'SC-3' }));
  const SourceData = [{ Code: 'TL-ZORG', Name: 'Teamleider zorg' }];
  await call('POST', 'helloid/resources', { actionContext: {}, resourceContext: { SourceData } });
  await call('POST', 'pause', { by: 'Fenna', reason: 'a weekend' });
  await call('POST', 'resume', { by: 'Fenna', reason: 'it is over' });
  const { accounts } = await call('GET', 'accounts');
  await server.close();
  return accounts as unknown[];
}

interface Action {
  data?: object | null;
  reference?: string | null;
  contracts?: object[];
}

function action({ data = null, reference = null, contracts }: Action): object {
  const actionContext = { DryRun: false, Data: data, References: { Account: reference }, Origin: 'enforcement' };
  return { actionContext, personContext: contracts ? { Person: { Contracts: contracts } } : null };
}

function person(number: number): object {
  const gebruikersnaam = `p${number}`;
  const name = { voornaam: 'Anna', tussenvoegsel: 'van der', achternaam: `Ven ${number}`, geslacht: 'V' };
  return { externalId: String(number), email: `${gebruikersnaam}@waterrijk-zorg.example`, gebruikersnaam, ...name };
}

function contract(number: number): object {
  return {
    Context: { InConditions: true },
    ExternalId: `${number}-1`,
    StartDate: '2019-03-01T00:00:00Z',
    EndDate: null,
    Department: { DisplayName: 'Thuiszorg Noord', ExternalId: 'D0310' },
    Title: { Name: 'Teamleider zorg', Code: 'TL-ZORG', ExternalId: 'TL-ZORG' },
  };
}
