import { readFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBody, temporaryFolder } from '../helpers.ts';
import { startProgram } from '../process.ts';
import { startSshd, type Sshd } from '../sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

function environment(directory: string): Record<string, string> {
  return {
    SFTP_HOST: '127.0.0.1',
    SFTP_PORT: String(sshd.port),
    SFTP_USERNAME: sshd.username,
    SFTP_HOST_KEY: sshd.fingerprint,
    SFTP_PRIVATE_KEY: sshd.privateKey,
    SFTP_DIRECTORY: directory,
  };
}

test('HelloID calls in, the program holds the first dump for OpenSSH, an operator releases it, and both files arrive', async () => {
  const directory = mkdtempSync(join(sshd.directory, 'in-'));
  const program = await startProgram(temporaryFolder(), environment(directory));
  expect((await program.post('helloid/create', createBody(1, { voornaam: 'Renée' }))).json).toMatchObject({
    Success: true,
  });
  await program.post('exports');
  const run = async () => (await program.get('exports/1')).json as { state: string; reasons: string[] };
  await expect
    .poll(run, { timeout: 20_000 })
    .toMatchObject({ state: 'held', reasons: [expect.stringMatching(/first delivery to an SFTP server/)] });
  await program.post('exports/1/release', { by: 'Fenna', reason: 'compared with yesterday' });
  await expect.poll(run, { timeout: 20_000 }).toMatchObject({ state: 'delivered' });
  for (const name of ['Users.csv', 'Roles.csv']) {
    expect(await readFile(join(directory, name), 'utf8')).toBe((await program.get(`exports/1/files/${name}`)).text);
  }
  expect(sshd.renames().filter((line) => line.includes(directory))).toHaveLength(2);
  await program.post('exports');
  await expect
    .poll(async () => (await program.get('exports/2')).json, { timeout: 20_000 })
    .toMatchObject({ state: 'delivered' });
  expect(await program.end('SIGTERM')).toBe(0);
});

test('a host key that differs fails the run, names the key that was shown, and is not tried again by itself', async () => {
  const directory = mkdtempSync(join(sshd.directory, 'in-'));
  const program = await startProgram(temporaryFolder(), {
    ...environment(directory),
    SFTP_HOST_KEY: `SHA256:${'A'.repeat(43)}`,
  });
  await program.post('helloid/create', createBody(1));
  await program.post('exports');
  await expect
    .poll(async () => (await program.get('exports/1')).json, { timeout: 20_000 })
    .toMatchObject({ state: 'held' });
  await program.post('exports/1/release', { by: 'Fenna', reason: 'first' });
  await expect
    .poll(async () => (await program.get('exports/1')).json, { timeout: 20_000 })
    .toMatchObject({ state: 'failed', retryAt: null, reasons: [expect.stringContaining(sshd.fingerprint) as string] });
  expect(await program.end('SIGTERM')).toBe(0);
});
