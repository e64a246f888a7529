import type { UnknownPeople } from '../shared/domain/legacy/choose.ts';
import { noteKinds, type LegacyNote, type NoteKind } from '../shared/domain/legacy/notes.ts';
import { afterImport, type Lists, type Named, type Outcomes } from '../shared/domain/legacy/outcomes.ts';
import { countPassief } from '../shared/domain/legacy/passief.ts';
import type { Recognised } from '../shared/domain/legacy/release.ts';
import type { TakeOver } from '../shared/domain/legacy/take-over.ts';
import type { OldConnector } from '../shared/legacy/look.ts';
import type { ImportResult } from '../shared/lifecycle/import-legacy.ts';
import { printable, say } from './screen.ts';

// Enough to see what it is about; --json has them all.
const mostOnScreen = 20;

export interface ImportReport extends ImportResult {
  dryRun: boolean;
  found: { persons: number; roles: number };
  recognised: Recognised;
  /** Rows by what column `passief` says; null where there is no such column. */
  passief: { active: number; passive: number; other: number } | null;
  list: 'complete' | 'partial' | 'missing';
  unknown: UnknownPeople;
  outcomes: Pick<Outcomes, 'rows' | 'references'>;
  lists: Lists;
  asks: Named[];
  summary: Partial<Record<NoteKind, { count: number; leftOut: boolean; advice: string }>>;
}

interface Parts {
  dryRun: boolean;
  unknown: UnknownPeople;
  before: OldConnector;
  found: TakeOver;
  result: ImportResult;
}

/** All that a take-over tells, for the screen and for --json. */
export function reportOf({ dryRun, unknown, before, found, result }: Parts): ImportReport {
  const { old, recognised, list } = before;
  const { asks, ...outcomes } = afterImport(found, result.notes);
  const kinds = [...kindsOf(result.notes)].map(([kind, { length }]) => [kind, { count: length, ...noteKinds[kind] }]);
  return {
    dryRun,
    found: { persons: old.persons.length, roles: old.roles.length },
    recognised,
    passief: old.hasPassief ? countPassief(old.persons) : null,
    list: list ? (list.complete ? 'complete' : 'partial') : 'missing',
    unknown,
    ...result,
    outcomes,
    lists: found.lists,
    asks,
    summary: Object.fromEntries(kinds) as ImportReport['summary'],
  };
}

/** Whether somebody was left out, or taken over although HelloID does not hold them, and nobody said that this is right. */
export function mustDecide({ asks, lists, unknown }: ImportReport): boolean {
  return asks.length > 0 || (unknown === 'ask' && lists.unknownToHelloId.length > 0);
}

export function sayImport(report: ImportReport): void {
  const { dryRun, found, recognised, imported, of, roles, importedBefore, corrected, notes } = report;
  say(`The old database holds ${found.persons} row(s) of persons and ${found.roles} of roles.`);
  say(`It was written by ${releaseText(recognised)}:`, ...recognised.signs.map(({ message }) => `  ${message}`));
  say(passiefText(report), listText(report));
  const states = `${of.active} active, ${of.disabled} disabled, ${of.passive} passive`;
  say(`${dryRun ? 'Would take over' : 'Took over'} ${imported} person(s) with ${roles} role(s): ${states}.`);
  if (importedBefore > 0) say(`${importedBefore} person(s) are here from an earlier import; they stay as they are.`);
  if (corrected > 0)
    say(`${corrected} person(s) of an earlier import ${dryRun ? 'would be' : 'were'} brought to what is decided now.`);
  sayLists(report);
  for (const [kind, ofKind] of kindsOf(notes)) {
    const { leftOut, advice } = noteKinds[kind];
    sayNames(`${kind}: ${ofKind.length} row(s)${leftOut ? ', not taken over' : ''}. ${advice}.`, ofKind.map(noteLine));
  }
  sayOutcomes(report);
  if (dryRun) say('', 'Nothing was written.');
  if (mustDecide(report)) say('', 'A person must decide: see what is named above (exit code 3).');
}

