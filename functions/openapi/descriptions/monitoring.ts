import type { Descriptions } from '../description.ts';

const tag = 'monitoring';

export const monitoringDescriptions: Descriptions = {
  live: { tag, summary: 'Whether the process answers and the database opens', answers: { 200: 'Live' } },
  health: {
    tag,
    summary: 'Whether all is well, or what is wrong',
    answers: { 200: 'Health', 503: 'Health' },
  },
  audit: {
    tag,
    summary: 'The audit trail, newest first; everything that fits as CSV with `Accept: text/csv`',
    query: ['reference', 'externalId', 'action', 'from', 'to', 'limit', 'cursor'],
    answers: { 200: ['AuditPage', 'text/csv'] },
  },
  'audit-verify': {
    tag,
    summary: 'Walks the whole trail; with `entry` and `head` it also compares with what was written down earlier',
    query: ['entry', 'head'],
    answers: { 200: 'AuditVerification' },
  },
  metrics: { tag, summary: 'Numbers for Prometheus', answers: { 200: 'text/plain' } },
  dashboard: { tag, summary: 'The dashboard, for a browser', answers: { 200: 'text/html' } },
  'dashboard-asset': {
    tag,
    summary: 'A file that the dashboard is made of',
    details: 'Scripts, styles, pictures and fonts. Each keeps its content for ever: a changed one has another name.',
    answers: { 200: ['text/javascript', 'text/css'] },
    refuses: [404],
  },
  openapi: { tag, summary: 'This description', answers: { 200: 'OpenApi' } },
};
