import type { Page } from 'playwright-core';

/** A page to be shown: where it is, what stands there once it has come, and what to do before. */
export interface Shot {
  name: string;
  /** The fragment of the address. */
  place: string;
  /** A heading that is there once everything has come. */
  awaits: string;
  /** CSS pixels; the window, or less where the page is shorter. */
  height?: number;
  prepare?: (page: Page) => Promise<void>;
}

/** While all is well. */
export const calmShots: readonly Shot[] = [
  { name: 'overview', place: '#/', awaits: 'What HelloID and operators did, per day', height: 1500 },
  { name: 'deliveries', place: '#/deliveries', awaits: 'Runs, newest first' },
  {
    name: 'people',
    place: '#/people',
    awaits: 'People',
    prepare: async (page) => {
      await page.getByRole('searchbox').fill('brink');
      await page.locator('td.is-title').first().filter({ hasText: 'Brink' }).waitFor();
    },
  },
  { name: 'audit', place: '#/audit', awaits: 'Audit entries, newest first' },
  {
    name: 'health',
    place: '#/health',
    awaits: 'Keys',
    height: 1000,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Try the delivery' }).click();
      await page.getByText('SFTP: clean up').waitFor();
    },
  },
];

/** Before HelloID has called. */
export const connectShot: Shot = { name: 'connect', place: '#/', awaits: 'Connect HelloID' };

/** Somebody whose changed username waits. */
export const personShot: Shot = {
  name: 'person',
  place: '#/',
  awaits: 'Waits for you',
  height: 1000,
  prepare: async (page) => {
    await page.locator('.chips a').first().click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
  },
};

/** After a reorganisation, of which the connector asks whether it is meant. */
export const heldShots: readonly Shot[] = [
  {
    name: 'held',
    place: '#/',
    awaits: 'Waits for you',
    height: 1000,
    prepare: async (page) => {
      await page.getByRole('link', { name: /^Run \d+\s*held/ }).click();
      await page.getByRole('heading', { name: 'What Spend Cloud does with it' }).waitFor();
    },
  },
  {
    name: 'release',
    place: '#/',
    awaits: 'Waits for you',
    prepare: async (page) => {
      await page.getByRole('link', { name: /^Run \d+\s*held/ }).click();
      await page.getByRole('button', { name: 'Release' }).click();
      await page.getByLabel('Your name', { exact: true }).fill('Fenna de Boer');
      await page.getByLabel('Reason').fill('Team Noord moves to another organisation, agreed with HR');
    },
  },
];
