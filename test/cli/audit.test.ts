import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command, sqlite3 } from '../command.ts';
import { createBody, temporaryFolder, testServer } from '../helpers.ts';

async function dataOf(people: number): Promise<string> {
  const { post, app } = await testServer();
  for (let number = 1; number <= people; number += 1) await post('helloid/create', createBody(number));
  await app.close();
  return app.config.dataDir;
}

test('audit verify says the head to keep, and with that head finds what was cut off', async () => {
  const DATA_DIR = await dataOf(3);
  const whole = await command(['audit', 'verify', '--json'], { DATA_DIR });
  expect(whole.code).toBe(0);
  const { head, entries } = JSON.parse(whole.stdout) as { head: string; entries: number };
  expect(entries).toBe(3);
  expect((await command(['audit', 'verify'], { DATA_DIR })).stdout).toContain(`--entry 3 --head ${head}`);

  sqlite3(
    DATA_DIR,
    'DROP TRIGGER audit_keeps_entries; DROP TRIGGER audit_detail_keeps_entries; DELETE FROM audit_detail WHERE entry = 3; DELETE FROM audit WHERE entry = 3',
  );
  const cut = await command(['audit', 'verify', '--entry', '3', '--head', head, '--json'], { DATA_DIR });
  expect([cut.code, JSON.parse(cut.stdout)]).toMatchObject([1, { ok: false, brokenAt: 3 }]);
  expect((await command(['audit', 'verify', '--entry', '3', '--head', head], { DATA_DIR })).stdout).toMatch(
    /BROKEN at entry 3.*cut off/,
  );
});

test('the head beside a delivered pair finds an end that was cut off', async () => {
  const server = await testServer();
  const DATA_DIR = server.app.config.dataDir;
  for (const number of [1, 2]) await server.post('helloid/create', createBody(number));
  await server.post('exports');
  await server.app.daily.settled();
  await server.app.close();
  const note = readFileSync(join(DATA_DIR, 'archive', '1', '.delivered.json'), 'utf8');
  const { trail } = JSON.parse(note) as { trail: { entry: number; hash: string } };
  const words = ['audit', 'verify', '--entry', String(trail.entry), '--head', trail.hash];
  expect(await command(words, { DATA_DIR })).toMatchObject({ code: 0 });
  sqlite3(
    DATA_DIR,
    'DROP TRIGGER audit_keeps_entries; DROP TRIGGER audit_detail_keeps_entries; DELETE FROM audit_detail WHERE entry > 1; DELETE FROM audit WHERE entry > 1',
  );
  expect(await command(words, { DATA_DIR })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/BROKEN at entry 2.*cut off/) as string,
  });
});

test('audit verify names a database that is none, one that is not there, and half a head', async () => {
  const DATA_DIR = temporaryFolder();
  expect(await command(['audit', 'verify'], { DATA_DIR })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('DATA_DIR') as string,
  });
  writeFileSync(join(DATA_DIR, 'spendcloud.db'), 'not a database at all '.repeat(500));
  expect(await command(['audit', 'verify'], { DATA_DIR })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/BROKEN.*damaged/) as string,
  });
  expect(await command(['audit', 'verify', '--entry', '3'], { DATA_DIR })).toMatchObject({ code: 2 });
  expect(await command(['audit', 'verify', '--head', 'abc', '--entry', '3'], { DATA_DIR })).toMatchObject({ code: 2 });
});

test('audit export writes CSV to the screen or a file, and JSON lines', async () => {
  const DATA_DIR = await dataOf(2);
  const folder = temporaryFolder();
  const screen = await command(['audit', 'export', '--reference', 'SC-2'], { DATA_DIR });
  expect(screen.code).toBe(0);
  expect(screen.stdout.split('\r\n')).toHaveLength(3);
  await command(['audit', 'export', join(folder, 'audit.csv'), '--reference', 'SC-2'], { DATA_DIR });
  expect(readdirSync(folder)).toEqual(['audit.csv']);
  expect(readFileSync(join(folder, 'audit.csv'), 'utf8')).toBe(`\uFEFF${screen.stdout}`);
  const lines = await command(['audit', 'export', '--json', '--action', 'create'], { DATA_DIR });
  expect(
    lines.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { entry: number }).entry),
  ).toEqual([2, 1]);
  expect(await command(['audit', 'export', '--from', 'May'], { DATA_DIR })).toMatchObject({ code: 2 });
});

test('a key that is made or removed stands in the trail, and a change that is refused does not', async () => {
  const DATA_DIR = temporaryFolder();
  const made = await command(['keys', 'add', 'hr-agent', '--scope', 'agent', '--json'], { DATA_DIR });
  const { key } = JSON.parse(made.stdout) as { key: string };
  expect((await command(['keys', 'add', 'hr-agent', '--scope', 'agent'], { DATA_DIR })).code).toBe(2);
  expect((await command(['keys', 'remove', 'hr-agent'], { DATA_DIR })).code).toBe(0);
  expect((await command(['keys', 'remove', 'hr-agent'], { DATA_DIR })).code).toBe(2);
  const { stdout } = await command(['audit', 'export', '--json'], { DATA_DIR });
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([
    { entry: 2, action: 'key-remove', outcome: 'removed', messages: ['Key [hr-agent] is refused from now on'] },
    {
      entry: 1,
      action: 'key-add',
      outcome: 'added',
      messages: [expect.stringContaining('[hr-agent] of scope agent') as string],
    },
  ]);
  expect(stdout).not.toContain(key);
});
