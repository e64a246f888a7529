import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { examine } from '../../shared/doctor/examine.ts';
import { checkSftp } from '../../shared/doctor/sftp.ts';
import type { Step } from '../../shared/doctor/step.ts';
import { temporaryFolder } from '../helpers.ts';
import { startHook, startSilence } from '../notify/receivers.ts';
import { startSsh2Server, status } from '../ssh2-server.ts';
import { freePort, settingsFor, startSshd, type Sshd } from '../sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

/** The states in order, shortened: `ok ok FAILED - -`. */
const states = (steps: Step[]) =>
  steps.map(({ state }) => (state === 'not tried' ? '-' : state === 'failed' ? 'FAILED' : state)).join(' ');
const failure = (steps: Step[]) => steps.find(({ state }) => state === 'failed')?.says ?? '';

test('against OpenSSH every step is well, what was there stays, and nothing is left behind', async () => {
  const settings = settingsFor(sshd);
  writeFileSync(join(settings.directory, 'Users.csv'), 'of yesterday');
  const steps = await checkSftp(settings);
  expect(states(steps)).toBe('ok ok ok ok ok ok ok ok');
  expect(steps.map(({ name }) => name)).toEqual(
    ['reach', 'host key', 'login', 'folder', 'write', 'rename', 'read back', 'clean up'].map((name) => `SFTP ${name}`),
  );
  expect(steps[1]?.says).toContain(sshd.fingerprint);
  expect(steps[5]?.says).toMatch(/posix-rename/);
  expect(readdirSync(settings.directory)).toEqual(['Users.csv']);
});

test('a host key that is not pinned is shown to pin, and no login is tried', async () => {
  const steps = await checkSftp(settingsFor(sshd, { hostKeys: [`SHA256:${'A'.repeat(43)}`] }));
  expect(states(steps)).toBe('ok FAILED - - - - - -');
  expect(failure(steps)).toContain(sshd.fingerprint);
});

test('with no host key set yet the settings are wrong, and the one that the server shows is told', async () => {
  const env = {
    DATA_DIR: temporaryFolder(),
    SFTP_HOST: '127.0.0.1',
    SFTP_PORT: String(sshd.port),
    SFTP_USERNAME: sshd.username,
    SFTP_PRIVATE_KEY: sshd.privateKey,
  };
  const { settingsRight, steps } = await examine({ env, cwd: temporaryFolder(), notify: false, now: new Date() });
  expect(settingsRight).toBe(false);
  expect(states(steps)).toBe('FAILED ok FAILED -');
  expect(steps[0]?.says).toMatch(/SFTP_HOST_KEY/);
  expect(steps[2]?.says).toContain(sshd.fingerprint);
});

test('a wrong key is refused at the login, and the user’s name is not told', async () => {
  const folder = temporaryFolder();
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'other')]);
  const privateKey = readFileSync(join(folder, 'other'), 'utf8');
  const steps = await checkSftp(settingsFor(sshd, { privateKey, username: 'spend-login' }));
  expect(states(steps)).toBe('ok ok FAILED - - - - -');
  expect(failure(steps)).toMatch(/refuses the login.*SFTP_PRIVATE_KEY/);
  expect(failure(steps)).not.toContain('spend-login');
});

test('a missing folder, and a file in its place, are named', async () => {
  const missing = await checkSftp(settingsFor(sshd, { directory: join(sshd.directory, 'not-there') }));
  expect(states(missing)).toBe('ok ok ok FAILED - - - -');
  expect(failure(missing)).toMatch(/has no folder .*not-there.*SFTP_DIRECTORY/);
  const file = join(sshd.directory, 'a-file');
  writeFileSync(file, '');
  expect(failure(await checkSftp(settingsFor(sshd, { directory: file })))).toMatch(/has a file where/);
});

test('a read-only folder fails at the writing', async () => {
  const readOnly = await startSshd({ sftpServer: ['-R'] });
  onTestFinished(() => readOnly.stop());
  const steps = await checkSftp(settingsFor(readOnly));
  expect(states(steps)).toBe('ok ok ok ok FAILED - - -');
  expect(failure(steps)).toMatch(/does not let us write/);
});

test('a server that nobody runs, one that says nothing and one that speaks no SSH fail at the first steps', async () => {
  const gone = await checkSftp(settingsFor(sshd, { port: await freePort() }));
  expect(states(gone)).toBe('FAILED - - - - - - -');
  expect(failure(gone)).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  const silent = await checkSftp(settingsFor(sshd, { port: await startSilence(), deadlineSeconds: 1 }));
  expect(states(silent)).toBe('ok FAILED - - - - - -');
  expect(failure(silent)).toMatch(/did not finish within 1 seconds/);
  const { url } = await startHook();
  const web = await checkSftp(settingsFor(sshd, { port: Number(new URL(url).port) }));
  expect(states(web)).toBe('ok FAILED - - - - - -');
  expect(failure(web)).toMatch(/does not speak SSH/);
});

test('a server that does not replace files fails at the rename, is cleaned up, and the way out is named', async () => {
  const server = await startSsh2Server({
    misbehave: ({ name, id, to, sftp }) => {
      if (name !== 'RENAME' || !readdirSync(server.directory).includes(to.slice(1))) return false;
      sftp.status(id, status.FAILURE);
      return true;
    },
  });
  onTestFinished(() => server.stop());
  const login = {
    username: 'x',
    password: 'secret',
    hostKeys: [server.fingerprint],
    directory: '/',
    port: server.port,
  };
  const { privateKey: _, ...rest } = settingsFor(sshd);
  const steps = await checkSftp({ ...rest, ...login });
  expect(states(steps)).toBe('ok ok ok ok ok FAILED - ok');
  expect(failure(steps)).toMatch(/does not replace.*remove-first/);
  expect(readdirSync(server.directory)).toEqual([]);
  const removing = await checkSftp({ ...rest, ...login, rename: 'remove-first' });
  expect(states(removing)).toBe('ok ok ok ok ok ok ok ok');
});

test('a server that refuses reading back fails there, or is well where only the size is to be proven', async () => {
  const server = await startSsh2Server({
    misbehave: ({ name, id, sftp }) => {
      if (name === 'READ') sftp.status(id, status.PERMISSION_DENIED);
      return name === 'READ';
    },
  });
  onTestFinished(() => server.stop());
  const { privateKey: _, ...rest } = settingsFor(sshd);
  const login = {
    username: 'x',
    password: 'secret',
    hostKeys: [server.fingerprint],
    directory: '/',
    port: server.port,
  };
  const steps = await checkSftp({ ...rest, ...login });
  expect(states(steps)).toBe('ok ok ok ok ok ok FAILED ok');
  expect(failure(steps)).toMatch(/does not let us read back.*delivery.verify/);
  expect(states(await checkSftp({ ...rest, ...login, verify: 'size' }))).toBe('ok ok ok ok ok ok ok ok');
  expect(readdirSync(server.directory)).toEqual([]);
});
