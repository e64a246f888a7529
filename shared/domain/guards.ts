import type { Comparison, Measure, UnitLoss } from './effect.ts';

/** From when on a number holds: at least so many and so many percent of the last delivered, or `count` by itself. */
export interface Guard {
  atLeast: number;
  percent: number;
  count: number | null;
}

/** A unit of at least so many people holds once it loses so many percent of them. */
export interface UnitGuard {
  people: number;
  percent: number;
}

/** A week holds from so many times the smallest number that holds on a day. */
export interface WeekGuard {
  times: number;
}

const counted = [
  ...(['deactivated', 'reactivated', 'renamed', 'changed', 'added'] as const),
  ...(['rolesRemoved', 'rolesAdded', 'lastRole', 'alsoLost'] as const),
] as const;
export type CountedGuard = (typeof counted)[number];

export const guardNames = [...counted, 'unit', 'week'] as const;
export type GuardName = (typeof guardNames)[number];

/** Null: that guard is off. */
export type Guards = Record<CountedGuard, Guard> & { unit: UnitGuard | null; week: WeekGuard | null };

/** What a dump does to people who were delivered, as far as guards look at it. */
export interface Measures {
  deactivated: Measure;
  reactivated: Measure;
  renamed: Measure;
  changed: Measure;
  added: Measure;
  rolesRemoved: Measure;
  rolesAdded: Measure;
  lastRole: Measure;
  alsoPersons: Measure;
  alsoRoles: Measure;
  /** Those that lose most come first; at most `mostUnits`. */
  units: UnitLoss[];
  /** The same against the pair of a week ago; null where there is none that is older than the one delivered last. */
  week: WeekMeasures | null;
}

export type WeekMeasures = Record<WeekGuarded, Measure> & {
  /** UTC time at which that pair was delivered. */
  since: string;
};

const guardedByWeek = ['deactivated', 'reactivated', 'rolesRemoved'] as const;
type WeekGuarded = (typeof guardedByWeek)[number];

/** A guard that was tripped, and what by. */
export interface Tripped {
  guard: GuardName;
  reason: string;
}

const mostUnits = 100;

type Said = Exclude<keyof Measures, 'units' | 'week'>;

const guarded: Record<CountedGuard, readonly Said[]> = {
  deactivated: ['deactivated'],
  reactivated: ['reactivated'],
  renamed: ['renamed'],
  changed: ['changed'],
  added: ['added'],
  rolesRemoved: ['rolesRemoved'],
  rolesAdded: ['rolesAdded'],
  lastRole: ['lastRole'],
  alsoLost: ['alsoPersons', 'alsoRoles'],
};

const says: Record<Said, (count: number) => string> = {
  deactivated: (count) => `${count} person(s) would be deactivated`,
  reactivated: (count) => `${count} person(s) would be active again`,
  renamed: (count) => `${count} person(s) would become new employees under another key`,
  changed: (count) => `the data of ${count} person(s) would change`,
  added: (count) => `${count} person(s) would be new`,
  rolesRemoved: (count) => `${count} role(s) would be removed`,
  rolesAdded: (count) => `${count} role(s) would be new`,
  lastRole: (count) => `${count} person(s) would stay active and lose their last role`,
  alsoPersons: (count) => `${count} line(s) of also.persons are gone`,
  alsoRoles: (count) => `${count} line(s) of also.roles are gone`,
};

/** The smallest number that a guard holds, with so many delivered last. */
export function smallestHolding({ atLeast, percent, count }: Guard, of: number): number {
  const together = Math.max(atLeast, Math.ceil((percent / 100) * of), 1);
  return count === null ? together : Math.min(together, count);
}

/** What the guards look at; null where nothing was delivered before, so that there is nothing to measure against. */
export function measuresOf(
  { effect: { persons, roles }, base, acceptedRenames, losses }: Comparison,
  week: WeekMeasures | null = null,
): Measures | null {
  if (!base) return null;
  const ofPersons = (count: number): Measure => ({ count, of: base.persons });
  const ofRoles = (count: number): Measure => ({ count, of: base.roles });
  return {
    deactivated: ofPersons(persons.deactivated),
    reactivated: ofPersons(persons.reactivated),
    renamed: ofPersons(persons.renamed - acceptedRenames),
    changed: ofPersons(persons.changed),
    added: ofPersons(persons.added),
    rolesRemoved: ofRoles(roles.removed),
    rolesAdded: ofRoles(roles.added),
    lastRole: ofPersons(losses.lastRole),
    alsoPersons: losses.alsoPersons,
    alsoRoles: losses.alsoRoles,
    units: losses.units.toSorted((one, other) => other.lost - one.lost).slice(0, mostUnits),
    week,
  };
}

/** The same against a pair of another day, of which less is looked at. */
export function weekMeasuresOf({ effect: { persons, roles }, base }: Comparison, since: string): WeekMeasures | null {
  if (!base) return null;
  return {
    since,
    deactivated: { count: persons.deactivated, of: base.persons },
    reactivated: { count: persons.reactivated, of: base.persons },
    rolesRemoved: { count: roles.removed, of: base.roles },
  };
}

/** The guards for which a dump is held as a mass effect; empty when it may go. */
export function trippedBy(measures: Measures | null, guards: Guards): Tripped[] {
  if (!measures) return [];
  return [
    ...counted.flatMap((guard) => guarded[guard].flatMap((what) => trippedByDay(measures, guards[guard], guard, what))),
    ...(guards.unit ? trippedByUnits(measures.units, guards.unit) : []),
    ...(guards.week && measures.week ? trippedByWeek(measures.week, guards, guards.week) : []),
  ];
}

function trippedByDay(
  measures: Measures,
  { atLeast, percent, count: byItself }: Guard,
  guard: CountedGuard,
  what: Said,
): Tripped[] {
  const { count, of } = measures[what];
  const share = of === 0 ? Infinity : (count / of) * 100;
  const trips = (count >= atLeast && share >= percent) || (byItself !== null && count >= byItself);
  if (count === 0 || !trips) return [];
  return [{ guard, reason: `${says[what](count)}, of ${of} delivered last (guards.${guard})` }];
}

function trippedByUnits(units: readonly UnitLoss[], { people: least, percent }: UnitGuard): Tripped[] {
  const [first, ...others] = units.filter(
    ({ people, lost }) => lost > 0 && people >= least && (lost / people) * 100 >= percent,
  );
  if (!first) return [];
  const more = others.length === 0 ? '' : `, and so in ${others.length} more unit(s)`;
  const reason = `${first.lost} of the ${first.people} people of unit [${first.unit}] would become inactive or lose their last role${more} (guards.unit)`;
  return [{ guard: 'unit', reason }];
}

function trippedByWeek(week: WeekMeasures, guards: Guards, { times }: WeekGuard): Tripped[] {
  return guardedByWeek.flatMap((what) => {
    const { count, of } = week[what];
    if (count === 0 || count < times * smallestHolding(guards[what], of)) return [];
    const day = week.since.slice(0, 10);
    return [{ guard: 'week', reason: `${says[what](count)} since ${day}, of ${of} delivered then (guards.week)` }];
  });
}
