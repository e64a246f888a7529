import Database from 'better-sqlite3';

/** Loads SQLite's own code into this thread, which is otherwise done when the first database is opened. */
export function loadSqlite(): void {
  new Database(':memory:').close();
}
