import Database from 'better-sqlite3';
import { migrate, newestVersion } from './migrations.ts';
import type { Connection } from './open.ts';

interface SchemaRow {
  what: string;
  sql: string | null;
}

/**
 * What in a database is not as the release that it names made it: tables, indexes, triggers and views that were added, changed or removed. A trigger can undo
 * what is written, and stays for good. Empty where all is as it was made; nothing is told of a version that this program does not know.
 */
export function foreignSchema(db: Connection): string[] {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version < 1 || version > newestVersion) return [];
  const found = schemaOf(db);
  const made = madeBy(version);
  return [
    ...[...found].flatMap(([what, sql]) =>
      !made.has(what) ? [`${what} was added`] : made.get(what) === sql ? [] : [`${what} was changed`],
    ),
    ...[...made.keys()].flatMap((what) => (found.has(what) ? [] : [`${what} is missing`])),
  ];
}

function madeBy(version: number): Map<string, string | null> {
  const db = new Database(':memory:');
  try {
    migrate(db, version);
    return schemaOf(db);
  } finally {
    db.close();
  }
}

/** But for the numbers that SQLite notes for itself when somebody asks it to. */
function schemaOf(db: Connection): Map<string, string | null> {
  const rows = db
    .prepare<[], SchemaRow>(
      `SELECT type || ' ' || name || CASE WHEN type IN ('index', 'trigger') THEN ' on ' || tbl_name ELSE '' END AS what, sql
       FROM sqlite_schema WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))`,
    )
    .all();
  return new Map(rows.map(({ what, sql }) => [what, sql]));
}