function sayLists({ lists, asks, unknown }: ImportReport): void {
  const rows = (named: readonly Named[]) => named.map((one) => `persons row ${one.row} (${who(one)})`);
  sayNames(
    `LEFT OUT until you decide: ${asks.length}. The first delivery would deactivate them; the kinds below say what to do.`,
    rows(asks),
  );
  sayNames(
    `Granted in HelloID, with passive rows only: ${lists.grantedOnlyPassive.length}. They are locked out of Spend Cloud today, and come over as active because HelloID's list decides.`,
    rows(lists.grantedOnlyPassive),
  );
  sayNames(
    `Active here and unknown to HelloID: ${lists.unknownToHelloId.length}. ${unknownTexts[unknown]}`,
    rows(lists.unknownToHelloId),
  );
  sayNames(
    `One username in rows of several numbers: ${lists.sharedUsernames.length}. If HelloID holds several of these numbers, they may have one reference: unmanage them there, because revoking one would delete the other.`,
    lists.sharedUsernames.map(({ username, rows: sharing }) => {
      const each = sharing.map(
        ({ row, externalId, passive, held }) =>
          `row ${row} number ${externalId ?? ''}, ${passive ? 'passive' : 'active'}${held ? ', held by HelloID' : ''}`,
      );
      return `username ${username}: ${each.join('; ')}`;
    }),
  );
  sayNames(
    `Granted in HelloID, with no row at all: ${lists.grantedWithoutRow.length}. HelloID believes they have an account: unmanage each and enforce again.`,
    lists.grantedWithoutRow.map(
      ({ line, externalId, reference, orphanRoles }) =>
        `references line ${line} (number ${externalId}, reference ${reference}): ${orphanRoles} role(s) under it`,
    ),
  );
}

const unknownTexts: Record<UnknownPeople, string> = {
  ask: 'They come over as active until you decide: --unknown disable takes them over without access, --unknown keep says that they are right.',
  disable: 'They come over disabled.',
  keep: 'They come over as active, as you said.',
};

function sayOutcomes({ outcomes }: ImportReport): void {
  const counts = (results: readonly { outcome: { kind: string } }[]) =>
    [...Map.groupBy(results, ({ outcome }) => outcome.kind)]
      .map(([kind, { length }]) => `${kind} ${length}`)
      .toSorted()
      .join(', ');
  say('', `What becomes of the rows of persons: ${counts(outcomes.rows) || 'none'}.`);
  if (outcomes.references.length > 0) say(`What becomes of HelloID's references: ${counts(outcomes.references)}.`);
}

export function releaseText({ release, releases }: Recognised): string {
  if (release === 'mixed') return `several releases of the earlier connector (${releases.join(' and ')})`;
  return release === 'before-2.0.5' ? 'a release before 2.0.5' : `release ${release} of the earlier connector`;
}

function passiefText({ passief }: ImportReport): string {
  if (!passief) return 'There is no column passief: it does not say who left, and 2.0.3 left the rows of leavers.';
  const other = passief.other > 0 ? `, another text in ${passief.other} (asked about)` : '';
  return `passief is empty in ${passief.active} row(s) (active), Ja in ${passief.passive} (taken over as deleted; a return revives them)${other}. Where HelloID's list is given, it decides.`;
}

function listText({ list }: ImportReport): string {
  if (list === 'complete') return "HelloID's list is complete: it decides who is active.";
  const missing = list === 'missing' ? 'is missing' : 'is only partial';
  return `HelloID's list ${missing}: passief = Ja does not prove that somebody left, nor an empty field that somebody is employed. Export the account references of this target system from HelloID (its report on accounts, correlations or entitlements; check which one your version has) with the columns externalId and reference, and give it with --references.`;
}

function sayNames(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  say('', title);
  for (const line of lines.slice(0, mostOnScreen)) say(`  ${printable(line)}`);
  if (lines.length > mostOnScreen) say(`  and ${lines.length - mostOnScreen} more: --json shows them all`);
}

function kindsOf(notes: readonly LegacyNote[]): Map<NoteKind, LegacyNote[]> {
  const found = Map.groupBy(notes, ({ kind }) => kind);
  const order = Object.keys(noteKinds) as NoteKind[];
  return new Map(order.flatMap((kind) => (found.has(kind) ? [[kind, found.get(kind) ?? []]] : [])));
}

function noteLine(note: LegacyNote): string {
  const { table, row, message } = note;
  const whom = who(note);
  return `${table} ${table === 'references' ? 'line' : 'row'} ${row}${whom && ` (${whom})`}: ${message}`;
}

function who({ externalId, username }: Omit<Named, 'row'>): string {
  return [externalId && `number ${externalId}`, username && `username ${username}`].filter(Boolean).join(', ');
}
