import Database from 'better-sqlite3';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers.ts';
import { oldSchema } from './old-connector.ts';

export type Release = '2.0.1' | '2.0.3' | '2.0.5';

/** Somebody as HelloID sends them to the earlier connector. */
export interface Employee {
  number: string;
  username: string;
  email: string;
  achternaam: string;
  tussenvoegsel: string;
  /** Department and title of each contract in conditions. */
  contracts: [string, string][];
}

export function employee(number: string, username: string, values: Partial<Employee> = {}): Employee {
  const email = `${username}@waterrijk-zorg.example`;
  return {
    number,
    username,
    email,
    achternaam: 'Jansen',
    tussenvoegsel: '',
    contracts: [['Thuiszorg', 'Teamleider']],
    ...values,
  };
}

/** The earlier connector between HelloID and its database. */
export interface OldLife {
  path: string;
  /** Correlates on the number unless `correlation` is off; HelloID's update that follows is a call of its own. */
  create(who: Employee, options?: { correlation: boolean }): void;
  update(who: Employee): void;
  leave(number: string): void;
  /** Takes the account out of HelloID's hands without a delete. */
  unmanage(number: string): void;
  /** Something that a person did to the database by hand. */
  byHand(sql: string): void;
  /** What HelloID holds: its complete list. */
  references(): { externalId: string; reference: string }[];
}

/**
 * Does to a real database what a release of the scripts did, in the order of their statements and with their faults, as run under
 * ErrorActionPreference Continue, where a statement that fails is passed over; with `stop` it ends the script.
 */
export function oldLife(release: Release, { stop = false } = {}): OldLife {
  const path = join(temporaryFolder(), 'SpendCloud.db');
  const hasPassief = release === '2.0.5';
  const held = new Map<string, { reference: string; correlated: boolean }>();

  function withDatabase<Result>(use: (db: Database.Database) => Result): Result {
    const db = new Database(path);
    try {
      return use(db);
    } finally {
      db.close();
    }
  }
  withDatabase((db) => {
    db.exec(oldSchema);
    if (hasPassief) db.exec('ALTER TABLE persons ADD COLUMN passief TEXT');
  });

  /** A statement that a quote breaks: passed over, or the end of the script. */
  function breaks(...unquoted: string[]): boolean {
    const broken = unquoted.some((text) => text.includes("'"));
    if (broken && stop) throw new Error('the statement failed');
    return broken;
  }

  function addRoles(db: Database.Database, username: string, { contracts }: Employee): void {
    if (contracts.length === 0) throw new Error('No Contracts in scope [InConditions] found!');
    const role = db.prepare(`INSERT INTO roles VALUES (?, ?, ?, ?, ?, datetime())`);
    for (const [unit, title] of contracts)
      if (!breaks(username)) role.run(username, unit, title, `D-${unit}`, `F-${title}`);
  }

  function create(who: Employee, { correlation = true } = {}): void {
    withDatabase((db) => {
      const found = db.prepare('SELECT gebruikersnaam FROM persons WHERE externalId = ?').pluck();
      const hits = correlation ? (found.all(who.number) as string[]) : [];
      if (hits.length > 0) {
        const reference = hits.length === 1 ? (hits[0] ?? '') : JSON.stringify(hits);
        return void held.set(who.number, { reference, correlated: true });
      }
      let reference = 'DRYRUN';
      try {
        if (!breaks(...quotable(who), who.number))
          db.prepare(
            `INSERT INTO persons (externalId, achternaam, voornaam, tussenvoegsel, gebruikersnaam, geslacht, email, createtime)
             VALUES (?, ?, 'Anna', ?, ?, 'V', ?, datetime())`,
          ).run(who.number, who.achternaam, who.tussenvoegsel, who.username, who.email);
        reference = who.username;
        addRoles(db, who.username, who);
      } catch {
        if (release === '2.0.5') return; // told as failed; until then as granted, with whatever the reference was
      }
      held.set(who.number, { reference, correlated: false });
    });
  }

  function update(who: Employee): void {
    const grant = held.get(who.number);
    if (!grant) throw new Error(`HelloID holds nothing for ${who.number}`);
    const reference = asText(grant.reference);
    withDatabase((db) => {
      const passive = hasPassief
        ? db.prepare(`SELECT 1 FROM persons WHERE gebruikersnaam = ? AND trim(passief) <> ''`).get(reference)
        : undefined;
      // before 2.0.5 every update emptied tussenvoegsel, by a typo
      const prefix = release === '2.0.1' ? '' : who.tussenvoegsel;
      if (!breaks(...quotable(who)))
        db.prepare(
          'UPDATE persons SET achternaam = ?, tussenvoegsel = ?, gebruikersnaam = ?, email = ?, createtime = datetime() WHERE gebruikersnaam = ?',
        ).run(who.achternaam, prefix, who.username, who.email, reference);
      if (hasPassief)
        db.prepare('UPDATE persons SET passief = ? WHERE gebruikersnaam = ?').run(
          passive && !grant.correlated ? 'Ja' : null,
          who.username,
        );
      grant.correlated = false;
      db.prepare('DELETE FROM roles WHERE gebruikersnaam = ?').run(reference);
      try {
        addRoles(db, reference, who);
      } catch {
        // in error; HelloID keeps the account and tries again
      }
    });
  }

  function leave(number: string): void {
    const reference = asText(held.get(number)?.reference ?? '');
    withDatabase((db) => {
      if (release === '2.0.5') db.prepare("UPDATE persons SET passief = 'Ja' WHERE gebruikersnaam = ?").run(reference);
      if (release === '2.0.1') db.prepare('DELETE FROM persons WHERE gebruikersnaam = ?').run(reference);
      db.prepare('DELETE FROM roles WHERE gebruikersnaam = ?').run(reference);
    });
    held.delete(number);
  }

  return {
    path,
    create,
    update,
    leave,
    unmanage: (number) => void held.delete(number),
    byHand: (sql) => withDatabase((db) => void db.exec(sql)),
    references: () => [...held].map(([externalId, { reference }]) => ({ externalId, reference })),
  };
}

/** What goes into a statement as it is; names have their quotes doubled. */
function quotable({ username, email }: Employee): string[] {
  return [username, email];
}

/** How PowerShell makes one text of an array. */
function asText(reference: string): string {
  return reference.startsWith('[') ? (JSON.parse(reference) as string[]).join(' ') : reference;
}
