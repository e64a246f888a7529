import type { Config } from '../shared/config.ts';
import type { Leavers } from '../shared/domain/columns.ts';
import type { Recognised } from '../shared/domain/legacy/release.ts';
import type { FileFormat } from '../shared/export/file-format.ts';
import type { Adoption, AdoptOrder, Work } from '../shared/takeover/adopt.ts';
import { causeText, type Cause } from '../shared/takeover/causes.ts';
import type { GivenFile } from '../shared/takeover/given-file.ts';
import type { Difference, Proof } from '../shared/takeover/proof.ts';
import type { SettingDifference } from '../shared/takeover/wanted-settings.ts';
import type { WrittenSettings } from '../shared/takeover/write-settings.ts';
import { mustDecide, reportOf, type ImportReport } from './legacy-report.ts';

type FileReport = Pick<FileFormat, 'fileName' | 'columns'> & GivenFile['layout'] & { rows: number };

/** All that `adopt` tells, for the screen and for --json. */
export interface AdoptReport {
  state: Adoption['kind'];
  dryRun: boolean;
  dataDir: string;
  recognised: Recognised;
  files: { persons: FileReport; roles: FileReport | null };
  /** Null until a person answered. */
  leavers: Leavers | null;
  /** Settings in force that are not those of the given files. */
  settings: SettingDifference[];
  written: WrittenSettings | null;
  /** Why nothing was taken over. */
  refused: string[];
  import: ImportReport | null;
  baseline: { persons: number; roles: number; known: number } | null;
  proof: (Omit<Proof, 'differences'> & { differences: (Difference & { reason: string })[] }) | null;
  /** How many differences each cause has. */
  causes: { cause: Cause; count: number; reason: string }[];
  /** What becomes of the first delivery as things are. */
  firstDelivery: { becomes: Work['becomes']; reasons: string[] } | null;
  /** Whom to look up in Spend Cloud, which shows whether it reads the column that says who left. */
  lookUp: { field: number; header: string; people: string[] } | null;
}

const mostToLookUp = 3;

export function adoptReport(adoption: Adoption, { unknown, decider }: AdoptOrder, { dataDir }: Config): AdoptReport {
  const { kind, before, given, columns, answer } = adoption;
  const work = 'work' in adoption ? adoption.work : undefined;
  const differences = work?.proof.differences ?? [];
  const causes = [...Map.groupBy(differences, ({ cause }) => cause)].map(([cause, { length }]) => ({
    ...{ cause, count: length, reason: causeText(cause) },
  }));
  return {
    ...{ state: kind, dryRun: decider === null, dataDir, recognised: before.recognised },
    files: {
      persons: fileReport(given.persons, columns.persons),
      roles: given.roles && fileReport(given.roles, columns.roles),
    },
    leavers: answer.kind === 'known' ? answer.leavers : null,
    settings: 'settings' in adoption ? (adoption.settings ?? []) : [],
    written: kind === 'adopted' ? adoption.written : null,
    refused: kind === 'refused' ? adoption.why : [],
    import: work
      ? reportOf({
          ...{ dryRun: decider === null, unknown, before, found: work.found },
          result: { ...work.result, notes: [...work.found.notes, ...work.result.notes] },
        })
      : null,
    baseline: work ? { ...work.baseline.read, known: work.baseline.known } : null,
    proof: work
      ? { ...work.proof, differences: differences.map((one) => ({ ...one, reason: causeText(one.cause) })) }
      : null,
    causes: causes.toSorted((a, b) => b.count - a.count),
    firstDelivery: work ? { becomes: work.becomes, reasons: work.reasons } : null,
    lookUp: work ? lookUpOf(columns.persons, work.inactive) : null,
  };
}

/** Whether a person has to look before this can be called done. */
export function mustDecideYet({ state, import: imported }: AdoptReport): boolean {
  return !['adopted', 'rehearsed'].includes(state) || (imported !== null && mustDecide(imported));
}

function fileReport({ fileName, layout, rows }: GivenFile, columns: FileFormat['columns']): FileReport {
  return { fileName, ...layout, rows: rows.length, columns };
}

function lookUpOf(columns: FileFormat['columns'], people: readonly string[]): AdoptReport['lookUp'] {
  const place = columns.findIndex(({ status }) => status !== undefined);
  if (place < 0 || people.length === 0) return null;
  return { field: place + 1, header: columns[place]?.header ?? '', people: people.slice(0, mostToLookUp) };
}
