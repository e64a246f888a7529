import { takeOver } from '../shared/domain/legacy/take-over.ts';
import { inOrder, noteKinds, type LegacyNote, type NoteKind } from '../shared/domain/legacy/notes.ts';
import type { Decider } from '../shared/domain/run.ts';
import { readOldDatabase } from '../shared/legacy/old-database.ts';
import { importLegacy, type ImportResult } from '../shared/lifecycle/import-legacy.ts';
import { readReferences } from '../shared/tables/references.ts';
import { withApp } from './decide.ts';
import { withProgress } from './progress.ts';
import { printable, say } from './screen.ts';

// Enough to see what it is about; --json has them all.
const mostOnScreen = 20;

export interface ImportOptions {
  references?: string;
  json: boolean;
}

interface Report extends ImportResult {
  dryRun: boolean;
  found: { persons: number; roles: number };
}

/** Takes over the people of the earlier connector, or with no decider only shows what it would do; reports row by row and as a whole. */
export async function importOld(path: string, { references, json }: ImportOptions, decider: Decider | null) {
  const old = readOldDatabase(path);
  const known = references === undefined ? [] : readReferences(references);
  await withApp(async (app) => {
    const { persons, notes } = takeOver(old, known, app.rules.fits);
    const what = decider ? 'Taking over' : 'Looking at';
    const result = await withProgress(process.stderr, what, persons.length, (advance) =>
      importLegacy(app, persons, decider, advance),
    );
    const found = { persons: old.persons.length, roles: old.roles.length };
    print({ dryRun: decider === null, found, ...result, notes: inOrder([...notes, ...result.notes]) }, json);
  });
}

function print(report: Report, json: boolean): void {
  const { dryRun, found, imported, roles, importedBefore, notes } = report;
  const kinds = kindsOf(notes);
  if (json) {
    const summary = Object.fromEntries(
      [...kinds].map(([kind, { length }]) => [kind, { count: length, ...noteKinds[kind] }]),
    );
    return void process.stdout.write(`${JSON.stringify({ ...report, summary })}\n`);
  }
  say(`The old database holds ${found.persons} row(s) of persons and ${found.roles} of roles.`);
  say(`${dryRun ? 'Would take over' : 'Took over'} ${imported} person(s) with ${roles} role(s), all enabled.`);
  if (importedBefore > 0) say(`${importedBefore} person(s) are here from an earlier import; they stay as they are.`);
  for (const [kind, ofKind] of kinds) {
    const { leftOut, advice } = noteKinds[kind];
    say('', `${kind}: ${ofKind.length} row(s)${leftOut ? ', not taken over' : ''}. ${advice}.`);
    for (const note of ofKind.slice(0, mostOnScreen)) say(`  ${line(note)}`);
    if (ofKind.length > mostOnScreen) say(`  and ${ofKind.length - mostOnScreen} more: --json shows them all`);
  }
  if (dryRun) say('', 'Nothing was written.');
}

function kindsOf(notes: readonly LegacyNote[]): Map<NoteKind, LegacyNote[]> {
  const found = Map.groupBy(notes, ({ kind }) => kind);
  const order = Object.keys(noteKinds) as NoteKind[];
  return new Map(order.flatMap((kind) => (found.has(kind) ? [[kind, found.get(kind) ?? []]] : [])));
}

function line({ table, row, externalId, username, message }: LegacyNote): string {
  const who = [externalId && `number ${externalId}`, username && `username ${username}`].filter(Boolean).join(', ');
  const told = `${table} ${table === 'references' ? 'line' : 'row'} ${row}${who && ` (${who})`}: ${message}`;
  return printable(told);
}
