import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { runNow } from '../actions.ts';
import { createBody, operatorKey, testServer, updateBody, type TestServer } from '../helpers.ts';
import { signIn, visitors } from './browser.ts';

const visit = visitors();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Something of everything: delivered runs and a held one in which some would be active again, a username that waits, findings, somebody without roles. */
async function livedIn(): Promise<TestServer> {
  const server = await testServer();
  for (let number = 1; number <= 12; number += 1) await server.post('helloid/create', createBody(number));
  await server.post('helloid/create', createBody(13, {}, []));
  await runNow(server);
  for (const number of [11, 12]) await server.post('helloid/disable', updateBody(`SC-${number}`, {}));
  await runNow(server);
  for (const number of [11, 12]) await server.post('helloid/enable', updateBody(`SC-${number}`, {}));
  await server.post('helloid/update', updateBody('SC-1', { gebruikersnaam: 'anna', achternaam: 'De Boer' }));
  for (let number = 5; number <= 10; number += 1)
    await server.post(`accounts/SC-${number}/disable`, { by: 'Fenna de Boer', reason: 'Left' });
  await runNow(server);
  return server;
}

async function faults(page: Page): Promise<string[]> {
  await page.locator('.spinner').first().waitFor({ state: 'detached' });
  const options = { runOnly: { type: 'tag', values: rules } };
  const { violations, passes } = await page.evaluate<{ violations: Violation[]; passes: unknown[] }>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  expect(passes.length).toBeGreaterThan(10); // it did look
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
  );
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Where to look, and a heading that is there once the page has come, in English and in Dutch. */
const places = [
  ['#/', 'What HelloID and operators did, per day', 'Wat HelloID en operators deden, per dag'],
  ['#/deliveries', 'Runs, newest first', 'Runs, de nieuwste eerst'],
  ['#/deliveries/3', 'What Spend Cloud does with it', 'Wat Spend Cloud ermee doet'],
  ['#/deliveries/preview', 'What a delivery would do now', 'Wat een levering nu zou doen'],
  ['#/people/SC-1', 'What happened', 'Wat er gebeurde'],
  ['#/people', 'Everyone HelloID has brought', 'Iedereen die HelloID heeft aangebracht'],
  ['#/audit', 'Audit entries, newest first', 'Auditregels, de nieuwste eerst'],
  ['#/health', 'Keys', 'Sleutels'],
] as const;

test.each(['light', 'dark'] as const)('axe finds nothing on any page in the %s theme', async (colorScheme) => {
  const server = await livedIn();
  const { page, go } = await visit({ address: server.address, key: null, colorScheme, script: axe });
  expect(await faults(page)).toEqual([]);
  await signIn(page, operatorKey);
  for (const [place, heading] of places) {
    await go(place);
    await page.getByText(heading).first().waitFor();
    expect(await faults(page), place).toEqual([]);
  }
  await go('#/deliveries/3');
  await page.getByRole('button', { name: 'Release' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Release run 3' }).click();
  await page.getByText('Fill in a reason.').waitFor();
  expect(await faults(page)).toEqual([]);
});

test('nor on a phone in Dutch, where nothing is wider than the screen', async () => {
  const server = await livedIn();
  const { page, go } = await visit({
    address: server.address,
    viewport: { width: 320, height: 640 },
    locale: 'nl-NL',
    script: axe,
  });
  for (const [place, , heading] of places) {
    await go(place);
    await page.getByText(heading).first().waitFor();
    expect(await faults(page), place).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth'), place).toBeLessThanOrEqual(320);
  }
});
