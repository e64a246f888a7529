import { expect, test } from 'vitest';
import { createBody, testServer } from '../helpers.ts';
import { visitors } from './browser.ts';
import { startGateway } from './gateway.ts';

const visit = visitors();

test('a dialog stays while its work is under way, whatever is pressed, and says what became of it', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address });
  const { promise: until, resolve: answers } = Promise.withResolvers<undefined>();
  gateway.meets = (call) => (call === 'POST /api/exports' ? { kind: 'held', until } : undefined);
  await go('#/deliveries');
  await page.getByRole('button', { name: 'Run now' }).click();
  const dialog = page.getByRole('dialog');
  const run = dialog.getByRole('button', { name: 'Run now' });
  await run.click();
  await expect.poll(() => run.getAttribute('aria-disabled')).toBe('true');
  for (let times = 1; times <= 3; times += 1) {
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Cancel' }).click({ force: true }); // also where it says that it does nothing
    await run.click({ force: true });
  }
  expect(await dialog.isVisible()).toBe(true);
  answers(undefined);
  await page.getByRole('heading', { name: 'Run 1', level: 1 }).waitFor();
  expect(gateway.calls.filter((call) => call === 'POST /api/exports')).toHaveLength(1);
  expect((await server.get('exports')).json).toMatchObject({ exports: [{ id: 1 }] });
});

test('a decision that fails late is told in the dialog that asked for it, which can be closed then', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address });
  const { promise: until, resolve: answers } = Promise.withResolvers<undefined>();
  gateway.meets = (call) => (call === 'POST /api/pause' ? { kind: 'held', until } : undefined);
  await go('#/deliveries');
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Spend Cloud is being moved');
  await server.post('pause', { by: 'Anna Jansen', reason: 'Was first' });
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  answers(undefined);
  await dialog.getByText('That is not possible in its present state.').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});
