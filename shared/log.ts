/** What we need of a logger; pino has it. Facts go in as fields, and never hold a secret, a name or an address. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** For commands whose output is for people. */
export const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // silence is what was asked for
}
