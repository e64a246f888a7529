import type { UnknownPeople } from '../shared/domain/legacy/choose.ts';
import { inOrder } from '../shared/domain/legacy/notes.ts';
import { takeOver } from '../shared/domain/legacy/take-over.ts';
import type { Decider } from '../shared/domain/run.ts';
import { readOldConnector, type ListFile } from '../shared/legacy/look.ts';
import { importLegacy } from '../shared/lifecycle/import-legacy.ts';
import { withApp } from './decide.ts';
import { mustDecide, reportOf, sayImport } from './legacy-report.ts';
import { withProgress } from './progress.ts';

export interface ImportOptions extends ListFile {
  unknown: UnknownPeople;
  json: boolean;
}

/**
 * Takes over the people of the earlier connector, or with no decider only shows what it would do; reports row by row and as a
 * whole. Exit code 3 when a person must decide about somebody, in a dry run too.
 */
export async function importOld(path: string, { unknown, json, ...file }: ImportOptions, decider: Decider | null) {
  const before = readOldConnector(path, file);
  await withApp(async (app) => {
    const found = takeOver(before.old, { fits: app.rules.fits, list: before.list, unknown });
    const what = decider ? 'Taking over' : 'Looking at';
    const result = await withProgress(process.stderr, what, found.persons.length, (advance) =>
      importLegacy(app, found.persons, decider, advance),
    );
    const notes = inOrder([...found.notes, ...result.notes]);
    const report = reportOf({ dryRun: decider === null, unknown, before, found, result: { ...result, notes } });
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else sayImport(report);
    if (mustDecide(report)) process.exitCode = 3;
  });
}
