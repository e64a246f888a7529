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
  'take-over': {
    tag,
    summary: 'Whom the take-over from the earlier connector brought, and of whom HelloID has not called since',
    details: 'Null where nobody was taken over by `adopt`. `people` names those who were not touched, by username.',
    query: ['limit'],
    answers: { 200: 'TakeOver' },
  },
  preview: {
    tag,
    summary: "The coming delivery's effect at this moment",
    details: 'Made anew only when something changed, and at most once a minute; asking often costs nothing.',
    query: ['who'],
    answers: { 200: 'Preview' },
  },
  checks: {
    tag,
    summary: 'What the doctor finds on this machine',
    details: 'Looked at again after five minutes. The way of a delivery is not tried.',
    answers: { 200: 'Checks' },
  },
  'checks-now': {
    tag,
    summary: "The doctor's steps now, the way of a delivery with small files of its own among them",
    answers: { 200: 'Checks' },
  },
  keys: { tag, summary: 'Which keys there are, and when each was used last', answers: { 200: 'Keys' } },
  backups: { tag, summary: 'The backups that lie here', answers: { 200: 'Backups' } },
};
