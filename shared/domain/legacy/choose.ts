import { caseless } from '../account.ts';
import { isPassive, rowOfNumber, winnerOf, type Claimant } from './deciding-row.ts';
import { noteOn, type LegacyNote, type NoteKind } from './notes.ts';
import type { Lists, RowOutcome } from './outcomes.ts';
import type { RowOutcomes, ReadRow } from './read-rows.ts';
import type { HelloIdList, KnownReference } from './references.ts';

/** What becomes of active people whom HelloID's complete list does not name; `ask`: as `keep`, and told until a person decides. */
export type UnknownPeople = 'ask' | 'disable' | 'keep';

/** The row that a person is taken over by. */
export interface Chosen {
  row: ReadRow;
  state: 'active' | 'passive' | 'disabled';
  /** What HelloID holds for the number. */
  entry: KnownReference | undefined;
}

type ChosenLists = Pick<Lists, 'grantedOnlyPassive' | 'unknownToHelloId' | 'sharedUsernames'>;

/**
 * Finds one row for each person: of the rows of one number, and then among the numbers that share a username. HelloID's list
 * decides where rows differ; the time of writing and `passief` say nothing there, and without the list a person is asked.
 */
export function choosePersons(
  rows: readonly ReadRow[],
  list: HelloIdList | null,
  unknown: UnknownPeople,
  notes: LegacyNote[],
  outcomes: RowOutcomes,
): { chosen: Chosen[]; lists: ChosenLists } {
  const entries = new Map(list?.references.map((entry) => [entry.externalId, entry]));
  const complete = list?.complete === true;
  const lists: ChosenLists = { grantedOnlyPassive: [], unknownToHelloId: [], sharedUsernames: [] };
  const settle = (row: ReadRow, outcome: RowOutcome, message?: string) => {
    outcomes.set(row.row, outcome);
    if (message && 'why' in outcome) notes.push(noteOn(row, outcome.why, message));
  };

  const chosen: Chosen[] = [];
  const claims = [...Map.groupBy(rows, ({ externalId }) => externalId)].flatMap(([number, ofNumber]) =>
    claimsOf(ofNumber, entries.get(number), complete, settle),
  );
  for (const group of Map.groupBy(claims, ({ row }) => caseless(row.username)).values()) {
    const [first] = group;
    const shared = group.some(({ row }) => row.externalId !== first?.row.externalId);
    if (first && shared) lists.sharedUsernames.push({ username: first.row.username, rows: byRow(group.map(sharing)) });
    const winner = shared ? winnerOf(group, complete) : first?.found;
    for (const claimant of group.filter(({ row, found }) => row === found)) {
      if (claimant.row === winner) chosen.push(...take(claimant, { complete, unknown, lists, settle }));
      else settleLoser(claimant.row, winner, settle);
    }
  }
  const { grantedOnlyPassive, unknownToHelloId, sharedUsernames } = lists;
  return {
    chosen,
    lists: {
      grantedOnlyPassive: byRow(grantedOnlyPassive),
      unknownToHelloId: byRow(unknownToHelloId),
      sharedUsernames: sharedUsernames.toSorted((a, b) => (a.rows[0]?.row ?? 0) - (b.rows[0]?.row ?? 0)),
    },
  };
}

function byRow<Row extends { row: number }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => a.row - b.row);
}

/** The usernames that a number claims: that of its row, or where a person must say which, those of all its rows. */
function claimsOf(
  rows: readonly ReadRow[],
  entry: KnownReference | undefined,
  complete: boolean,
  settle: Settle,
): Claimant[] {
  const found = rowOfNumber(rows, entry, complete);
  settleCopies(rows, found, settle);
  const onlyPassive = rows.every(isPassive);
  return (found ? [found] : rows).map((row) => ({ row, entry, found, onlyPassive }));
}

function sharing({ row, entry }: Claimant): Lists['sharedUsernames'][number]['rows'][number] {
  return { ...named(row), passive: isPassive(row), held: entry !== undefined };
}

type Settle = (row: ReadRow, outcome: RowOutcome, message?: string) => void;

function settleCopies(rows: readonly ReadRow[], found: ReadRow | undefined, settle: Settle): void {
  for (const row of rows) {
    if (!found)
      settle(row, ask('differing-rows'), 'is one of several rows of its number, which differ in username or passief');
    else if (row !== found && caseless(row.username) === caseless(found.username))
      settle(row, nothing('same-number'), `has the number and username of row ${found.row}, which was taken`);
    else if (row !== found)
      settle(row, nothing('other-username'), `has the number of row ${found.row}, which has [${found.username}]`);
  }
}

function settleLoser(row: ReadRow, winner: ReadRow | undefined, settle: Settle): void {
  if (winner)
    settle(row, nothing('username-elsewhere'), `has the username of row ${winner.row} (number ${winner.externalId})`);
  else settle(row, ask('same-username'), 'has a username that another number has too');
}

interface Taking {
  complete: boolean;
  unknown: UnknownPeople;
  lists: ChosenLists;
  settle: Settle;
}

function take({ row, entry, onlyPassive }: Claimant, { complete, unknown, lists, settle }: Taking): Chosen[] {
  if (entry) {
    if (onlyPassive) lists.grantedOnlyPassive.push(named(row));
    settle(row, { kind: 'taken-over', as: 'active' });
    return [{ row, entry, state: 'active' }];
  }
  if (isPassive(row)) {
    settle(row, { kind: 'taken-over', as: 'passive' });
    return [{ row, entry, state: 'passive' }];
  }
  const unclear = row.passief.kind === 'unclear';
  const disabled = complete && unknown === 'disable';
  if (unclear && !disabled) {
    settle(row, ask('other-passief'));
    return [];
  }
  if (complete) lists.unknownToHelloId.push(named(row));
  const as = disabled ? 'disabled' : 'active';
  settle(row, complete ? { kind: 'unknown-to-helloid', as } : { kind: 'taken-over', as: 'active' });
  return [{ row, entry, state: as }];
}

function named({ row, externalId, username }: ReadRow) {
  return { row, externalId, username };
}

function ask(why: NoteKind): RowOutcome {
  return { kind: 'ask', why };
}

function nothing(why: NoteKind): RowOutcome {
  return { kind: 'nothing-to-do', why };
}
