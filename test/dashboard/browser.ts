import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchChromium } from '../../tools/chromium.ts';
import { operatorKey } from '../helpers.ts';

/** Somebody with a window of their own, and what the browser had to complain about. */
export interface Visitor {
  page: Page;
  /** Answers of 400 and above, such as `401 overview`. */
  refusals: string[];
  /** Goes to a page of the dashboard by its fragment. */
  go(place: string): Promise<void>;
}

export interface Visit extends BrowserContextOptions {
  address: string;
  /** Null: stays at the door. */
  key?: string | null;
  /** Run in the page before anything else. */
  script?: string;
}

/** One Chromium for a test file. Whoever visits must see no error in the console and no request to anywhere else. */
export function visitors(): (visit: Visit) => Promise<Visitor> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  return async ({ address, key = operatorKey, script, ...options }) => {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    if (script !== undefined) await context.addInitScript({ content: script });
    const page = await context.newPage();
    const complaints: string[] = [];
    const refusals: string[] = [];
    page.on('console', (message) => {
      // how the browser notes an answer of 400 and above, or that nobody answers: those are in `refusals`, or what a test is about
      const isNote = message.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(message.type()) && !isNote) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(`${address}/api/`))
        complaints.push(`request to ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400)
        refusals.push(`${response.status()} ${response.url().replace(`${address}/api/`, '')}`);
    });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(`${address}/api/dashboard`);
    if (key !== null) await signIn(page, key);
    const go = async (place: string): Promise<void> => {
      await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
    };
    return { page, refusals, go };
  };
}

/** By the keyboard, in whatever language. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.locator('input[type=password]').fill(key);
  await page.keyboard.press('Enter');
  await page.locator('#main h1').waitFor();
}
