import type { CatalogueEntries, CatalogueEntry } from '../domain/catalogue.ts';
import { isBlank, textProblem, type Fits } from '../domain/text.ts';
import { readTable } from './csv-table.ts';
import { tableFile, type Report } from './table-file.ts';

/** The static roles of `roles.catalogue`, by reference, in the order of the file; read again when the file changed. */
export interface Catalogue {
  /** Empty without a table; rejects with `broken-table` while the table cannot be used, naming each bad line. */
  entries(): Promise<CatalogueEntries>;
}

const columns = ['reference', 'unit', 'profile', 'name'] as const;

export function catalogueTable(path: string | null, fits: Fits): Catalogue {
  const read = tableFile(path, 'roles.catalogue', (text, report) => parseCatalogue(text, report, fits));
  return { entries: async () => read() ?? new Map<string, CatalogueEntry>() };
}

function parseCatalogue(text: string, report: Report, fits: Fits): CatalogueEntries {
  const found = new Map<string, CatalogueEntry>();
  const lineOf = new Map<string, number>();
  for (const { line, values } of readTable(text, columns, report)) {
    const problems = columns.flatMap((column) => problemOf(column, values[column], fits) ?? []);
    const first = lineOf.get(values.reference);
    if (first !== undefined && values.reference !== '') problems.push(`its reference stands on line ${first} already`);
    for (const problem of problems) report(line, problem);
    lineOf.set(values.reference, first ?? line);
    found.set(values.reference, { ...values, name: values.name || `${values.unit} - ${values.profile}` });
  }
  return found;
}

function problemOf(column: (typeof columns)[number], value: string, fits: Fits): string | undefined {
  if (isBlank(value)) return column === 'name' ? undefined : `${column} is empty`;
  const problem = textProblem(value, fits);
  return problem && `${column} ${problem}`;
}
