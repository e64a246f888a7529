import { z } from 'zod';
import { type Given, type Report, readVariables } from './reading.ts';
import { variable } from './variables.ts';

/** A key that the environment fixes, beside those in `keys.json`. */
export interface FixedKey {
  scope: 'agent' | 'viewer' | 'operator';
  /** The variable, by which the audit trail names the key. */
  name: string;
  key: string;
}

const places = [
  { scope: 'agent', name: 'AGENT_KEY' },
  { scope: 'viewer', name: 'VIEWER_KEY' },
  { scope: 'operator', name: 'OPERATOR_KEY' },
] as const;

const key = variable(
  (value) => /^[!-~]{20,}$/.test(value),
  'at least 20 printable ASCII characters without spaces',
).optional();
export const Keys = z.object({
  AGENT_KEY: key.describe('A fixed key for HelloID, beside those in `keys.json`.'),
  VIEWER_KEY: key.describe('A fixed key for who may read everything but act on nothing.'),
  OPERATOR_KEY: key.describe('A fixed key for who may do everything.'),
});

export function readKeys(given: Given, report: Report): FixedKey[] | undefined {
  for (const [index, { name }] of places.entries()) {
    const twin = places.slice(0, index).find((other) => given[other.name] === given[name]);
    if (twin && given[name] !== undefined) report(name, `found the same key as in ${twin.name}, expected its own`);
  }
  const keys = readVariables(Keys, given, report);
  return (
    keys && places.flatMap(({ scope, name }) => (keys[name] === undefined ? [] : [{ scope, name, key: keys[name] }]))
  );
}
