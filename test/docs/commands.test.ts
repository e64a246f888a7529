import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { client, sample } from '../helpers.ts';
import { startSshd } from '../sshd.ts';
import { builtProject, commandsOf, doneByCi, newcomer, type Newcomer } from './newcomer.ts';
import { blocksOf, page } from './page.ts';

let project: string;
beforeAll(() => {
  project = builtProject();
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('what is left out of the pages is what .ci/run does itself', () => {
  const leftOut = ['README.md', 'docs/getting-started.md'].flatMap((path) =>
    blocksOf(page(path))
      .filter(({ mark }) => mark === 'ci')
      .map(({ text }) => ({ path, text })),
  );
  expect(leftOut.map(({ path, text }) => `${path}: ${text}`)).toEqual([
    'README.md: npm ci && npm start',
    'README.md: npm ci && npm test',
    'README.md: docker compose up\ndocker compose --profile server up\ndocker compose --profile test run --rm test',
    'docs/getting-started.md: npm ci',
  ]);
  const ci = readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8');
  for (const command of leftOut.flatMap(({ text }) => commandsOf(text)))
    for (const { there } of doneByCi.filter((done) => done.command.test(command))) expect(ci).toMatch(there);
});

// Side by side, because most of their time is npm's.
test.concurrent('the commands of the README do what it says', async ({ onTestFinished }) => {
  const reader = await newcomer(project);
  onTestFinished(() => reader.stop());
  await reader.follow('README.md');
  expect(readdirSync(join(reader.folder, 'data', 'outbox')).sort()).toEqual(['Roles.csv', 'Users.csv']);
});

test.concurrent(
  'docs/getting-started.md leads from nothing to a file at an SFTP server, as it says',
  async ({ onTestFinished }) => {
    const sshd = await startSshd();
    onTestFinished(() => sshd.stop());
    const reader = await newcomer(project, {
      replaced: [
        ['SFTP_HOST=sftp.spendcloud.example', 'SFTP_HOST=127.0.0.1'],
        ['SFTP_PORT=22', `SFTP_PORT=${sshd.port}`],
        ['SFTP_USERNAME=waterrijk', `SFTP_USERNAME=${sshd.username}`],
        ['SFTP_DIRECTORY=inbox', `SFTP_DIRECTORY=${sshd.directory}`],
      ],
      shown: [
        [`127.0.0.1:${sshd.port}`, 'sftp.spendcloud.example:22'],
        [sshd.directory, 'inbox'],
        [`${sshd.username}@`, 'waterrijk@'],
      ],
      elsewhere: [
        { before: 'rm -r data', done: () => reader.pressCtrlC() },
        { before: 'npx spendcloud export --dry-run', done: () => enforceForTwo(reader) },
        {
          before: 'cat > spendcloud.env',
          done: async () =>
            appendFileSync(
              join(sshd.directory, '../authorized_keys'),
              readFileSync(join(reader.folder, 'sftp-key.pub')),
            ),
        },
      ],
    });
    onTestFinished(() => reader.stop());
    await reader.follow('docs/getting-started.md');
    expect(readFileSync(join(sshd.directory, 'Users.csv'), 'utf8').split('\r\n')).toHaveLength(4);
    expect(reader.printed()).toContain(sshd.fingerprint);
    expect(reader.leftUndone()).toEqual([]);
  },
);

const sean = {
  voornaam: 'Seán',
  tussenvoegsel: null,
  achternaam: "O'Brien",
  geslacht: 'M',
  email: 'sobrien@waterrijk-zorg.example',
  gebruikersnaam: 'sobrien',
};
const routes: Record<string, string> = { 'subpermissions-grant': 'sub-permissions' };

/** What HelloID does once its enforcement reaches two persons: account, access and roles per contract. */
async function enforceForTwo({ address, key }: Newcomer): Promise<void> {
  const { post } = client(address);
  for (const { number, person } of [
    { number: '100234', person: {} },
    { number: '100235', person: sean },
  ]) {
    for (const name of ['create', 'enable', 'subpermissions-grant']) {
      const { actionContext, ...rest } = await sample(name);
      const Data: object | null = actionContext.Data && { ...actionContext.Data, ...person };
      const body = JSON.stringify({ actionContext: { ...actionContext, Data }, ...rest }).replaceAll('100234', number);
      const reply = await post(`helloid/${routes[name] ?? name}`, body, { key: key('agent') });
      expect({ name, reply: reply.json }).toEqual({
        name,
        reply: expect.objectContaining({ Success: true }) as unknown,
      });
    }
  }
}
