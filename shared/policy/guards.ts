import { percentage, section, wholeNumber } from './values.ts';

const aBillion = 1_000_000_000;

export const Guards = section({
  deactivated: guard('persons that Spend Cloud would deactivate', 5, 5),
  reactivated: guard('persons known to Spend Cloud that would be active again', 3, 0.5, 25),
  renamed: guard('persons whose username would change', 5, 1),
  changed: guard('persons whose data would change', 20, 20),
  added: guard('persons that would be new', 50, 25),
  rolesRemoved: guard('roles that would disappear', 10, 10),
  rolesAdded: guard('roles that would be new', 100, 25),
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
