import { mostListed, type Affected, type AffectedPerson, type Comparison, type Effect } from '../domain/effect.ts';
import { compareText } from './compare-text.ts';
import { cellsOf } from './csv-records.ts';
import { lossTally } from './losses.ts';
import { keyForm, keyOf } from './keys.ts';
import {
  activeRows,
  isBaseline,
  readManifest,
  readPair,
  type Manifest,
  type PersonKey,
  type PersonRecords,
} from './pair.ts';

/**
 * Compares a rendered pair with the one delivered last, by Spend Cloud's own rules. Both are read side by side in the order of the
 * usernames, so time is linear in the rows and memory grows only with the persons whose username is in one of them. `wasKnown` says of
 * somebody who got into the files once whether that was before the other pair.
 */
export function comparePairs(
  newFolder: string,
  oldFolder: string | null,
  wasKnown: (person: PersonRecords) => boolean = ({ once }) => once,
): Comparison {
  const after = readManifest(newFolder);
  const before = oldFolder === null ? null : readManifest(oldFolder);
  const tally = newTally(after, before, oldFolder !== null && isBaseline(oldFolder));
  const sides = walk(readPair(newFolder, after), oldFolder && before ? readPair(oldFolder, before) : [].values());
  const open = { joined: [], left: [], closed: [], gone: [] } as Open;
  for (const { now, then } of sides) {
    if (then && isActive(then)) tally.stood(then);
    const isSame = now && then && keyOf(now, after.personKey) === keyOf(then, after.personKey);
    if (isSame && isActive(now) && isActive(then)) tally.same(now, then);
    else if (now && !before) {
      if (isActive(now)) tally.added(now); // nothing to be paired up with: nobody is kept in memory
    } else {
      if (now) (isActive(now) ? open.joined : open.closed).push(now);
      if (then) (isActive(then) ? open.left : open.gone).push(then);
    }
  }
  pairUp(open, { personKey: after.personKey, wasKnown }, tally);
  return tally.result(before);
}

/** Rows that are not of the same person at the same place in both files. An inactive row is an absent person. */
interface Open {
  /** Active now. */
  joined: PersonRecords[];
  /** Active then. */
  left: PersonRecords[];
  /** Inactive now. */
  closed: PersonRecords[];
  /** Inactive then. */
  gone: PersonRecords[];
}

function isActive({ inactiveSince }: PersonRecords): boolean {
  return inactiveSince === null;
}

/** Those found under another username: the same key is the same employee, the same account under another key a renamed one. */
function pairUp(
  { joined, left, closed, gone }: Open,
  { personKey, wasKnown }: { personKey: PersonKey; wasKnown: (person: PersonRecords) => boolean },
  tally: Tally,
): void {
  const goneKeys = new Set(gone.map((then) => keyForm(then, personKey)));
  const goneAccounts = new Set(gone.map(({ account }) => account).filter((account) => account !== null));
  const wasThere = (now: PersonRecords) =>
    goneKeys.has(keyForm(now, personKey)) ||
    (now.account !== null && goneAccounts.has(now.account)) ||
    (now.once && wasKnown(now));
  const present = new Set([...closed, ...joined].map((now) => keyForm(now, personKey)));
  const byKey = new Map(left.map((then) => [keyOf(then, personKey), then]));
  const byAccount = new Map(left.flatMap((then) => (then.account === null ? [] : [[then.account, then] as const])));
  const found = new Set<PersonRecords>();
  const isFree = (then: PersonRecords | undefined): then is PersonRecords => then !== undefined && !found.has(then);
  const others: PersonRecords[] = [];
  for (const now of joined) {
    const then = byKey.get(keyOf(now, personKey));
    if (!isFree(then)) others.push(now);
    else {
      found.add(then);
      tally.same(now, then);
    }
  }
  for (const now of others) {
    const then = now.account === null ? undefined : byAccount.get(now.account);
    if (isFree(then)) {
      found.add(then);
      tally.renamed(now, then);
    } else if (wasThere(now)) tally.reactivated(now);
    else tally.added(now);
  }
  for (const then of left) {
    if (found.has(then)) continue;
    tally.deactivated(then);
    if (!present.has(keyForm(then, personKey))) tally.missing(then);
  }
}

interface Tally {
  /** Active in the pair that is compared with, whatever became of the person. */
  stood(then: PersonRecords): void;
  same(now: PersonRecords, then: PersonRecords): void;
  renamed(now: PersonRecords, then: PersonRecords): void;
  added(now: PersonRecords): void;
  reactivated(now: PersonRecords): void;
  deactivated(then: PersonRecords): void;
  /** Deactivated, and without a row that says so. */
  missing(then: PersonRecords): void;
  result(before: Manifest | null): Comparison;
}

