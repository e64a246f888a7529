import { caseless, fieldNames } from '../domain/account.ts';
import type { DumpSource, PersonRow } from '../domain/dump-row.ts';
import type { Row } from './file-format.ts';
import type { FindingList } from './findings.ts';
import type { DumpOrder } from './write-dump.ts';

/** `spendCloud.inactiveEmail` in connector.json: what becomes of the e-mail address in the row of an inactive person. */
export type InactiveEmail = 'blank-if-taken' | 'blank' | 'keep';

/** Spend Cloud refuses an address that another person has, active or not. */
export interface InactiveAddresses {
  /** A row of the file, with its address or without it. To be asked in the order in which people became inactive, the last one first. */
  inRow(row: Row): Row;
}

export function inactiveAddresses(
  { persons, inactiveEmail }: Pick<DumpOrder, 'persons' | 'inactiveEmail'>,
  { hasActiveAddress }: Pick<DumpSource, 'hasActiveAddress'>,
  also: readonly PersonRow[],
  findings: FindingList,
): InactiveAddresses {
  const place = persons.columns.findIndex(({ field }) => field === fieldNames.email);
  const given = new Set(also.map(({ email }) => addressKey(email)));
  let isTold = false;

  function isTaken(address: string): boolean {
    if (given.has(address) || hasActiveAddress(address)) return true;
    given.add(address);
    return false;
  }

  function tell(): void {
    if (isTold) return;
    isTold = true;
    findings.add(
      'inactive-without-email',
      { reference: null },
      'Rows of inactive people go out with a blank e-mail address (spendCloud.inactiveEmail), which Spend Cloud may refuse: look up one of them there, and mark this as seen once you found that the person is inactive',
    );
  }

  return {
    inRow: (row) => {
      const address = place < 0 ? '' : addressKey(row[place] ?? null);
      if (address === '' || inactiveEmail === 'keep') return row;
      if (inactiveEmail === 'blank-if-taken' && !isTaken(address)) return row;
      tell();
      return row.with(place, '');
    },
  };
}

function addressKey(email: string | null): string {
  return caseless(email ?? '').trim();
}
