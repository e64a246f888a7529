import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBody, testServer } from '../helpers.ts';
import { startSshd, type Sshd } from '../sshd.ts';
import { visitors } from './browser.ts';

const visit = visitors();
let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

function settings(): Record<string, string> {
  return {
    SFTP_HOST: '127.0.0.1',
    SFTP_PORT: String(sshd.port),
    SFTP_USERNAME: sshd.username,
    SFTP_HOST_KEY: sshd.fingerprint,
    SFTP_PRIVATE_KEY: sshd.privateKey,
    SFTP_DIRECTORY: sshd.directory,
  };
}

test('an operator runs now, reads why the run is held, releases it, and OpenSSH has the files', async () => {
  const server = await testServer({ environment: settings() });
  for (let number = 1; number <= 3; number += 1) await server.post('helloid/create', createBody(number));
  const { page, go, refusals } = await visit({ address: server.address });
  await go('#/deliveries');
  await page.getByText('No run was made yet').waitFor();
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();

  await page.getByRole('heading', { name: 'Run 1', level: 1 }).waitFor();
  await page.getByText('This is the first delivery to an SFTP server').first().waitFor();
  const joiners = page.getByRole('list', { name: 'New employees' }).getByRole('listitem');
  expect(await joiners.allTextContents()).toEqual(['p1', 'p2', 'p3']);

  await page.getByRole('button', { name: 'Release' }).click();
  const dialog = page.getByRole('dialog', { name: 'Release run 1?' });
  expect(await dialog.locator('dl').innerText()).toMatch(/^new\s+3\s+active again\s+0\s+deactivated\s+0\s/);
  await dialog.getByRole('button', { name: 'Release run 1' }).click();
  await dialog.getByText('Fill in your name').waitFor();
  await dialog.getByText('Fill in a reason.').waitFor();
  expect(await readdir(sshd.directory)).toEqual([]);
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Compared with yesterday');
  await dialog.getByRole('button', { name: 'Release run 1' }).click();

  await page.locator('.page-head').getByText('delivered').waitFor();
  await page.getByText('“Compared with yesterday”').waitFor();
  for (const name of ['Users.csv', 'Roles.csv'])
    expect(await readFile(join(sshd.directory, name), 'utf8')).toBe((await server.get(`exports/1/files/${name}`)).text);

  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download Users.csv' }).click(),
  ]);
  expect(await readFile(await saved.path(), 'utf8')).toBe((await server.get('exports/1/files/Users.csv')).text);
  expect(refusals).toEqual([]);
});
