import type { Description, Descriptions } from '../description.ts';

const tag = 'operators';

export const accountDescriptions: Descriptions = {
  accounts: {
    tag,
    summary: 'The living accounts, or the deleted ones, page by page',
    query: ['search', 'enabled', 'stale', 'deleted', 'limit', 'cursor'],
    answers: { 200: 'AccountPage' },
  },
  account: {
    tag,
    summary: 'One account, a deleted one too, with its history',
    answers: { 200: 'AccountDetail' },
    refuses: [404],
  },
  'account-enable': decision('Give access, where HelloID cannot do it any more'),
  'account-disable': decision('Take access away, where HelloID cannot do it any more'),
  'account-delete': decision('Delete an account, where HelloID cannot do it any more'),
  'account-accept-username': {
    ...decision('Let a changed username, or what else the import matches on, into the files'),
    details:
      'For Spend Cloud it is a new employee, unless it is renamed there as well. With `pending` another value than that one, which HelloID may have sent meanwhile, answers 409.',
    body: 'AcceptRequest',
    refuses: [404, 409],
  },
  'account-renew': {
    ...decision('Let the number of a deleted account make a new account'),
    details:
      'For a number that was given out again: a create whose name and username differ from everything the deleted account had is refused until then. ' +
      'The new account gets a reference of its own, and the deleted one stays closed. A number with a living account, or one that was given free before, answers 409.',
    refuses: [404, 409],
  },
  'username-allow': {
    tag,
    summary: "Let a number have a username that was somebody else's",
    body: 'AllowRequest',
    answers: { 200: 'UsernameAllowed' },
  },
};

function decision(summary: string): Description {
  return { tag, summary, body: 'Decision', answers: { 200: 'AccountDetail' }, refuses: [404] };
}
