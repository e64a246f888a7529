import { expect, test } from 'vitest';
import { longestText } from '../../shared/domain/text.ts';
import { testServer } from '../helpers.ts';
import { visitors } from './browser.ts';

const visit = visitors();

test('the name stays like the reason when a dialog is closed before anything was sent', async () => {
  const { address } = await testServer();
  const { page, go } = await visit({ address });
  await go('#/deliveries');
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Spend Cloud is being moved');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await dialog.getByLabel('Your name').inputValue()).toBe('Fenna de Boer');
  expect(await dialog.getByLabel('Reason').inputValue()).toBe('Spend Cloud is being moved');
});

test('a name and a reason that fill their fields are what the server takes', async () => {
  const { address, app } = await testServer();
  const { page, go } = await visit({ address });
  await go('#/deliveries');
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog');
  for (const label of ['Your name', 'Reason']) {
    await dialog.getByLabel(label).focus();
    await page.keyboard.insertText('é'.repeat(longestText + 50));
  }
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Deliveries are paused.').waitFor();
  const full = 'é'.repeat(longestText);
  expect(app.daily.paused()).toMatchObject({ by: full, reason: full });
});
