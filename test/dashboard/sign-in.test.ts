import { expect, test } from 'vitest';
import { agentKey, createBody, operatorKey, testServer, viewerKey, type TestServer } from '../helpers.ts';
import { signIn, visitors } from './browser.ts';

const visit = visitors();

/** With a second run that is held: half of the people would be deactivated. */
async function withHeldRun(): Promise<TestServer> {
  const server = await testServer();
  for (let number = 1; number <= 9; number += 1) await server.post('helloid/create', createBody(number));
  await server.post('helloid/create', createBody(10, { achternaam: null })); // a finding
  await server.post('exports');
  await server.app.daily.settled();
  for (let number = 1; number <= 5; number += 1) await server.post(`accounts/SC-${number}/disable`, why);
  await server.post('exports');
  await server.app.daily.settled();
  return server;
}

const why = { by: 'Fenna de Boer', reason: 'Left' };
const deciding = ['Run now', 'Pause', 'Release', 'Discard', 'Disable', 'Delete', 'Mark as seen', 'Try the delivery'];

test('a wrong key and the key of the HelloID agent are refused with the reason, and what was typed stays', async () => {
  const { address } = await testServer();
  const { page, refusals } = await visit({ address, key: null });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Fill in a key.').waitFor();
  await page.getByLabel('Key').fill('not-a-key');
  await page.keyboard.press('Enter');
  await page.getByText(/This key is not known here/).waitFor();
  expect(await page.getByLabel('Key').inputValue()).toBe('not-a-key');
  await page.getByLabel('Key').fill(agentKey);
  await page.keyboard.press('Enter');
  await page.getByText(/This is the key of the HelloID agent/).waitFor();
  expect(refusals).toEqual(['401 overview', '403 overview']);
  await signIn(page, viewerKey);
});

const places = [
  ['#/', 'Waits for you'],
  ['#/deliveries', 'Runs, newest first'],
  ['#/deliveries/2', 'What Spend Cloud does with it'],
  ['#/deliveries/preview', 'What a delivery would do now'],
  ['#/people', 'Everyone HelloID has brought'],
  ['#/people/SC-1', 'What happened'],
  ['#/people/SC-10', 'What happened'],
  ['#/audit', 'Audit entries, newest first'],
  ['#/health', 'Keys'],
] as const;

/** Which of the buttons that decide stand on any page. */
async function decidingSeen({ page, go }: Awaited<ReturnType<typeof visit>>): Promise<string[]> {
  const seen = new Set<string>();
  for (const [place, heading] of places) {
    await go(place);
    await page.getByText(heading).first().waitFor();
    await page.locator('.spinner').first().waitFor({ state: 'detached' });
    for (const name of deciding)
      if ((await page.getByRole('button', { name, exact: true }).count()) > 0) seen.add(name);
  }
  return [...seen].sort();
}

test('a viewer sees everything and no button that decides; an operator sees them all', async () => {
  const server = await withHeldRun();
  const viewer = await visit({ address: server.address, key: viewerKey });
  expect(await decidingSeen(viewer)).toEqual([]);
  expect(viewer.refusals).toEqual([]);
  expect(await decidingSeen(await visit({ address: server.address }))).toEqual([...deciding].sort());
});

test('an operator sees the buttons; the key is neither in the address nor kept beyond the tab, and signing out forgets it', async () => {
  const server = await withHeldRun();
  const { page, go } = await visit({ address: server.address });
  await go('#/deliveries/2');
  await page.getByRole('button', { name: 'Release' }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Release' }).waitFor();
  expect(page.url()).toBe(`${server.address}/api/dashboard#/deliveries/2`);
  expect(await page.evaluate('JSON.stringify(localStorage) + document.cookie')).not.toContain(operatorKey);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain(operatorKey);
});

test('a key that is removed while somebody looks asks for another, with the reason', async () => {
  const server = await testServer();
  const key = await server.app.keys.add('fenna', 'viewer');
  const { page } = await visit({ address: server.address, key });
  await server.app.keys.remove('fenna');
  await page.getByText(/the key is not valid any more/).waitFor();
  await signIn(page, viewerKey);
});

test('the language is that of the browser until somebody chooses, and the choice stays', async () => {
  const { address } = await testServer();
  const { page } = await visit({ address, locale: 'nl-NL' });
  await page.getByRole('heading', { level: 1, name: 'Er is nog niets geleverd.' }).waitFor();
  await page.getByRole('heading', { name: 'HelloID aansluiten' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('nl');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nothing was delivered yet.' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Connect HelloID' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

test('light or dark is that of the device until somebody chooses, and the choice stays', async () => {
  const { address } = await testServer();
  const { page } = await visit({ address, colorScheme: 'light' });
  const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  const light = await ground();
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  await page.getByRole('heading', { name: 'Connect HelloID' }).waitFor();
  expect(await ground()).toBe(dark);
  await page.getByRole('button', { name: 'As this device' }).click();
  expect(await ground()).toBe(light);
});

test('dashboard.language in connector.json goes before the language of the browser', async () => {
  const { address } = await testServer({ policy: { dashboard: { language: 'nl' } } });
  const { page } = await visit({ address, locale: 'en-GB' });
  await page.getByRole('heading', { level: 1, name: 'Er is nog niets geleverd.' }).waitFor();
});

test('before the first action the page says how to connect HelloID, with the address and where the key goes', async () => {
  const { address } = await testServer();
  const { page } = await visit({ address });
  await page.getByText(`${address}/api`, { exact: true }).waitFor();
  await page.getByText(/Field “Agent key” of the same form, and nowhere else/).waitFor();
});
