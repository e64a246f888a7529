import type { Words } from '../types.ts';

const byCode: Words = {
  unauthorized: 'This key is not known here, or not any more.',
  forbidden: 'This key may not do that.',
  'not-found': 'There is nothing here by that name.',
  conflict: 'That is not possible in its present state.',
  impossible: 'That cannot be done like this.',
  unavailable: 'The connector cannot do that at this moment.',
  fault: 'Something went wrong that was not foreseen.',
};

/** What surrounds every page. */
export const frame = {
  brand: 'Spend Cloud connector',
  brandFor: 'for HelloID',
  skip: 'Go to the content',
  loading: 'One moment…',
  mainMenu: 'Main menu',
  waiting: (count: number) => `${count} waiting`,
  language: 'Language',
  appearance: 'Appearance',
  themes: { auto: 'As this device', light: 'Light', dark: 'Dark' },
  pages: { overview: 'Overview', deliveries: 'Deliveries', people: 'People', audit: 'Audit', health: 'Health' },
  scopes: { viewer: 'May look', operator: 'May decide' },
  signOut: 'Sign out',
  none: '–',
  by: (name: string) => `by ${name}`,
  more: 'Show more',
  signIn: {
    title: 'Sign in',
    lead: 'See whether the last delivery arrived, and what the next will do.',
    key: 'Key',
    hint: 'A viewer key may look, an operator key may also decide. The key stays in this tab and is gone when you close it.',
    submit: 'Sign in',
    missing: 'Fill in a key.',
    wrong: 'This key is not known here. Look for spaces at the ends, or make a new one with “spendcloud keys add”.',
    agent: 'This is the key of the HelloID agent. The dashboard needs a viewer or an operator key.',
    ended: 'You were signed out, because the key is not valid any more.',
  },
  unreachable: (since: string) => `The connector cannot be reached since ${since}. What you see may be old.`,
  refusedSince: (since: string) =>
    `The connector has not answered as it should since ${since}. What you see may be old.`,
  unreachableRetry: 'It is tried again by itself.',
  tryNow: 'Try now',
  paused: (by: string, at: string, reason: string) => `Deliveries were paused by ${by}, ${at}: ${reason}`,
  working: {
    waiting: (run: number) => `Run ${run} waits for HelloID to be quiet.`,
    rendering: (run: number) => `Run ${run}: the files are being made…`,
    sending: (run: number) => `Run ${run}: the files are being sent…`,
    paused: (run: number) => `Run ${run} is ready, and waits until deliveries are resumed.`,
    replacing: (run: number) => `Run ${run}: the files are being put in place…`,
  },
  failures: {
    unreachable: 'The connector cannot be reached. What you typed is still here; try again in a moment.',
    refused: 'The connector refused this.',
    reload: 'Load the page again',
    byCode,
    requestId: (id: string) => `In the log under request ${id}`,
  },
  decisions: {
    by: 'Your name',
    byMissing: 'Fill in your name: it is kept with the decision.',
    reason: 'Reason',
    reasonHint: 'Stands in the audit trail for good. Name no more people than needed.',
    reasonMissing: 'Fill in a reason.',
    cancel: 'Cancel',
  },
};
