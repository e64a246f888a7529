import type { Role } from './account.ts';

/** A static role that an administrator offers in HelloID: a line of the table `roles.catalogue`. */
export interface CatalogueEntry {
  /** What HelloID holds; never renamed once granted. */
  reference: string;
  /** As Spend Cloud knows the organisational unit. */
  unit: string;
  /** As Spend Cloud knows the role profile. */
  profile: string;
  /** For people. */
  name: string;
}

export type CatalogueEntries = ReadonlyMap<string, CatalogueEntry>;

/** The role that a static permission gives; its values stand as name and as code, so that they go out whichever the columns ask for. */
export function catalogueRole({ reference, unit, profile }: CatalogueEntry): Role {
  return {
    owner: 'catalogue',
    permission: reference,
    contract: '',
    unit,
    unitCode: unit,
    profile,
    profileCode: profile,
    startDate: null,
    endDate: null,
  };
}
