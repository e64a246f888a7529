import type Database from 'better-sqlite3';
import type { Connection } from './open.ts';

/** A connection that can be made again under those who hold it: their statements are prepared again when they are used next. */
export interface LastingConnection {
  connection: Connection;
  /** Closes it, and opens it again at the next use. */
  close(): void;
  open(): void;
}

type Statement = Database.Statement;

export function lasting(connect: () => Connection): LastingConnection {
  let made = connect();
  const methods = {
    prepare: (sql: string) => lastingStatement(() => made, sql),
    exec: (sql: string) => made.exec(sql),
    pragma: (source: string, options?: Database.PragmaOptions) => made.pragma(source, options),
    transaction: (work: () => unknown) => made.transaction(work),
    close: () => made.close(),
    get inTransaction() {
      return made.inTransaction;
    },
    get open() {
      return made.open;
    },
    get name() {
      return made.name;
    },
  };
  return {
    connection: methods as unknown as Connection, // of its members these are used once it is open
    close: () => void made.close(),
    open: () => void (made = connect()),
  };
}

/** The few ways in which statements are used here; each is set up once, before it is run. */
function lastingStatement(current: () => Connection, sql: string): Statement {
  let plucks = false;
  const prepare = (by: Connection) => {
    const statement = by.prepare(sql);
    return { by, statement: plucks ? statement.pluck() : statement };
  };
  let made = prepare(current());
  const now = () => {
    const by = current();
    if (made.by !== by) made = prepare(by);
    return made.statement;
  };
  const methods = {
    run: (...values: unknown[]) => now().run(...values),
    get: (...values: unknown[]) => now().get(...values),
    all: (...values: unknown[]) => now().all(...values),
    iterate: (...values: unknown[]) => now().iterate(...values),
    pluck: () => {
      plucks = true;
      made.statement.pluck();
      return methods;
    },
  };
  return methods as unknown as Statement;
}
