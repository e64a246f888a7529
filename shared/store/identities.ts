import type { Identity } from '../domain/identity.ts';
import { openReading } from './open.ts';

/** Every account there ever was: the living ones first, then the deleted ones from the last to the first. */
export function readIdentities(databasePath: string): Identity[] {
  const db = openReading(databasePath);
  try {
    return db
      .prepare<[], Identity>(
        `SELECT id, reference, external_id AS externalId, username, delivered_username AS delivered
         FROM accounts ORDER BY deleted_at IS NOT NULL, deleted_at DESC, id`,
      )
      .all();
  } finally {
    db.close();
  }
}
