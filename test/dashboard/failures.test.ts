import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createBody, operatorKey, testServer } from '../helpers.ts';
import { visitors } from './browser.ts';
import { startGateway, type Incident } from './gateway.ts';

const visit = visitors();
const isOverview = (call: string): boolean => call === 'GET /api/overview';

test('when the connector refuses to say how things are, every page says so with the reason, until it answers again', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address });
  await page.getByText('Nothing is wrong').waitFor();
  const reason = 'The database file is gone';
  const refused: Incident = {
    kind: 'replaced',
    status: 503,
    body: JSON.stringify({ code: 'unavailable', message: reason }),
  };
  gateway.meets = (call) => (isOverview(call) ? refused : undefined);
  const banner = page.locator('.banner', { hasText: 'has not answered as it should since' });
  await banner.getByText(reason).waitFor();
  await banner.getByText('What you see may be old.').waitFor();
  await go('#/deliveries');
  await page.getByText('No run was made yet').waitFor();
  expect(await banner.count()).toBe(1);

  await go('#/');
  await page.reload();
  await page.locator('#main').getByText(reason).waitFor();
  expect(await page.locator('#main .loading').count()).toBe(0);
  await go('#/health');
  await page.locator('#main').getByText(reason).waitFor();
  await page.getByRole('heading', { name: 'Keys' }).waitFor();

  gateway.meets = () => undefined;
  await banner.getByRole('button', { name: 'Try now' }).click();
  await banner.waitFor({ state: 'detached' });
  await page.getByText('Time of the server').waitFor();
});

const half: Incident = { kind: 'broken-off' };
const notOurs: Incident = { kind: 'replaced', status: 200, body: '<h1>Sign in to the guest network</h1>' };

test.each([
  ['breaks off', half],
  ['is not the connector’s', notOurs],
  ['never comes', { kind: 'held', until: new Promise(() => undefined) } satisfies Incident],
])(
  'an answer that %s is told as a connector that cannot be reached, and the page goes on asking',
  async (_, incident) => {
    const server = await testServer();
    const gateway = await startGateway(server.address);
    const { page } = await visit({ address: gateway.address });
    await page.getByRole('heading', { level: 1, name: 'Nothing was delivered yet.' }).waitFor();
    gateway.meets = (call) => (isOverview(call) ? incident : undefined);
    const banner = page.getByText(/^The connector cannot be reached since/);
    await banner.waitFor();
    gateway.meets = () => undefined;
    await page.getByRole('button', { name: 'Try now' }).click();
    await banner.waitFor({ state: 'detached' });
    const before = gateway.calls.filter(isOverview).length;
    await expect.poll(() => gateway.calls.filter(isOverview).length, { timeout: 20_000 }).toBeGreaterThan(before);
  },
);

test.each([
  ['breaks off', half],
  ['is not the connector’s', notOurs],
])('an action whose answer %s ends with the reason, and can be tried again', async (_, incident) => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address, key: null });
  gateway.meets = (call) => (/overview|verify|disable/.test(call) ? incident : undefined);
  const failed = page.getByText(/^The connector cannot be reached\. What you typed is still here/);
  await page.getByLabel('Key').fill(operatorKey);
  await page.keyboard.press('Enter');
  await failed.waitFor();
  gateway.meets = (call) => (/verify|disable/.test(call) ? incident : undefined);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#main h1').waitFor();

  await go('#/audit');
  await page.getByRole('button', { name: 'Verify' }).click();
  await failed.waitFor();
  gateway.meets = (call) => (call.includes('disable') ? incident : undefined);
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('Unbroken: 1 entry').waitFor();

  await go('#/people/SC-1');
  await page.getByRole('button', { name: 'Disable' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Left');
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await dialog.getByText(/What you typed is still here/).waitFor();
  expect(await dialog.getByRole('button', { name: 'Disable' }).getAttribute('aria-disabled')).toBeNull();
});

test('a file that breaks off on its way is not saved as if it were whole', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const gateway = await startGateway(server.address);
  const { page, go } = await visit({ address: gateway.address });
  const downloads: unknown[] = [];
  page.on('download', (download) => downloads.push(download));
  await go('#/audit');
  gateway.meets = (call) => (call.startsWith('GET /api/audit?') && !call.includes('limit') ? half : undefined);
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  await page.getByText(/^The connector cannot be reached\. What you typed/).waitFor();
  expect(downloads).toEqual([]);
  gateway.meets = () => undefined;
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as CSV' }).click(),
  ]);
  expect((await readFile(await saved.path(), 'utf8')).trim().split('\r\n')).toHaveLength(2);
});
