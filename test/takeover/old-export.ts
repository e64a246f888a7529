import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers.ts';
import { exportCsv, personHeaders, roleHeaders } from '../legacy/old-files.ts';

type Cell = string | null;

export interface OldFiles {
  persons: string;
  roles: string;
}

/** Both files as a release exports them from its database; with six columns, as an administrator may set it, without the passive people. */
export function exportOld(database: string, names: [string, string], columns: 6 | 7): OldFiles {
  const db = new Database(database, { readonly: true });
  try {
    const fields = columns === 7 ? [...personHeaders, 'passief'] : personHeaders;
    const found = db.prepare<[], string>("SELECT name FROM pragma_table_info('persons')").pluck().all();
    const hasPassief = found.includes('passief');
    const where = columns === 6 && hasPassief ? 'WHERE passief IS NULL' : '';
    const persons = db
      .prepare<[], Cell[]>(`SELECT ${fields.join(', ')} FROM persons ${where} ORDER BY rowid`)
      .raw()
      .all();
    const roles = db
      .prepare<[], Cell[]>('SELECT ou, gebruikersnaam, functiecode FROM roles ORDER BY rowid')
      .raw()
      .all();
    const folder = temporaryFolder();
    const paths = { persons: join(folder, names[0]), roles: join(folder, names[1]) };
    writeFileSync(paths.persons, exportCsv(fields, persons, ';'));
    writeFileSync(paths.roles, exportCsv(roleHeaders, roles, ','));
    return paths;
  } finally {
    db.close();
  }
}
