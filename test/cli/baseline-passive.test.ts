import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Baseline } from '../../shared/daily/baseline.ts';
import { runNow } from '../actions.ts';
import { createBody, temporaryFolder, testServer, updateBody, type TestServer } from '../helpers.ts';
import { oldFiles, personHeaders, personRow, roleRow } from '../legacy/old-files.ts';
import { spendcloud, type Outcome } from './command.ts';

const who = ['--by', 'Fenna', '--reason', 'change-over day'];

type Cell = string | null;

/** Both files as release 2.0.5 of the earlier connector exports them; `headers` of the persons file may be others. */
function files(persons: Cell[][], roles: Cell[][], headers = [...personHeaders, 'passief']): [string, string] {
  return oldFiles(persons, roles, headers);
}

async function serverWith(people: number, policy: object, OUTBOX_DIR: string): Promise<TestServer> {
  const server = await testServer({ policy, environment: { OUTBOX_DIR } });
  for (let number = 1; number <= people; number += 1) await server.post('helloid/create', createBody(number));
  return server;
}

function baseline({ app }: TestServer, given: string[], words: string[], environment = {}): Promise<Outcome> {
  return spendcloud(app.config.dataDir, ['baseline', ...given, ...who, ...words], environment);
}

test('inactive rows of the baseline go on as they are, whoever is active there and unknown here is closed, and nothing is held for it', async () => {
  const OUTBOX_DIR = temporaryFolder();
  const guards = { deactivated: { atLeast: 50 } };
  const server = await serverWith(3, { guards }, OUTBOX_DIR);
  await server.post('helloid/delete', updateBody('SC-3', null));
  const given = files(
    [
      [...personRow(1), null],
      [...personRow(2), ''],
      [...personRow(3), 'Ja'],
      [...personRow(8, 'unknown'), null],
      [...personRow(9, 'gone'), ' ja '],
    ],
    [roleRow('p1'), roleRow('p2'), roleRow('unknown'), roleRow('gone')],
  );
  const taken: Baseline = (await baseline(server, given, ['--json'], { OUTBOX_DIR })).json;
  expect(taken).toMatchObject({
    files: [{ rows: 5 }, { rows: 3 }],
    notes: [
      { kind: 'unknown-person', key: 'unknown' },
      { kind: 'unknown-person', key: 'gone' },
      { kind: 'role-of-inactive', file: 'roles', line: 5, key: 'gone' },
    ],
  });

  const run = await runNow(server);
  expect(run).toMatchObject({
    state: 'delivered',
    reasons: [],
    effect: { persons: { total: 2, added: 0, reactivated: 0, deactivated: 1, changed: 0, renamed: 0 } },
  });
  expect(run.effect.who).toMatchObject({ deactivated: [{ reference: null, key: 'unknown' }] });
  const { text } = await server.get(`exports/${run.id}/files/Users.csv`);
  expect(text.split('\r\n').slice(1, -1)).toEqual([
    '"Anna";"";"Jansen 9";"V";"p9@waterrijk-zorg.example";"gone";"Ja"',
    '"Anna";"";"Jansen 1";"V";"p1@waterrijk-zorg.example";"p1";',
    '"Anna";"";"Jansen 2";"V";"p2@waterrijk-zorg.example";"p2";',
    '"Anna";"";"Jansen 3";"V";"p3@waterrijk-zorg.example";"p3";"Ja"',
    '"Anna";"";"Jansen 8";"V";"p8@waterrijk-zorg.example";"unknown";"Ja"',
  ]);
});

test('who is inactive in the baseline and active here counts as reactivated', async () => {
  const OUTBOX_DIR = temporaryFolder();
  const server = await serverWith(2, {}, OUTBOX_DIR);
  const given = files(
    [
      [...personRow(1), null],
      [...personRow(2), 'Ja'],
    ],
    [roleRow('p1')],
  );
  expect((await baseline(server, given, [], { OUTBOX_DIR })).code).toBe(0);
  expect(await runNow(server)).toMatchObject({
    effect: { persons: { total: 2, added: 0, reactivated: 1, deactivated: 0, changed: 0 }, roles: { added: 1 } },
  });
});

test('a person who is active on one line and inactive on another is told', async () => {
  const OUTBOX_DIR = temporaryFolder();
  const server = await serverWith(2, {}, OUTBOX_DIR);
  const given = files(
    [
      [...personRow(1), null],
      [...personRow(2), 'Ja'],
      [...personRow(2), null],
    ],
    [],
  );
  const taken: Baseline = (await baseline(server, given, ['--json'], { OUTBOX_DIR })).json;
  expect(taken.notes).toMatchObject([
    { kind: 'same-person', line: 3 },
    { kind: 'both-states', line: 4, key: 'p2' },
  ]);
});

test.each([
  [
    'a file with passief, where inactive people are absent',
    { spendCloud: { leavers: 'absent' } },
    true,
    /passief.*spendCloud\.leavers to "passive"/,
  ],
  ['a file without passief, where it is expected', {}, false, /spendCloud\.leavers to "absent"/],
])('%s is refused, and the setting is named', async (_what, policy, withStatus, says) => {
  const OUTBOX_DIR = temporaryFolder();
  const server = await serverWith(1, policy, OUTBOX_DIR);
  const CONFIG_FILE = join(temporaryFolder(), 'connector.json');
  writeFileSync(CONFIG_FILE, JSON.stringify(policy));
  const given = withStatus ? files([[...personRow(1), null]], []) : files([personRow(1)], [], personHeaders);
  const { code, errors } = await baseline(server, given, [], { OUTBOX_DIR, CONFIG_FILE });
  expect([code, errors]).toEqual([1, expect.stringMatching(says)]);
});

test('a status that is neither of the two is refused by line, without its text', async () => {
  const OUTBOX_DIR = temporaryFolder();
  const server = await serverWith(1, {}, OUTBOX_DIR);
  const given = files([[...personRow(1), 'Nee']], []);
  const { errors } = await baseline(server, given, [], { OUTBOX_DIR });
  expect(errors).toMatch(/line 2: passief says neither/);
  expect(errors).not.toContain('Nee');
});
