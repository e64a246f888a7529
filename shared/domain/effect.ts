/**
 * What Spend Cloud will do with a dump, by its own rules: who is missing or marked inactive is deactivated, another key is a new employee.
 * It speaks of people: an inactive row is an absent person, and `total` counts who is active.
 */
export interface Effect {
  persons: {
    total: number;
    added: number;
    /** Active again: delivered once, inactive or absent last. They are counted nowhere else. */
    reactivated: number;
    deactivated: number;
    changed: number;
    renamed: number;
  };
  roles: { total: number; added: number; removed: number };
}

/** Who is behind the numbers; each list is cut at `mostListed`, the numbers are not. */
export interface Affected {
  added: AffectedPerson[];
  reactivated: AffectedPerson[];
  deactivated: AffectedPerson[];
  changed: (AffectedPerson & { changes: { column: string; before: string; after: string }[] })[];
  renamed: { reference: string | null; before: string; after: string }[];
  rolesAdded: AffectedRole[];
  rolesRemoved: AffectedRole[];
}

export interface AffectedPerson {
  /** Null for a person whom HelloID does not manage. */
  reference: string | null;
  /** The key by which Spend Cloud knows the person. */
  key: string;
}

export interface AffectedRole extends AffectedPerson {
  /** The row's values by their column headers. */
  role: Record<string, string>;
}

/** What a dump is compared with, and so what percentages are of. */
export interface Base {
  /** Active people. */
  persons: number;
  roles: number;
}

/** An effect with everything that judging it needs. */
export interface Comparison {
  effect: Effect;
  who: Affected;
  /** Null: nothing was delivered before, so everything counts as new. */
  base: Base | null;
  /** Renames that an operator accepted: they are in `effect.persons.renamed`, and hold nothing. */
  acceptedRenames: number;
  /** Those of `who.deactivated` who are in the persons file no more at all. */
  missing: AffectedPerson[];
  losses: Losses;
}

/** So many of so many that were delivered. */
export interface Measure {
  count: number;
  of: number;
}

/** What is lost besides what the effect counts. */
export interface Losses {
  /** People who stay active and had a role, and have none any more. */
  lastRole: number;
  /** People whom HelloID does not manage and who are gone from `also.persons`. */
  alsoPersons: Measure;
  /** Roles that `also.roles` gave, of people who stay or whom HelloID does not manage. */
  alsoRoles: Measure;
  /** Units of which somebody became inactive or lost the last role. Who has a role elsewhere is not lost. */
  units: UnitLoss[];
}

export interface UnitLoss {
  unit: string;
  /** Active people with a role there in the pair that is compared with. */
  people: number;
  lost: number;
}

export const mostListed = 1000;
