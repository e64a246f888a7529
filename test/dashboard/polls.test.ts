import { expect, test } from 'vitest';
import { createBody, testServer, updateBody } from '../helpers.ts';
import { visitors } from './browser.ts';
import { startGateway } from './gateway.ts';

const visit = visitors();

test('an older answer that comes late does not undo on the page what was just decided', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address });
  const { promise: until, resolve: answers } = Promise.withResolvers<undefined>();
  const look = 'GET /api/accounts/SC-1';
  const looks = (): number => gateway.calls.filter((call) => call === look).length;
  await go('#/people/SC-1');
  await page.getByRole('button', { name: 'Disable' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Left');
  const before = looks();
  gateway.meets = (call) => (call === look ? { kind: 'held', until } : undefined);
  await expect.poll(looks, { timeout: 20_000 }).toBe(before + 1); // it tells of a person who is still active
  await dialog.getByRole('button', { name: 'Disable' }).click();
  const enable = page.getByRole('button', { name: 'Enable' });
  await enable.waitFor();
  const late = page.waitForEvent('requestfinished', (one) => one.url().endsWith('accounts/SC-1'));
  answers(undefined);
  await late;
  expect(await enable.isVisible()).toBe(true);
});

test('a search that cannot be answered does not show the people of the one before', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address });
  await go('#/people');
  const row = page.getByRole('cell', { name: 'Anna Jansen 1' });
  await row.waitFor();
  const refused = { kind: 'replaced', status: 503, body: '{"code":"unavailable","message":"Not now"}' } as const;
  gateway.meets = (call) => (call.includes('enabled=false') ? refused : undefined);
  await page.getByRole('button', { name: 'Inactive', exact: true }).click();
  await page.getByText('Not now').waitFor();
  expect(await row.count()).toBe(0);
});

test('further people that were asked for under one filter are not shown under the next', async () => {
  const server = await testServer();
  for (let number = 1; number <= 60; number += 1) await server.post('helloid/create', createBody(number));
  await server.post('helloid/delete', updateBody('SC-60', null));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address });
  await go('#/people');
  const { promise: until, resolve: answers } = Promise.withResolvers<undefined>();
  gateway.meets = (call) => (call.includes('cursor=') ? { kind: 'held', until } : undefined);
  const rows = page.locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => gateway.calls.some((call) => call.includes('cursor='))).toBe(true);
  await page.getByRole('button', { name: 'Deleted', exact: true }).click();
  await page.getByRole('cell', { name: 'Anna Jansen 60' }).waitFor();
  const late = page.waitForEvent('requestfinished', (one) => one.url().includes('cursor='));
  answers(undefined);
  await late;
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 100)))');
  expect(await rows.count()).toBe(1);
  await page.getByRole('button', { name: 'Everyone', exact: true }).click();
  await expect.poll(() => rows.count()).toBe(50);
  gateway.meets = () => undefined;
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => rows.count()).toBe(59);
  await page.getByRole('button', { name: 'Deleted', exact: true }).click();
  await expect.poll(() => rows.count()).toBe(1);
});
