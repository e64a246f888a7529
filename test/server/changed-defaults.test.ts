import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { examine } from '../../shared/doctor/examine.ts';
import { databasePath } from '../../shared/store/open.ts';
import { temporaryFolder } from '../folder.ts';
import { createBody } from '../helpers.ts';
import { startProgram, type Program } from '../process.ts';

const toldStep = 'settings: changed defaults';

/** The warnings about defaults in what a program printed. */
function told(program: Program): string[] {
  return program
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":40') && line.includes('the default of'));
}

async function doctorSays(env: Record<string, string>): Promise<string | undefined> {
  const { steps } = await examine({ env, cwd: temporaryFolder(), notify: false, now: new Date() });
  return steps.find(({ name, state }) => name === toldStep && state === 'warning')?.says;
}

test('a connector.json that names columns and leaves settings to changed defaults is told so once, and keeps the former files as advised', async () => {
  const columns = ['ou', 'gebruikersnaam', 'functiecode'].map((field) => ({ header: field, field }));
  const folder = temporaryFolder({ 'connector.json': JSON.stringify({ files: { roles: { columns } } }) });
  const environment = { CONFIG_FILE: join(folder, 'connector.json') };
  const dataDir = join(folder, 'data');
  const first = await startProgram(dataDir, environment);
  expect(told(first)).toHaveLength(1);
  expect(told(first)[0]).toContain('spendCloud.leavers is \\"passive\\" (before: \\"absent\\")');
  await first.end('SIGTERM');
  const says = (await doctorSays({ DATA_DIR: dataDir, ...environment })) ?? '';
  expect(says).toContain('files.persons.fileName is "Users.csv" (before: "ProActive.csv")');

  writeFileSync(environment.CONFIG_FILE, /write (\{.*\}) in connector\.json/.exec(says)?.[1] ?? '');
  expect(await doctorSays({ DATA_DIR: dataDir, ...environment })).toBeUndefined();
  const second = await startProgram(dataDir, environment);
  expect(told(second)).toEqual([]);
  await second.post('helloid/create', createBody(1));
  await second.post('exports');
  await expect
    .poll(async () => (await second.get('exports/1')).json, { timeout: 20_000 })
    .toMatchObject({ state: 'delivered' });
  expect(readFileSync(join(dataDir, 'outbox', 'ProActive.csv'), 'utf8').split('\r\n')[0]).toBe(
    '\uFEFF"voornaam";"tussenvoegsel";"achternaam";"geslacht";"email";"gebruikersnaam"',
  );
});

test('without a connector.json it is told only where an earlier release delivered', async () => {
  const dataDir = temporaryFolder();
  const program = await startProgram(dataDir);
  await program.post('helloid/create', createBody(1));
  await program.post('exports');
  await expect
    .poll(async () => (await program.get('exports/1')).json, { timeout: 20_000 })
    .toMatchObject({ state: 'delivered' });
  expect(told(program)).toEqual([]);
  await program.end('SIGTERM');
  expect(await doctorSays({ DATA_DIR: dataDir })).toBeUndefined();

  const db = new Database(databasePath(dataDir));
  db.exec("UPDATE facts SET value = json_remove(value, '$.leavers') WHERE name = 'delivered-shape'"); // as releases before wrote it
  db.close();
  expect(await doctorSays({ DATA_DIR: dataDir })).toContain('there is no connector.json');
  expect(told(await startProgram(dataDir))).toHaveLength(1);
});
