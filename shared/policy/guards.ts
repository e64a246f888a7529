import { percentage, section, wholeNumber } from './values.ts';

const aBillion = 1_000_000_000;

export const Guards = section({
  deactivated: guard('persons that Spend Cloud would deactivate', 5, 5, 100),
  reactivated: guard('persons known to Spend Cloud that would be active again', 3, 0.5, 25),
  renamed: guard('persons whose username would change', 5, 1, 25),
  changed: guard('persons whose data would change', 20, 20),
  added: guard('persons that would be new', 50, 25),
  rolesRemoved: guard('roles that would disappear', 10, 10, 250),
  rolesAdded: guard('roles that would be new', 100, 25),
  lastRole: guard('persons who would stay active and lose their last role', 10, 2),
  alsoLost: guard('lines of also.persons, or of also.roles, that are gone', 2, 20),
  unit: section({
    people: wholeNumber(1, aBillion).default(5).describe('Units with fewer people are not looked at.'),
    percent: percentage()
      .default(50)
      .describe('The least percentage of the people of a unit that holds; who gets a role elsewhere does not count.'),
  })
    .nullable()
    .prefault({})
    .describe(
      'From which share of the people of one unit, who become inactive or lose their last role, a delivery is held; null turns it off.',
    ),
  week: section({
    times: wholeNumber(1, 1000)
      .default(3)
      .describe(
        'So many times the smallest number that holds on a day (deactivated, reactivated, rolesRemoved) holds.',
      ),
  })
    .nullable()
    .prefault({})
    .describe('How much may happen in seven days, whatever each day brings; null turns it off.'),
});

function guard(what: string, atLeast: number, percent: number, count: number | null = null) {
  return section({
    atLeast: wholeNumber(0, aBillion)
      .default(atLeast)
      .describe('The least number that holds, together with `percent`.'),
    percent: percentage()
      .default(percent)
      .describe('The least percentage of what was delivered last that holds, together with `atLeast`.'),
    count: wholeNumber(1, aBillion)
      .nullable()
      .default(count)
      .describe('The least number that holds by itself; null for none.'),
  })
    .prefault({})
    .describe(`From which number of ${what} a delivery is held.`);
}
