import type { App } from '../app.ts';
import type { Wanted } from '../domain/account.ts';
import type { Claim } from '../domain/decision.ts';

/** A wanted username that stands in `also.persons`: that name is somebody's whom HelloID does not manage. */
export function alsoClaims({ tables }: App, { username }: Wanted): Claim[] {
  if (!username || !tables.isAlso(username)) return [];
  return [{ field: 'username', holder: 'also.persons', by: 'also' }];
}
