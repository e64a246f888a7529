import Database from 'better-sqlite3';
import type { OldPerson, OldRole, OldValue } from '../../shared/domain/legacy/old-rows.ts';

/** The database of the earlier connector as it is shipped: every column TEXT, no key, no index. */
export const oldSchema = `
  CREATE TABLE "persons" ("externalId" TEXT, "achternaam" TEXT, "voornaam" TEXT, "tussenvoegsel" TEXT, "gebruikersnaam" TEXT, "geslacht" TEXT, "email" TEXT, "createtime" TEXT);
  CREATE TABLE "roles" ("gebruikersnaam" TEXT, "ou" TEXT, "functie" TEXT, "oucode" TEXT, "functiecode" TEXT, "createtime" TEXT);`;

export type PersonValues = Omit<OldPerson, 'row'>;
export type RoleValues = Omit<OldRole, 'row'>;

/** Writes such a file; rows get their numbers in this order, from 1. */
export function writeOldDatabase(path: string, persons: PersonValues[], roles: RoleValues[] = []): void {
  const db = new Database(path);
  db.exec(oldSchema);
  const person = db.prepare(
    `INSERT OR REPLACE INTO persons VALUES (@externalId, @achternaam, @voornaam, @tussenvoegsel, @gebruikersnaam, @geslacht, @email, @createtime)`,
  );
  const role = db.prepare(
    'INSERT OR REPLACE INTO roles VALUES (@gebruikersnaam, @ou, @functie, @oucode, @functiecode, @createtime)',
  );
  db.transaction(() => {
    for (const values of persons) person.run(values);
    for (const values of roles) role.run(values);
  })();
  db.close();
}

/** A person as the earlier connector writes one after an update: the prefix is empty. */
export function oldPerson(externalId: OldValue, username: OldValue, values: Partial<PersonValues> = {}): PersonValues {
  return {
    externalId,
    achternaam: 'Jansen',
    voornaam: 'Anna',
    tussenvoegsel: '',
    gebruikersnaam: username,
    geslacht: 'V',
    email: `${String(username)}@waterrijk-zorg.example`,
    createtime: '2026-03-01T08:00:00Z',
    ...values,
  };
}

export function oldRole(username: string, values: Partial<RoleValues> = {}): RoleValues {
  return {
    gebruikersnaam: username,
    ou: 'Thuiszorg Noord',
    functie: 'Teamleider zorg',
    oucode: 'D0310',
    functiecode: 'TL-ZORG',
    createtime: '2026-03-01T08:00:00Z',
    ...values,
  };
}
