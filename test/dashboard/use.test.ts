import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../../functions/routes.ts';
import { buildServer, closeServer } from '../../server/server.ts';
import { runNow } from '../actions.ts';
import { createBody, operatorKey, testApp, testServer, updateBody } from '../helpers.ts';
import { visitors } from './browser.ts';

const visit = visitors();
const markup = '<img src=x onerror="document.body.remove()">';
const formula = "=cmd|' /C calc'!A0";

test('people are found while somebody types, by name, number, username and e-mail', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1, { voornaam: 'Renée', tussenvoegsel: 'de', achternaam: 'Vries' }));
  await server.post('helloid/create', createBody(2, { gebruikersnaam: 'hbakker', achternaam: 'Bakker' }));
  const { page, go } = await visit({ address: server.address });
  await go('#/people');
  const search = page.getByRole('searchbox', { name: 'Search by name, number, username or e-mail' });
  const names = page.getByRole('table', { name: 'People' }).locator('td.is-title');
  for (const [wanted, found] of [
    ['vries rene', 'Renée de Vries'],
    ['hbak', 'Anna Bakker'],
    ['p1@waterrijk', 'Renée de Vries'],
    ['2', 'Anna Bakker'],
  ] as const) {
    await search.fill('');
    await expect.poll(() => names.count()).toBe(2);
    await search.pressSequentially(wanted);
    await expect.poll(() => names.allTextContents()).toEqual([found]);
  }
  await search.fill('nobody at all');
  await page.getByText('Nobody found').waitFor();
  await go('#/people/SC-1');
  await page.getByRole('heading', { name: 'Renée de Vries' }).waitFor();
  await page.goBack();
  expect(await search.inputValue()).toBe('nobody at all');
});

test('markup and formulas in names stay text on every page', async () => {
  const server = await testServer();
  const odd = { voornaam: markup, achternaam: formula, gebruikersnaam: markup };
  await server.post('helloid/create', createBody(1, odd));
  await runNow(server);
  await server.post('accounts/SC-1/disable', { by: markup, reason: formula });
  const { page, go } = await visit({ address: server.address });
  for (const [place, words] of [
    ['#/people', markup],
    ['#/people/SC-1', formula],
    ['#/deliveries/1', markup],
    ['#/audit', formula],
    ['#/', 'Nothing is wrong'],
  ] as const) {
    await go(place);
    await page.getByText(words).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
  }
});

test('a changed username is accepted with a name and a reason, after a warning of what Spend Cloud makes of it', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  await runNow(server);
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'anna.jansen' }));
  const { page } = await visit({ address: server.address });
  await page.getByRole('link', { name: 'p1 → anna.jansen' }).click();
  await page.getByRole('button', { name: 'Accept the change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Accept “anna.jansen”?' });
  await dialog.getByText('Spend Cloud will see a new employee').waitFor();
  await dialog
    .getByText(/refuses two active employees with the same e-mail address \(p1@waterrijk-zorg.example\)/)
    .waitFor();
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Renamed in Spend Cloud');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await dialog.getByText('Tick this first.').waitFor();
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await page.getByText('Accepted: it goes out with the next delivery.').waitFor();
  await page.getByText('Fenna de Boer decided. Reason: Renamed in Spend Cloud').waitFor();
  expect((await server.get('accounts/SC-1')).json).toMatchObject({ pendingUsername: null });
});

test('the keyboard alone is enough: skip link, menu, a dialog that keeps and returns the focus, and a decision', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const { page } = await visit({ address: server.address });
  const focused = () => page.evaluate('document.activeElement.textContent.trim()');
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.reload();
  await page.locator('#main h1').waitFor();
  await press('Tab');
  expect(await focused()).toBe('Go to the content');
  await press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await page.reload();
  await page.locator('#main h1').waitFor();
  await press('Tab', 'Tab', 'Tab');
  expect(await focused()).toBe('Deliveries');
  await press('Enter');
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1');
  expect(await focused()).toBe('Deliveries');
  await press('Tab', 'Tab');
  expect(await focused()).toBe('Pause');
  await press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Pause deliveries?' });
  await dialog.waitFor();
  await dialog.getByLabel('Reason').focus();
  await page.keyboard.type('Spend Cloud is being moved');
  await press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await focused()).toBe('Pause');
  await press('Enter');
  expect(await dialog.getByLabel('Reason').inputValue()).toBe('Spend Cloud is being moved');
  await dialog.getByLabel('Your name').focus();
  await page.keyboard.type('Fenna de Boer');
  await press('Enter');
  await page.getByText(/^Deliveries were paused by Fenna de Boer.*: Spend Cloud is being moved$/).waitFor();
  expect(server.app.daily.paused()).toMatchObject({ by: 'Fenna de Boer', reason: 'Spend Cloud is being moved' });
});

test('when the server is gone the page says so, loses no typed text, and goes on once it is back', async () => {
  const app = await testApp();
  const first = buildServer(app, routes);
  const address = await first.listen({ host: '127.0.0.1', port: 0 });
  const { page, go } = await visit({ address, key: operatorKey });
  await go('#/deliveries');
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Spend Cloud is being moved');
  await closeServer(first);
  await page.getByText(/^The connector cannot be reached since/).waitFor();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await dialog.getByText(/What you typed is still here/).waitFor();
  expect(await dialog.getByLabel('Reason').inputValue()).toBe('Spend Cloud is being moved');

  const second = buildServer(app, routes);
  await second.listen({ host: '127.0.0.1', port: Number(new URL(address).port) });
  onTestFinished(() => closeServer(second));
  await page.getByText(/^The connector cannot be reached since/).waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/^Deliveries were paused by Fenna de Boer/).waitFor();
});

test('the audit trail is filtered, exported as CSV with the key in the header, and verified', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  await server.post('helloid/create', createBody(2));
  await server.post('accounts/SC-2/disable', { by: 'Fenna de Boer', reason: 'Left' });
  const { page, go } = await visit({ address: server.address });
  await go('#/audit');
  const rows = page.getByRole('table', { name: 'Audit entries, newest first' }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(3);
  await page.getByLabel('Action').selectOption('Disable');
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByText('Reason: Left').waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as CSV' }).click(),
  ]);
  const csv = await readFile(await saved.path(), 'utf8');
  expect(csv.trim().split('\r\n')).toHaveLength(2);
  expect(csv).toContain('"SC-2"');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('Unbroken: 3 entries').waitFor();
});

test('a delivery that moves on shows without a reload', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const { page } = await visit({ address: server.address });
  await page.getByRole('heading', { level: 1, name: 'Nothing was delivered yet.' }).waitFor();
  await runNow(server);
  await page.getByRole('heading', { level: 1, name: /^Delivered today \d\d:\d\d: 1 person and 1 role\./ }).waitFor();
});
