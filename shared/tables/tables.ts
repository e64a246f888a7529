import { statSync } from 'node:fs';
import { caseless, fieldNames } from '../domain/account.ts';
import { noTables, type Tables } from '../domain/tables.ts';
import type { Fits } from '../domain/text.ts';
import { AppError } from '../errors.ts';
import type { Policy } from '../policy.ts';
import { alsoPersonsTable, alsoRolesTable } from './also.ts';
import { mappingTable } from './mapping.ts';

/** The administrator's tables for runs; read again when a file changed. */
export interface RunTables {
  /** Throws `broken-table`: a run without a table would lose rows. */
  read(): Tables;
  /** Path, time and size of each file: another text once one of them changed. */
  stamp(): string;
  /** Whether `also.persons` holds a username; a table that is broken says no, and blocks the next run. */
  isAlso(username: string): boolean;
}

export function runTables({ roles, also, fields, spendCloud }: Policy, fits: Fits): RunTables {
  const units = mappingTable(roles.unitTable, 'roles.unitTable', fits);
  const profiles = mappingTable(roles.profileTable, 'roles.profileTable', fits);
  const known = [...Object.values(fieldNames), ...fields.map(({ name }) => name)];
  const persons = alsoPersonsTable(also.persons, known, spendCloud.personKey, fits);
  const furtherRoles = alsoRolesTable(also.roles, fits);

  return {
    read: () => ({
      units: units(),
      profiles: profiles(),
      alsoPersons: persons() ?? noTables.alsoPersons,
      alsoRoles: furtherRoles() ?? noTables.alsoRoles,
    }),
    stamp: () =>
      JSON.stringify([roles.unitTable, roles.profileTable, roles.catalogue, also.persons, also.roles].map(stampOf)),
    isAlso: (username) => {
      if (also.persons === null) return false;
      try {
        return persons()?.has(caseless(username)) ?? false;
      } catch (error) {
        if (error instanceof AppError) return false;
        throw error;
      }
    },
  };
}

function stampOf(path: string | null): unknown[] | null {
  if (path === null) return null;
  try {
    const { mtimeMs, size } = statSync(path);
    return [path, mtimeMs, size];
  } catch {
    return [path]; // reading it says what is wrong with it
  }
}
