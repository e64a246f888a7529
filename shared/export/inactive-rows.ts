import type { DumpSource, LeaverRow, PersonRow } from '../domain/dump-row.ts';
import { inColumnsOfNow } from './columns-of-then.ts';
import { personCells } from './columns.ts';
import { compareText } from './compare-text.ts';
import { fitsEncodings, type FileFormat, type Row } from './file-format.ts';
import type { FindingList } from './findings.ts';
import { inactiveAddresses } from './inactive-email.ts';
import { termRule } from './inactive-terms.ts';
import { keyForm, keyOf, type Keys } from './keys.ts';
import { readManifest, readPair, type PersonRecords, type RowOwner } from './pair.ts';
import type { DumpOrder } from './write-dump.ts';

/** The row of somebody who is not active any more; it has no roles. */
export interface InactiveRow {
  owner: RowOwner;
  row: Row;
}

/** Gives the inactive rows that belong before the row of an active person, or (undefined) all that are left. */
export type InactiveBefore = (person: Keys | undefined) => Iterable<InactiveRow>;

/**
 * The rows of people whom Spend Cloud knew as active and who are not, in the order of the usernames: leavers with what is stored of them, and
 * from the pair delivered last everybody else who stands there and nowhere else: former keys, people taken out of `also.persons`, and people of a
 * baseline whom nobody here knows. One row per key, and none where an active person has it.
 */
export function inactiveRows(
  order: DumpOrder,
  source: DumpSource,
  also: readonly PersonRow[],
  findings: FindingList,
): InactiveBefore {
  if (order.leavers === 'absent') return () => [];
  const { personKey } = order;
  const formOf = (keys: Keys) => keyForm(keys, personKey);
  const alsoKeys = new Set(also.map(formOf));
  const isActive = (keys: Keys) => alsoKeys.has(formOf(keys)) || source.isActive(keys);
  const leavers = onePerKey(source.leavers(), formOf, isActive);
  const taken = new Set(leavers.keys());
  const addresses = inactiveAddresses(order, source, also, findings);
  const rows = leaverRows([...leavers.values()], order, addresses.inRow);
  const endsTerm = termRule(order);
  const erased = new Set(order.erased);
  const inOrder = [...leavers.values()].sort((a, b) => compareText(a.username, b.username)).values();
  const records = deliveredRecords(order);
  let leaver = inOrder.next();
  let record = records.next();

  function* before(person: Keys | undefined): Generator<InactiveRow> {
    const upTo = <Item extends Keys>(item: IteratorResult<Item, unknown>): Item | undefined =>
      !item.done && (!person || compareText(item.value.username, person.username) < 0) ? item.value : undefined;
    for (let one = upTo(leaver), other = upTo(record); one ?? other; one = upTo(leaver), other = upTo(record)) {
      const compared = one && other ? compareText(one.username, other.username) : one ? -1 : 1;
      if (compared <= 0) leaver = inOrder.next();
      if (compared >= 0) record = records.next();
      const found = one && compared <= 0 ? ofLeaver(one, compared === 0 ? other : undefined) : other && ofRecord(other);
      if (found) yield found;
    }
    // most rows delivered last are those of people who are active now
    while (person && !record.done && isSame(record.value, person)) record = records.next();
  }

  function isSame(some: Keys, other: Keys): boolean {
    return some.username === other.username && keyOf(some, personKey) === keyOf(other, personKey);
  }

  function ofLeaver(one: LeaverRow, delivered: DeliveredRecord | undefined): InactiveRow | undefined {
    const since = one.inactiveSince ?? order.now;
    const isClosed = one.closed === 1 || (delivered?.inactiveSince ?? null) !== null;
    if (endsTerm(since, isClosed, delivered !== undefined)) return undefined;
    const row = rows.get(one) ?? (delivered && addresses.inRow(inactiveRow(delivered)));
    if (!row) {
      const message =
        "A value holds a character that the files' encoding does not have; the row of a leaver is left out";
      findings.add('cannot-be-written', one, message);
      return undefined;
    }
    const { id: account, reference, username, externalId } = one;
    const whose = { account, reference, username, externalId };
    return { owner: { ...whose, isNew: !isClosed, accepted: false, inactiveSince: since, once: true }, row };
  }

  function ofRecord(delivered: DeliveredRecord): InactiveRow | undefined {
    const form = formOf(delivered);
    if (taken.has(form) || isActive(delivered)) return undefined;
    const { account, reference, username, externalId, inactiveSince } = delivered;
    if (account !== null && erased.has(account) && !source.isKnown(account)) return undefined;
    const isClosed = inactiveSince !== null;
    const since = inactiveSince ?? order.now;
    if (endsTerm(since, isClosed, true)) return undefined;
    taken.add(form);
    const whose = { account, reference, username, externalId };
    const owner = { ...whose, isNew: !isClosed, accepted: false, inactiveSince: since, once: true };
    return { owner, row: addresses.inRow(inactiveRow(delivered)) };
  }

  function inactiveRow({ row, format }: DeliveredRecord): Row {
    return inColumnsOfNow(row, format, order.persons, 'inactive');
  }

  return before;
}

/** Of several with one key who became inactive last; nobody whose key an active person has. */
function onePerKey(
  leavers: readonly LeaverRow[],
  formOf: (keys: Keys) => string,
  isActive: (keys: Keys) => boolean,
): Map<string, LeaverRow> {
  const found = new Map<string, LeaverRow>();
  for (const leaver of leavers) {
    const form = formOf(leaver);
    if (!found.has(form) && !isActive(leaver)) found.set(form, leaver);
  }
  return found;
}

/** The rows of leavers, who come in the order in which addresses are given; without those that the file's encoding cannot hold. */
function leaverRows(
  leavers: readonly LeaverRow[],
  { persons }: DumpOrder,
  withAddress: (row: Row) => Row,
): Map<LeaverRow, Row> {
  const cells = personCells(persons, 'inactive');
  const fits = fitsEncodings([persons.encoding]);
  const rows = new Map<LeaverRow, Row>();
  for (const leaver of leavers) {
    const row = cells(leaver);
    if (row.every((cell) => cell === null || fits(cell))) rows.set(leaver, withAddress(row));
  }
  return rows;
}

interface DeliveredRecord extends PersonRecords {
  /** Of the file it stands in. */
  format: FileFormat;
}

/** The persons of the pair delivered last and of those that may have arrived since, in one order. */
function* deliveredRecords({ deliveredPair, possiblePairs }: DumpOrder): Generator<DeliveredRecord> {
  const pairs = [...possiblePairs, ...(deliveredPair === null ? [] : [deliveredPair])].map((folder) => {
    const manifest = readManifest(folder);
    const records = readPair(folder, manifest);
    return { format: manifest.persons, records, next: records.next() };
  });
  for (;;) {
    const [first] = pairs
      .filter(({ next }) => !next.done)
      .sort((a, b) => compareText(usernameOf(a.next), usernameOf(b.next)));
    if (!first || first.next.done) return;
    yield { ...first.next.value, format: first.format };
    first.next = first.records.next();
  }
}

function usernameOf(next: IteratorResult<PersonRecords, unknown>): string {
  return next.done ? '' : next.value.username;
}
