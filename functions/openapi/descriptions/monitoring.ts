import type { Descriptions } from '../description.ts';

const tag = 'monitoring';

export const monitoringDescriptions: Descriptions = {
  live: { tag, summary: 'Whether the process answers and the database opens', answers: { 200: 'Live' } },
  health: {
    tag,
    summary: 'Whether all is well, or what is wrong',
    answers: { 200: 'Health', 503: 'Health' },
  },
  openapi: { tag, summary: 'This description', answers: { 200: 'OpenApi' } },
};
