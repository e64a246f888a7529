import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNow } from '../actions.ts';
import { command } from '../command.ts';
import { createBody, temporaryFolder, testServer, updateBody } from '../helpers.ts';
import { oldPerson, oldRole, writeOldDatabase } from '../legacy/old-connector.ts';
import { oldFiles, personHeaders, personRow, roleRow } from '../legacy/old-files.ts';
import { spendcloud } from './command.ts';

test('status says what was delivered last, which data it looked at, and that nothing waits', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  await runNow(server);
  const { dataDir } = server.app.config;
  const { code, output, errors } = await spendcloud(dataDir, ['status']);
  expect([code, errors]).toEqual([0, '']);
  expect(output).toContain(`Data in ${dataDir}: 1 active and 0 disabled account(s).`);
  expect(output).toMatch(/Delivered last: run 1 at .*, 1 active people and 1 role\(s\)\./);
});

test('a held run is told with its reasons, and ends with 3', async () => {
  const server = await testServer();
  for (let number = 1; number <= 10; number += 1) await server.post('helloid/create', createBody(number));
  await runNow(server);
  for (let number = 1; number <= 5; number += 1) await server.post('helloid/disable', updateBody(`SC-${number}`, null));
  await runNow(server);
  const { code, output } = await spendcloud(server.app.config.dataDir, ['status']);
  expect(code).toBe(3);
  expect(output).toMatch(/Run 2 is held:\n {2}5 person\(s\) would be deactivated, of 10/);
  expect(output).toMatch(/Guards that would have held in 90 days, of 1 run\(s\): deactivated 1, unit 1\./);
});

test('after a take-over it names whom nobody has called about since, until that is closed', async () => {
  const dataDir = temporaryFolder();
  const path = join(temporaryFolder(), 'SpendCloud.db');
  writeOldDatabase(path, [oldPerson('1', 'p1'), oldPerson('2', 'p2')], [oldRole('p1'), oldRole('p2')]);
  const files = oldFiles(
    ['1', '2'].map((number) => [...personRow(Number(number)), null]),
    [roleRow('p1'), roleRow('p2')],
    [...personHeaders, 'passief'],
  );
  const who = ['--by', 'Fenna', '--reason', 'change-over day'];
  const CONFIG_FILE = join(temporaryFolder(), 'connector.json');
  const environment = { DATA_DIR: dataDir, CONFIG_FILE };
  writeFileSync(CONFIG_FILE, '{}');
  const words = ['adopt', path, ...files, '--leavers', 'passive', '--write-config', ...who];
  const adopted = await command(words, environment);
  expect([0, 3], adopted.stderr).toContain(adopted.code);
  const { stdout } = await command(['status'], environment);
  expect(stdout).toMatch(/Not touched since: 2 of 2\.\n {2}p1 \(number 1\)\n {2}p2 \(number 2\)/);
  await command(['adopt', '--close', ...who], environment);
  expect((await command(['status'], environment)).stdout).not.toContain('Not touched');
});

test('where there is no database it says so, makes none, and ends with 2', async () => {
  const dataDir = temporaryFolder();
  const { code, errors } = await spendcloud(dataDir, ['status']);
  expect([code, errors]).toEqual([2, `There is no database in ${dataDir}; is DATA_DIR that of the connector?\n`]);
  expect(readdirSync(dataDir)).toEqual([]);
});
