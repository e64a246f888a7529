import type { Description, Descriptions } from '../description.ts';

const tag = 'operators';

export const deliveryDescriptions: Descriptions = {
  exports: { tag, summary: 'The runs, newest first', query: ['limit', 'cursor'], answers: { 200: 'RunPage' } },
  'export-now': {
    tag,
    summary: 'Deliver now, or see what would be delivered',
    details: '202 with the run, which goes on by itself. With `dryRun` 200, and nothing is written or sent.',
    body: 'ExportRequest',
    bodyIsOptional: true,
    answers: { 200: 'RunPreview', 202: 'Run' },
  },
  export: {
    tag,
    summary: 'One run, with the people behind its numbers',
    answers: { 200: 'RunDetail' },
    refuses: [404],
  },
  'export-release': decision('Let a held run go', 'Exactly the bytes that were shown go out.'),
  'export-discard': decision('Keep a held or blocked run from going'),
  'export-retry': decision('Try a failed run again now'),
  'export-file': {
    tag,
    summary: 'A file of a run, byte for byte',
    answers: { 200: 'text/csv' },
    refuses: [404],
  },
  'finding-seen': {
    tag,
    summary: 'Mark a finding as looked at',
    body: 'SeenRequest',
    answers: { 200: 'FindingSeen' },
  },
  'finding-accept': {
    tag,
    summary: 'Accept a kind of finding that means access, up to and with a day',
    details:
      'Until then this kind is no message and no warning. Everything else about it stays: it is in the findings of each run, and in `waiting.access` of the overview.',
    body: 'AcceptFindingRequest',
    answers: { 200: 'FindingAccepted' },
  },
  'also-accept': {
    tag,
    summary: 'Let a line of `also.persons` give access to somebody whose account was deleted',
    details: 'Such a line is left out until it is accepted once. 409 where nobody who was deleted had this username.',
    body: 'AcceptAlsoRequest',
    answers: { 200: 'AlsoAccepted' },
    refuses: [404, 409],
  },
  pause: {
    tag,
    summary: 'No delivery until resumed',
    body: 'Decision',
    answers: { 200: 'PauseState' },
    refuses: [409],
  },
  resume: {
    tag,
    summary: 'Deliver again; the newest due time goes',
    body: 'Decision',
    answers: { 200: 'PauseState' },
    refuses: [409],
  },
};

function decision(summary: string, details?: string): Description {
  return {
    tag,
    summary,
    ...(details && { details }),
    body: 'Decision',
    answers: { 200: 'RunDetail' },
    refuses: [404, 409],
  };
}
