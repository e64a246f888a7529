import { expect, test } from 'vitest';
import { createBody, testServer } from '../helpers.ts';
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
