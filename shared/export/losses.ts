import type { Losses, UnitLoss } from '../domain/effect.ts';
import { cellAt } from './csv-records.ts';
import type { FileFormat } from './file-format.ts';
import type { PersonRecords } from './pair.ts';

export interface LossTally {
  /** Active in the pair that is compared with: counted once, before what became of the person. */
  stood(then: PersonRecords): void;
  /** Active in both, with so many role rows that are gone. */
  stayed(now: PersonRecords, then: PersonRecords, removed: number): void;
  /** Active then and not now. */
  left(then: PersonRecords): void;
  result(): Losses;
}

/**
 * Counts what is lost besides what the effect says: last roles, lines of the tables of people whom HelloID does not manage, and shares of units.
 * In a pair that was given (a baseline) nobody can tell which people are those of the tables. Memory grows with the units alone.
 */
export function lossTally(roles: FileFormat, wasGiven: boolean): LossTally {
  const unitsOf = unitReader(roles);
  const units = new Map<string, UnitLoss>();
  const losses = {
    lastRole: 0,
    alsoPersons: { count: 0, of: 0 },
    alsoRoles: { count: 0, of: 0 },
  };
  const isAlso = ({ account }: PersonRecords) => account === null && !wasGiven;

  function loses(then: PersonRecords): void {
    for (const unit of unitsOf(then)) {
      const found = units.get(unit);
      if (found) found.lost += 1;
    }
  }

  return {
    stood: (then) => {
      if (isAlso(then)) losses.alsoPersons.of += 1;
      losses.alsoRoles.of += then.alsoRoles;
      for (const unit of unitsOf(then)) {
        const found = units.get(unit);
        if (found) found.people += 1;
        else units.set(unit, { unit, people: 1, lost: 0 });
      }
    },
    stayed: (now, then, removed) => {
      losses.alsoRoles.count += Math.min(Math.max(then.alsoRoles - now.alsoRoles, 0), removed);
      if (then.roles.length === 0 || now.roles.length > 0) return;
      losses.lastRole += 1;
      loses(then);
    },
    left: (then) => {
      if (isAlso(then)) {
        losses.alsoPersons.count += 1;
        losses.alsoRoles.count += then.alsoRoles;
      }
      loses(then);
    },
    result: () => ({ ...losses, units: [...units.values()].filter(({ lost }) => lost > 0) }),
  };
}

/** The distinct units of a person's roles, by name or, where the file has no names, by code. */
function unitReader(format: FileFormat): (person: PersonRecords) => Iterable<string> {
  const placeOf = (field: string) => format.columns.findIndex((column) => column.field === field);
  const place = placeOf('ou') < 0 ? placeOf('oucode') : placeOf('ou');
  if (place < 0) return () => [];
  return ({ roles }) => {
    const units = roles.map((row) => cellAt(row, place, format));
    return units.length > 1 ? new Set(units) : units;
  };
}
