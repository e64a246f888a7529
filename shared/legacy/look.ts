import type { OldDatabase } from '../domain/legacy/old-rows.ts';
import type { HelloIdList } from '../domain/legacy/references.ts';
import { recogniseRelease, type Recognised } from '../domain/legacy/release.ts';
import { AppError } from '../errors.ts';
import { readReferences } from '../tables/references.ts';
import { readOldDatabase } from './old-database.ts';

export interface ListFile {
  /** A file of the references that HelloID holds: all of them, unless `partial`. */
  references?: string | undefined;
  partial: boolean;
}

export interface OldConnector {
  old: OldDatabase;
  recognised: Recognised;
  /** What HelloID holds; null where nobody told. */
  list: HelloIdList | null;
}

/** Reads what the earlier connector left, here and in HelloID; throws `unreadable` where it cannot be used. */
export function readOldConnector(path: string, { references, partial }: ListFile): OldConnector {
  const old = readOldDatabase(path);
  const list = references === undefined ? null : { complete: !partial, references: readReferences(references) };
  if (list?.complete) refuseOtherList(old, list);
  return { old, recognised: recogniseRelease(old), list };
}

/** A list that knows nobody is another target system's or has another number: believing it would make everybody unknown. */
function refuseOtherList({ persons }: OldDatabase, { references }: HelloIdList): void {
  const numbers = new Set(persons.map(({ externalId }) => String(externalId).normalize('NFC')));
  if (persons.length === 0 || references.some(({ externalId }) => numbers.has(externalId))) return;
  throw new AppError(
    'unreadable',
    `The file of references holds none of the numbers in the old database: is it of this target system, and does its column externalId hold the numbers that the database has?`,
  );
}