function newTally(after: Manifest, before: Manifest | null, wasGiven: boolean): Tally {
  const { personKey } = after;
  const effect: Effect = {
    persons: { total: activeRows(after), added: 0, reactivated: 0, deactivated: 0, changed: 0, renamed: 0 },
    roles: { total: after.files[1].rows, added: 0, removed: 0 },
  };
  const who: Affected = {
    ...{ added: [], reactivated: [], deactivated: [], changed: [], renamed: [] },
    ...{ rolesAdded: [], rolesRemoved: [] },
  };
  const missing: AffectedPerson[] = [];
  const losses = lossTally((before ?? after).roles, wasGiven);
  let acceptedRenames = 0;

  const person = (records: PersonRecords): AffectedPerson => ({
    reference: records.reference,
    key: keyOf(records, personKey),
  });
  const list = <T>(items: T[], make: () => T) => {
    if (items.length < mostListed) items.push(make());
  };

  function rolesAdded(now: PersonRecords, rows: readonly string[]): void {
    effect.roles.added += rows.length;
    for (const row of rows) list(who.rolesAdded, () => ({ ...person(now), role: named(row, after.roles) }));
  }

  function rolesRemoved(then: PersonRecords, rows: readonly string[]): void {
    effect.roles.removed += rows.length;
    for (const row of rows)
      list(who.rolesRemoved, () => ({ ...person(then), role: named(row, (before ?? after).roles) }));
  }

  const otherColumns =
    before !== null && JSON.stringify(before.persons.columns) !== JSON.stringify(after.persons.columns);
  const changesOf = (now: PersonRecords, then: PersonRecords) =>
    changes(named(then.row, (before ?? after).persons), named(now.row, after.persons));

  return {
    stood: losses.stood,
    same: (now, then) => {
      // under other columns every row reads otherwise, and who has the same values is not changed by that
      if (now.row !== then.row && (!otherColumns || changesOf(now, then).length > 0)) {
        effect.persons.changed += 1;
        list(who.changed, () => ({ ...person(now), changes: changesOf(now, then) }));
      }
      if (sameList(now.roles, then.roles)) return;
      const removed = missingFrom(now.roles, then.roles);
      losses.stayed(now, then, removed.length);
      rolesAdded(now, missingFrom(then.roles, now.roles));
      rolesRemoved(then, removed);
    },
    renamed: (now, then) => {
      effect.persons.renamed += 1;
      if (now.accepted) acceptedRenames += 1;
      list(who.renamed, () => ({
        reference: now.reference,
        before: keyOf(then, personKey),
        after: keyOf(now, personKey),
      }));
      const [ofNow, ofThen] = [withoutPerson(now.roles, after), withoutPerson(then.roles, before ?? after)];
      const removed = then.roles.filter((_, index) => !ofNow.includes(ofThen[index] ?? ''));
      losses.stayed(now, then, removed.length);
      rolesAdded(
        now,
        now.roles.filter((_, index) => !ofThen.includes(ofNow[index] ?? '')),
      );
      rolesRemoved(then, removed);
    },
    added: (now) => {
      effect.persons.added += 1;
      list(who.added, () => person(now));
      rolesAdded(now, now.roles);
    },
    reactivated: (now) => {
      effect.persons.reactivated += 1;
      list(who.reactivated, () => person(now));
      rolesAdded(now, now.roles);
    },
    deactivated: (then) => {
      effect.persons.deactivated += 1;
      list(who.deactivated, () => person(then));
      losses.left(then);
      rolesRemoved(then, then.roles);
    },
    missing: (then) => list(missing, () => person(then)),
    result: (old) => ({
      effect,
      who,
      base: old && { persons: activeRows(old), roles: old.files[1].rows },
      acceptedRenames,
      missing,
      losses: losses.result(),
    }),
  };
}

/** Walks two lists that are in the order of the usernames, side by side. */
function* walk(
  after: Iterator<PersonRecords>,
  before: Iterator<PersonRecords>,
): Generator<{ now?: PersonRecords; then?: PersonRecords }> {
  let now = after.next();
  let then = before.next();
  while (!now.done || !then.done) {
    const order = now.done ? 1 : then.done ? -1 : compareText(now.value.username, then.value.username);
    yield { ...(order <= 0 && !now.done && { now: now.value }), ...(order >= 0 && !then.done && { then: then.value }) };
    if (order <= 0) now = after.next();
    if (order >= 0) then = before.next();
  }
}

function named(record: string, format: Manifest['persons']): Record<string, string> {
  const cells = cellsOf(record, format);
  return Object.fromEntries(format.columns.map(({ header }, index) => [header, cells[index] ?? '']));
}

function changes(before: Record<string, string>, after: Record<string, string>) {
  const columns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return columns
    .map((column) => ({ column, before: before[column] ?? '', after: after[column] ?? '' }))
    .filter((change) => change.before !== change.after);
}

/** Role rows without what only says whose they are. */
function withoutPerson(rows: readonly string[], { roles }: Manifest): string[] {
  const own = roles.columns.map(({ field }) => field !== 'gebruikersnaam' && field !== 'externalId');
  return rows.map((row) => JSON.stringify(cellsOf(row, roles).filter((_, index) => own[index])));
}

function missingFrom(list: readonly string[], rows: readonly string[]): string[] {
  const known = new Set(list);
  return rows.filter((row) => !known.has(row));
}

function sameList(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((row, index) => row === others[index]);
}
