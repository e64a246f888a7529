import type Database from 'better-sqlite3';
import {
  personColumns,
  roleColumns,
  type OldDatabase,
  type OldPerson,
  type OldRole,
  type OldValue,
  type UnknownColumn,
} from '../domain/legacy/old-rows.ts';

type Connection = Database.Database;
type Table = UnknownColumn['table'];

// V1 had these, and no prefix, gender, time or roles.
const oldestColumns = { voornaam: 'voornamen', gebruikersnaam: 'adfs_login' } as const;
const oldestPersonColumns = ['externalId', 'email', 'achternaam', ...Object.values(oldestColumns)];

/** Which tables a database holds, or why they are not those of the earlier connector. */
export function findLayout(db: Connection): { kind: OldDatabase['layout'] } | { kind: 'other'; why: string } {
  const persons = columnsOf(db, 'persons');
  if (persons.length === 0) return { kind: 'other', why: 'it has no table persons' };
  if (isOldest(persons)) return { kind: 'V1' };
  for (const [table, expected] of [
    ['persons', personColumns],
    ['roles', roleColumns],
  ] as const) {
    const found = columnsOf(db, table);
    if (found.length === 0) return { kind: 'other', why: `it has no table ${table}` };
    const missing = expected.filter((column) => !has(found, column));
    if (missing.length > 0)
      return { kind: 'other', why: `its table ${table} lacks the column(s) ${missing.join(', ')}` };
  }
  return { kind: 'V2' };
}

/** Reads every row of the two tables, and which columns with values are left over. */
export function readTables(db: Connection, layout: OldDatabase['layout']): OldDatabase {
  const columns = columnsOf(db, 'persons');
  const hasPassief = has(columns, 'passief');
  if (layout === 'V1') {
    const persons = oldestPersons(db, hasPassief);
    const unknownColumns = leftOver(db, 'persons', [...oldestPersonColumns, 'passief']);
    return { layout, hasPassief, persons, roles: [], unknownColumns };
  }
  const read = hasPassief ? [...personColumns, 'passief'] : personColumns;
  return {
    layout,
    hasPassief,
    persons: rowsOf<OldPerson>(db, 'persons', read),
    roles: rowsOf<OldRole>(db, 'roles', roleColumns),
    unknownColumns: [...leftOver(db, 'persons', read), ...leftOver(db, 'roles', roleColumns)],
  };
}

function isOldest(found: readonly string[]): boolean {
  return oldestPersonColumns.every((column) => has(found, column)) && !has(found, 'gebruikersnaam');
}

function oldestPersons(db: Connection, hasPassief: boolean): OldPerson[] {
  const none = { tussenvoegsel: null, geslacht: null, createtime: null };
  const rows = rowsOf<Record<string, OldValue> & { row: number }>(db, 'persons', [
    ...oldestPersonColumns,
    ...(hasPassief ? ['passief'] : []),
  ]);
  return rows.map(({ voornamen, adfs_login, ...rest }) => ({
    ...none,
    ...rest,
    voornaam: voornamen,
    gebruikersnaam: adfs_login,
  })) as OldPerson[];
}

function rowsOf<Row>(db: Connection, table: Table, columns: readonly string[]): Row[] {
  const named = columns.map((column) => `${column} AS ${column}`).join(', ');
  return db.prepare<[], Row>(`SELECT rowid AS row, ${named} FROM ${table} ORDER BY rowid`).all();
}

function leftOver(db: Connection, table: Table, known: readonly string[]): UnknownColumn[] {
  return columnsOf(db, table)
    .filter((column) => !has(known, column))
    .flatMap((column) => {
      const name = `"${column.replaceAll('"', '""')}"`;
      const found = db
        .prepare<[], { count: number; firstRow: number }>(
          `SELECT count(*) AS count, min(rowid) AS firstRow FROM ${table} WHERE coalesce(${name}, '') <> ''`,
        )
        .get();
      return found && found.count > 0 ? [{ table, column, ...found }] : [];
    });
}

function columnsOf(db: Connection, table: Table): string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}

function has(columns: readonly string[], column: string): boolean {
  return columns.some((name) => name.toLowerCase() === column.toLowerCase());
}
