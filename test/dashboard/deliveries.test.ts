import { expect, test } from 'vitest';
import { runNow } from '../actions.ts';
import { createBody, testServer, type TestServer } from '../helpers.ts';
import { visitors } from './browser.ts';

const visit = visitors();
const why = { by: 'Fenna de Boer', reason: 'Left with the merger' };

/** Run 1 is delivered, run 2 is held: half of the people would be deactivated. */
async function withHeldRun(): Promise<TestServer> {
  const server = await testServer();
  for (let number = 1; number <= 10; number += 1) await server.post('helloid/create', createBody(number));
  await runNow(server);
  for (let number = 1; number <= 5; number += 1) await server.post(`accounts/SC-${number}/disable`, why);
  await runNow(server);
  return server;
}

test('a run that was held and released says so, and by whom; that no guard was tripped is said of the others alone', async () => {
  const server = await withHeldRun();
  await server.post('exports/2/release', why);
  await server.app.daily.settled();
  const { page, go } = await visit({ address: server.address });
  const checks = page.locator('section.card', { has: page.getByRole('heading', { name: 'Checks' }) });
  await go('#/deliveries/1');
  await checks.getByText('No guard was tripped.').waitFor();
  await go('#/deliveries/2');
  await page.locator('.page-head').getByText('delivered').waitFor();
  expect(await checks.innerText()).toMatch(/Held, then released by Fenna de Boer/);
  expect(await checks.getByText('No guard was tripped.').count()).toBe(0);
});

test('a discarded run still says why it was held', async () => {
  const server = await withHeldRun();
  await server.post('exports/2/discard', why);
  const { page, go } = await visit({ address: server.address });
  await go('#/deliveries/2');
  await page.locator('.page-head').getByText('discarded').waitFor();
  await page.getByText(/5 person\(s\) would be deactivated, of 10 delivered last/).waitFor();
});

test('while paused, a run that is ready says what it waits for, without a sign that something is going on', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  await server.post('pause', why);
  await runNow(server);
  const { page, go } = await visit({ address: server.address });
  await go('#/deliveries/1');
  await page.getByText('Run 1 is ready, and waits until deliveries are resumed.').waitFor();
  expect(await page.locator('.banners .spinner').count()).toBe(0);
  await server.post('resume', why);
  await page.locator('.page-head').getByText('delivered').waitFor();
  await page.getByText('Run 1 is ready').waitFor({ state: 'detached' });
});

test('who would be active again has a number, a list and a reason, and the files say how many rows are inactive', async () => {
  const server = await testServer();
  for (let number = 1; number <= 10; number += 1) await server.post('helloid/create', createBody(number));
  await runNow(server);
  for (let number = 1; number <= 4; number += 1) await server.post(`accounts/SC-${number}/disable`, why);
  await runNow(server);
  for (let number = 1; number <= 3; number += 1) await server.post(`accounts/SC-${number}/enable`, why);
  await runNow(server);
  const { page, go } = await visit({ address: server.address });
  await go('#/deliveries/2');
  await page.getByText('10 rows, 4 of them inactive').waitFor();
  await go('#/deliveries/3');
  await page.getByText('3 person(s) would be active again, of 6 delivered last (guards.reactivated)').waitFor();
  const returning = page.getByRole('list', { name: 'Active again' }).getByRole('listitem');
  expect(await returning.allTextContents()).toEqual(['p1', 'p2', 'p3']);
  await page.getByText('10 rows, 1 of them inactive').waitFor();
  await page.getByRole('button', { name: 'Release' }).click();
  expect(await page.getByRole('dialog').locator('dl').innerText()).toMatch(/active again\s+3\s/);
});

test('a single person who would be active again is not told as a delivery that changes nothing', async () => {
  const server = await testServer();
  for (let number = 1; number <= 3; number += 1) await server.post('helloid/create', createBody(number));
  await runNow(server);
  await server.post('accounts/SC-1/disable', why);
  await runNow(server);
  await server.post('accounts/SC-1/enable', why);
  const { page } = await visit({ address: server.address });
  const coming = page.locator('section.card', {
    has: page.getByRole('heading', { name: 'What the next delivery will do' }),
  });
  await coming.getByText('active again').waitFor();
  expect(await coming.locator('dd.is-let-in').innerText()).toBe('1');
});
