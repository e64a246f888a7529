import type { Descriptions } from '../description.ts';

const tag = 'operators';

/** What the dashboard asks for; everything else it shows has a route of its own. */
export const dashboardDescriptions: Descriptions = {
  overview: {
    tag,
    summary: 'How things are at this moment',
    details: 'Light enough to be asked every few seconds.',
    answers: { 200: 'Overview' },
  },
};
