import type { Base, Comparison, Effect } from './effect.ts';

/** From when on a number holds: at least so many and so many percent of the last delivered, or `count` by itself. */
export interface Guard {
  atLeast: number;
  percent: number;
  count: number | null;
}

export type GuardName = 'deactivated' | 'reactivated' | 'renamed' | 'changed' | 'added' | 'rolesRemoved' | 'rolesAdded';
export type Guards = Record<GuardName, Guard>;

interface Guarded {
  of: keyof Base;
  count(effect: Effect, acceptedRenames: number): number;
  says(count: number): string;
}

const guarded: Record<GuardName, Guarded> = {
  deactivated: {
    of: 'persons',
    count: ({ persons }) => persons.deactivated,
    says: (count) => `${count} person(s) would be deactivated`,
  },
  reactivated: {
    of: 'persons',
    count: ({ persons }) => persons.reactivated,
    says: (count) => `${count} person(s) would be active again`,
  },
  renamed: {
    of: 'persons',
    count: ({ persons }, acceptedRenames) => persons.renamed - acceptedRenames,
    says: (count) => `${count} person(s) would become new employees under another key`,
  },
  changed: {
    of: 'persons',
    count: ({ persons }) => persons.changed,
    says: (count) => `the data of ${count} person(s) would change`,
  },
  added: { of: 'persons', count: ({ persons }) => persons.added, says: (count) => `${count} person(s) would be new` },
  rolesRemoved: {
    of: 'roles',
    count: ({ roles }) => roles.removed,
    says: (count) => `${count} role(s) would be removed`,
  },
  rolesAdded: { of: 'roles', count: ({ roles }) => roles.added, says: (count) => `${count} role(s) would be new` },
};

/** The smallest number that a guard holds, with so many delivered last. */
export function smallestHolding({ atLeast, percent, count }: Guard, of: number): number {
  const together = Math.max(atLeast, Math.ceil((percent / 100) * of), 1);
  return count === null ? together : Math.min(together, count);
}

/** Why a dump is held as a mass effect; empty when it may go. Without a base there is nothing to measure against. */
export function guardReasons({ effect, base, acceptedRenames }: Comparison, guards: Guards): string[] {
  if (!base) return [];
  return (Object.keys(guarded) as GuardName[]).flatMap((name) => {
    const { of, count, says } = guarded[name];
    const number = count(effect, acceptedRenames);
    const { atLeast, percent, count: byItself } = guards[name];
    const share = base[of] === 0 ? Infinity : (number / base[of]) * 100;
    const trips = (number >= atLeast && share >= percent) || (byItself !== null && number >= byItself);
    if (number === 0 || !trips) return [];
    return [`${says(number)}, of ${base[of]} delivered last (guards.${name})`];
  });
}
