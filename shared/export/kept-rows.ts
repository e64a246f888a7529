import type { PersonRow } from '../domain/dump-row.ts';
import { inColumnsOfNow } from './columns-of-then.ts';
import { fitsEncodings, type Row } from './file-format.ts';
import type { FindingList } from './findings.ts';
import { readManifest, readPair, type PersonRecords } from './pair.ts';
import type { DumpOrder } from './write-dump.ts';

/** A person's row and role rows, as they go into the files. */
export interface PersonRows {
  person: PersonRow;
  row: Row;
  roles: Row[];
}

/**
 * Rows with a character that a file's encoding does not have (the encoding was changed after they were stored) go out as delivered last,
 * so that nobody is dropped for it. Undefined for a person who was never delivered: there is nothing that could be written.
 */
export function rowKeeper(order: DumpOrder, findings: FindingList): (rows: PersonRows) => PersonRows | undefined {
  const { persons, roles } = order;
  if (persons.encoding === 'utf-8' && roles.encoding === 'utf-8') return (rows) => rows;
  const fits = fitsEncodings([persons.encoding, roles.encoding]);
  const deliveredLast = lastDelivered(order);
  return (rows) => {
    const cells = [...rows.row, ...rows.roles.flat()];
    if (cells.every((cell) => cell === null || fits(cell))) return rows;
    const kept = rows.person.id === null ? undefined : deliveredLast(rows.person.id);
    if (!kept) {
      findings.add(
        'cannot-be-written',
        rows.person,
        "A value holds a character that the files' encoding does not have; the person was never delivered and is left out",
      );
      return undefined;
    }
    findings.add(
      'kept-row',
      rows.person,
      "A value holds a character that the files' encoding does not have; the person goes out as delivered last",
    );
    const { username, externalId } = kept;
    return { person: { ...rows.person, username, externalId }, row: kept.row, roles: kept.roles };
  };
}

interface KeptRows {
  username: string;
  externalId: string;
  row: Row;
  roles: Row[];
}

/** Looks up what went out last for an account; the pair is read once, and only when somebody needs it. */
function lastDelivered({ deliveredPair, persons, roles }: DumpOrder): (account: number) => KeptRows | undefined {
  let known: Map<number, PersonRecords> | undefined;
  const manifest = deliveredPair === null ? undefined : readManifest(deliveredPair);
  return (account) => {
    if (deliveredPair === null || !manifest) return undefined;
    known ??= new Map(
      [...readPair(deliveredPair, manifest)].flatMap((one) =>
        one.account === null || one.inactiveSince !== null ? [] : [[one.account, one]],
      ),
    );
    const found = known.get(account);
    if (!found) return undefined;
    const row = inColumnsOfNow(found.row, manifest.persons, persons);
    return {
      username: found.username,
      externalId: found.externalId,
      row,
      roles: found.roles.map((role) => inColumnsOfNow(role, manifest.roles, roles)),
    };
  };
}
