import { expect, test } from 'vitest';
import { dayIn } from '../../shared/domain/calendar.ts';
import { runNow } from '../actions.ts';
import { contract, createBody, testServer } from '../helpers.ts';
import { visitors } from './browser.ts';

const visit = visitors();

test('the first page tells who may keep access by kind, and an operator accepts a kind until a day', async () => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1, {}, [{ ...contract('1-1'), EndDate: '2026-10-31T00:00:00Z' }]));
  await runNow(server);
  const { page, go } = await visit({ address: server.address });
  await go('#/');
  const card = page.locator('section', { has: page.getByRole('heading', { name: 'May have too much access' }) });
  await card.getByRole('link', { name: 'Contract has ended: 1' }).waitFor();
  await card.getByRole('button', { name: 'Accept until…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Accept: Contract has ended' });
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('HR corrects it');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await dialog.getByText('Say until which day.').waitFor();
  const until = dayIn('Europe/Amsterdam', new Date());
  await dialog.getByLabel('Until (the last day)').fill(until);
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await card.getByText('by Fenna de Boer: HR corrects it').waitFor();
  expect((await server.get('overview')).json).toMatchObject({
    waiting: { access: { kinds: [{ code: 'ended-contract', accepted: { until, by: 'Fenna de Boer' } }] } },
  });
});
