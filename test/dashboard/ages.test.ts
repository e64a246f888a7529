import { expect, test } from 'vitest';
import { createBody, testServer } from '../helpers.ts';
import { visitors } from './browser.ts';

const visit = visitors();

/** A browser whose clock is three hours ahead. */
const fastClock = `{
  const real = Date;
  const ahead = 3 * 3600 * 1000;
  globalThis.Date = class extends real {
    constructor(...given) { given.length === 0 ? super(real.now() + ahead) : super(...given); }
    static now() { return real.now() + ahead; }
  };
}`;

test.each([
  ['en-GB', 'HelloID called last', 'now'],
  ['nl-NL', 'HelloID riep aan', 'nu'],
])('what happened just now is now by the clock of the server, in %s', async (locale, word, now) => {
  const server = await testServer();
  await server.post('helloid/create', createBody(1));
  const { page } = await visit({ address: server.address, locale, script: fastClock });
  const called = page.locator('dl.facts dt', { hasText: word }).locator('xpath=following-sibling::dd[1]');
  await called.waitFor();
  await expect.poll(() => called.innerText()).toBe(now);
});
