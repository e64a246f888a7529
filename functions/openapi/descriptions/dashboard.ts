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
  statistics: {
    tag,
    summary: 'Persons and roles of each delivery over time, and actions per day by kind',
    details: "Days are those of the schedule's time zone.",
    query: ['days'],
    answers: { 200: 'Statistics' },
  },
};
