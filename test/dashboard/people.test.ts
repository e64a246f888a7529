import { expect, test } from 'vitest';
import { runNow } from '../actions.ts';
import {
  clockAt,
  contract,
  createBody,
  testServer,
  updateBody,
  type TestOptions,
  type TestServer,
} from '../helpers.ts';
import { visitors } from './browser.ts';

const visit = visitors();

/** One person who was delivered, and whom HelloID changed since. */
async function withChanged(changed: Record<string, unknown>, options: TestOptions = {}): Promise<TestServer> {
  const server = await testServer(options);
  await server.post('helloid/create', createBody(1));
  await server.post('exports');
  await server.app.daily.settled();
  await server.post('helloid/update', updateBody('SC-1', changed));
  return server;
}

const byNumber = {
  spendCloud: { personKey: 'externalId' },
  files: {
    persons: { columns: [{ header: 'nummer', field: 'externalId' }] },
    roles: {
      columns: [
        { header: 'nummer', field: 'externalId' },
        { header: 'ou', field: 'ou' },
      ],
    },
  },
};

test('a username that HelloID changes again while its dialog is open is not accepted unseen', async () => {
  const server = await withChanged({ gebruikersnaam: 'anna' });
  const { page, go, refusals } = await visit({ address: server.address });
  await go('#/people/SC-1');
  await page.getByRole('button', { name: 'Accept the change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Accept “anna”?' });
  await dialog.getByLabel('Your name').fill('Fenna de Boer');
  await dialog.getByLabel('Reason').fill('Renamed in Spend Cloud');
  await dialog.getByRole('checkbox').check();
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'hanna' }));
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await dialog.getByRole('alert').getByText('Another changed username or number of [SC-1] waits by now').waitFor();
  expect(refusals).toEqual(['409 accounts/SC-1/accept-username']);
  expect((await server.get('accounts/SC-1')).json).toMatchObject({ pendingUsername: 'hanna' });
});

test('where the settings freeze usernames, nothing asks for a decision that cannot be made', async () => {
  const server = await withChanged({ gebruikersnaam: 'anna' }, { policy: { accounts: { username: 'freeze' } } });
  const { page, go } = await visit({ address: server.address });
  await go('#/people/SC-1');
  await page.getByText('A changed username does not go out').waitFor();
  await page.getByText(/because accounts.username in the settings is “freeze”/).waitFor();
  expect(await page.getByRole('button', { name: 'Accept the change' }).count()).toBe(0);
});

test('where Spend Cloud knows people by their number, a changed number is called a number', async () => {
  const server = await withChanged({ externalId: '91' }, { policy: byNumber });
  const { page, go } = await visit({ address: server.address });
  await page.getByText('One changed number waits').waitFor();
  await go('#/people/SC-1');
  await page.getByText('A changed number waits to be accepted').waitFor();
  await page.getByRole('button', { name: 'Accept the change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Accept “91”?' });
  await dialog.getByText(/Unless the number is changed in Spend Cloud first/).waitFor();
  expect(await dialog.innerText()).not.toMatch(/username/i);
});

test('a day of a contract is that day also west of Greenwich, and what is no day is shown as it came', async () => {
  const server = await testServer({ policy: { schedule: { timeZone: 'America/New_York' } } });
  const odd = { ...contract('1-2', ['Thuiszorg Zuid', 'D0320']), StartDate: 'spring 2019', EndDate: '2027-02-30' };
  await server.post('helloid/create', createBody(1, {}, [contract('1-1'), odd]));
  const { page, go } = await visit({ address: server.address });
  await go('#/people/SC-1');
  const roles = page.getByRole('table', { name: 'Roles' });
  await roles.getByText('1 Mar 2019 – open').waitFor();
  await roles.getByText('spring 2019 – 2027-02-30').waitFor();
});

test('the actions of a day stand under that day also west of Greenwich', async () => {
  const { now } = clockAt('2026-11-24T15:00:00.000Z');
  const server = await testServer({ policy: { schedule: { timeZone: 'America/New_York' } }, now });
  await server.post('helloid/create', createBody(1));
  const { page } = await visit({ address: server.address });
  await page
    .getByText(/ to 24 Nov 2026\.$/)
    .first()
    .waitFor();
});

test('the focus goes to what is not filled in, and to the head of the page when the button is gone', async () => {
  const server = await withChanged({ gebruikersnaam: 'anna' });
  const { page, go } = await visit({ address: server.address });
  await go('#/people/SC-1');
  await page.getByRole('button', { name: 'Accept the change' }).click();
  const dialog = page.getByRole('dialog');
  const focused = () =>
    page.evaluate('document.activeElement.labels?.[0]?.textContent ?? document.activeElement.tagName');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await expect.poll(focused).toBe('Your name');
  await page.keyboard.type('Fenna de Boer');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await expect.poll(focused).toBe('Reason');
  await page.keyboard.type('Renamed in Spend Cloud');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(focused).toBe('H1');
});

test('a person who is not active any more reads whether Spend Cloud was told, and by the delivery of which moment', async () => {
  const server = await testServer({ now: clockAt('2026-11-23T10:00:00.000Z').now });
  await server.post('helloid/create', createBody(1));
  await server.post('helloid/create', createBody(2));
  await runNow(server);
  await server.post('helloid/disable', updateBody('SC-1', {}));
  const { page, go } = await visit({ address: server.address });
  await go('#/people/SC-1');
  await page.getByText('The next delivery tells Spend Cloud that this person is not active any more.').waitFor();
  await runNow(server);
  await page.getByText('Told as inactive').waitFor();
  await page.getByText(/stays in the persons file, as inactive/).waitFor();
  expect((await server.get('accounts/SC-1')).json).toMatchObject({
    delivered: { gebruikersnaam: 'p1', run: 1, inactiveSince: '2026-11-23T10:00:00.000Z' },
  });
  expect((await server.get('accounts/SC-2')).json).toMatchObject({ delivered: { inactiveSince: null } });
});
