import { dayIn, lastDays } from '../shared/domain/calendar.ts';
import { answerJson, type Route } from './http.ts';
import { readCount } from './query.ts';

const usualDays = 365;
const mostDays = 1100;

/** Persons and roles of each delivery, and actions by day and kind, in the schedule's time zone. */
export const statistics: Route = {
  name: 'statistics',
  method: 'GET',
  path: 'statistics',
  scope: 'viewer',
  async handler({ query }, { statistics: found, config, now }) {
    const { timeZone } = config.policy.schedule;
    const days = lastDays(timeZone, now(), readCount(query, 'days', 1, mostDays) ?? usualDays);
    const [first, last] = [days[0], days.at(-1)];
    const deliveries = found
      .deliveries(first?.from ?? '')
      .map(({ run, at, ...rows }) => ({ run, at, day: dayIn(timeZone, new Date(at)), ...rows }));
    return answerJson({ timeZone, from: first?.day, to: last?.day, deliveries, actions: found.actions(days) });
  },
};
